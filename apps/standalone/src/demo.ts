import type { CommunityId } from '@lyceum/contracts';
import { createDemoAccounts } from '@lyceum/identity/app';
import type { Deps } from '@lyceum/platform';
import { z } from 'zod';
import { filesOf, readJson, writeJson } from './data-directory';
import type { Standalone } from './start-standalone';

/** Imports the demo community into the subgraphs, with progress shown; goes on where it was interrupted. */
export type ImportDemo = (deps: ReadonlyMap<string, Deps>) => Promise<DemoCommunity>;

export interface DemoCommunity {
  readonly id: CommunityId;
  readonly slug: string;
}

const demoState = z.object({
  state: z.enum(['importing', 'done']),
  slug: z.string().optional(),
});
type DemoState = z.infer<typeof demoState>;

/** Fills an installation that is empty, or whose filling was interrupted. */
export const importDemoOnce = async (
  { deps }: Standalone,
  { dataDir, importDemo }: { dataDir: string; importDemo: ImportDemo },
): Promise<void> => {
  const { demo: file } = filesOf(dataDir);
  const identity = deps.get('identity');
  if (identity === undefined) throw new Error('there is no identity');
  const known = await readDemo(dataDir);
  if (known?.state === 'done') return;
  if (known === null && (await hasCommunities(identity))) return;

  await writeJson(file, { state: 'importing' } satisfies DemoState);
  const { id, slug } = await importDemo(deps);
  await createDemoAccounts(identity, { communityId: id });
  await writeJson(file, { state: 'done', slug } satisfies DemoState);
};

/** The demo community of this installation, or `null`. */
export const readDemo = async (dataDir: string): Promise<DemoState | null> => {
  const state = demoState.safeParse(await readJson(filesOf(dataDir).demo));
  return state.success ? state.data : null;
};

const hasCommunities = async ({ dataSource }: Deps): Promise<boolean> => {
  const rows = await dataSource.query<unknown[]>('SELECT FROM community LIMIT 1');
  return rows.length > 0;
};
