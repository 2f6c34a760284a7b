import 'reflect-metadata';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { composeSupergraph } from '@lyceum/gateway/compose';
import { breakingChanges } from './breaking-changes';
import { eventsPage } from './events-page';
import { subgraphSdls } from './subgraph-sdl';

const root = join(__dirname, '..', '..', '..');
const supergraphFile = 'apps/gateway/supergraph.graphql';

/** Every file that is generated from code, with the text it should have. */
const generate = (): ReadonlyMap<string, string> => {
  const subgraphs = subgraphSdls();
  const composed = composeSupergraph(subgraphs);
  if ('errors' in composed) {
    throw new Error(
      `The subgraphs do not compose:\n${composed.errors.map((line) => `  ${line}`).join('\n')}`,
    );
  }
  return new Map([
    ...subgraphs.map(
      ({ name, sdl }) => [`apps/${name}/schema.graphql`, `${sdl.trim()}\n`] as const,
    ),
    [supergraphFile, `${composed.supergraphSdl.trim()}\n`],
    ['docs/events.md', eventsPage()],
  ]);
};

const read = (file: string): string =>
  existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';

const main = (): number => {
  const { values } = parseArgs({
    options: { check: { type: 'boolean', default: false }, adr: { type: 'string' } },
  });
  const files = generate();
  const stale = [...files].filter(([file, text]) => read(file) !== text).map(([file]) => file);
  if (values.check) {
    if (stale.length === 0) return 0;
    process.stderr.write(
      `Generated files are stale; run "npm run schema":\n${stale.map((file) => `  ${file}\n`).join('')}`,
    );
    return 1;
  }
  const broken = breakingChanges(read(supergraphFile), files.get(supergraphFile) ?? '');
  if (broken.length > 0 && !isAdr(values.adr)) {
    process.stderr.write(
      `This breaks clients:\n${broken.map((change) => `  ${change}\n`).join('')}`,
    );
    process.stderr.write(
      'Deprecate first, or name the decision: npm run schema -- --adr docs/adr/NNNN-title.md\n',
    );
    return 1;
  }
  for (const [file, text] of files) writeFileSync(join(root, file), text);
  process.stdout.write(
    stale.length === 0 ? 'Nothing changed.\n' : stale.map((file) => `wrote ${file}\n`).join(''),
  );
  return 0;
};

const isAdr = (file: string | undefined): boolean =>
  file !== undefined && /^docs\/adr\/\d{4}-[\w-]+\.md$/.test(file) && existsSync(join(root, file));

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
