// `node -C @lyceum/source -r …/typescript.cjs script.ts`: runs sources in a process of their own, as tests need it.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const root = join(__dirname, '../../../..');
const settings = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
delete settings.$schema;

require.extensions['.ts'] = (module, filename) => {
  const source = readFileSync(filename, 'utf8');
  const { code } = transformSync(source, {
    ...settings,
    filename,
    swcrc: false,
    sourceMaps: 'inline',
  });
  module._compile(code, filename);
};
require('reflect-metadata');
