import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renewPage, unknownLicences } from './licences-page';
import { runtimePackages, type LockFile } from './runtime-packages';

const root = join(__dirname, '..', '..', '..', '..');
const pageFile = join(root, 'docs', 'licences.md');

/** Renews docs/licences.md from package-lock.json; with `--check` it only says whether that is needed. */
const main = (): number => {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  // npm's own file, in its documented form
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const packages = runtimePackages(lock);
  const unknown = unknownLicences(packages);
  if (unknown.length > 0) {
    const lines = unknown.map(
      ({ name, version, licence, path }) =>
        `  ${name} ${version}: ${licence} (${path.join(' → ')})\n`,
    );
    return complain(
      `Licences that docs/licences.md does not explain:\n${lines.join('')}` +
        'Read them, explain them there, and add them to tools/docs/src/licences/licence.ts.\n',
    );
  }
  const page = readFileSync(pageFile, 'utf8');
  const renewed = renewPage(page, packages);
  if (page === renewed) return 0;
  if (values.check) return complain('docs/licences.md is stale; run "npm run licences".\n');
  writeFileSync(pageFile, renewed);
  process.stdout.write('wrote docs/licences.md\n');
  return 0;
};

const complain = (text: string): number => {
  process.stderr.write(text);
  return 1;
};

process.exitCode = main();
