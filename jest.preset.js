// One Jest configuration for every project: SWC turns TypeScript into CommonJS;
// workspace packages resolve to their sources.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { $schema: _schema, ...swc } = JSON.parse(readFileSync(join(__dirname, '.swcrc'), 'utf8'));

/** What `npm run build` writes; told by the project's layout, since a checkout may lie under any path. */
const built = '/(apps|libs|tools)/[^/]+/dist/';

/** Packages that have no CommonJS: Node requires them as they are, Jest needs them turned. */
const esmOnly = ['oauth4webapi'];

module.exports = {
  testEnvironment: 'node',
  testEnvironmentOptions: {
    customExportConditions: ['@lyceum/source', 'node', 'require', 'default'],
  },
  testMatch: ['**/src/**/*.test.ts'],
  transform: { '^.+\\.(ts|js|mjs)$': ['@swc/jest', { ...swc, swcrc: false }] },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`, built],
  modulePathIgnorePatterns: [built],
  setupFiles: [require.resolve('reflect-metadata')],
  testTimeout: 30_000,
};
