import { join } from 'node:path';
import type { CommunityId } from '@lyceum/contracts';
import type { Deps } from '@lyceum/platform';
import { checkWithProgress, importDump } from '../import-command';
import { terminalProgress, type Progress } from '../progress';
import { SourceIds } from '../stackexchange/source-ids';

/** The community that ships with the program: real questions of real people, see its README for whose. */
export const demo = {
  slug: 'ai',
  name: 'Artificial Intelligence',
  folder: join(__dirname, '../../demo/ai'),
} as const;

/** Imports the demo community into running subgraphs; goes on where it was interrupted. */
export const importDemo = async (
  deps: ReadonlyMap<string, Pick<Deps, 'dataSource'>>,
  progress: Progress = terminalProgress(),
): Promise<{ id: CommunityId; slug: string }> => {
  const sourceOf = (name: string) => {
    const found = deps.get(name);
    if (found === undefined) throw new Error(`the demo needs the subgraph ${name}`);
    return found.dataSource;
  };
  const { slug, name, folder } = demo;
  const dump = await checkWithProgress(folder, progress);
  const databases = {
    identity: sourceOf('identity'),
    content: sourceOf('content'),
    reputation: sourceOf('reputation'),
  };
  await importDump(databases, { slug, name, isWaiting: true }, { progress, dump });
  return { id: new SourceIds(slug).community, slug };
};
