import { importedId } from '@lyceum/contracts';
import { migrate, openDatabase, serviceContext, silentLog, type Deps } from '@lyceum/platform';
import type { EmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import * as reputation from '@lyceum/reputation/app';
import { graphql, type GraphQLSchema } from 'graphql';
import type { DataSource } from 'typeorm';
import { absolute, quantile, type Figure } from '../figures';

const members = 1_000_000;
const asked = 400;

/** Few have much and most have little, as everywhere, so that a hundred thousand share a rank; and the opposite. */
const shapes = {
  a: {
    says: 'most with equals',
    total: '(200000 / (1 + i % 99991))::int + CASE WHEN i % 3 = 0 THEN i % 50 ELSE 0 END',
  },
  b: { says: 'all different', total: '(i::bigint * 7919777 % 1000003)::int' },
} as const;
type Shape = keyof typeof shapes;

const selection = `... on Member { rank leaderboardNeighbours(count: 5) { rank points member { id } } }`;

/** Exact rank and the five places above and below, of members anywhere on boards of a million. */
export const runBoardsBench = async (postgres: EmbeddedPostgres): Promise<readonly Figure[]> => {
  await postgres.ensureDatabase('boards');
  const dataSource = await openDatabase({
    ...reputation.database,
    url: postgres.url('boards'),
    poolSize: 4,
  });
  try {
    await migrate(dataSource);
    for (const prefix of Object.keys(shapes)) await fill(dataSource, prefix as Shape);
    await dataSource.query('VACUUM ANALYZE member_standing, board_total, board_block');
    const deps = {
      ...{ app: 'reputation', dataSource, log: silentLog(), now: () => new Date() },
      signals: { publish: () => undefined },
    } as unknown as Deps; // boards are read: nothing is queued, signalled or asked elsewhere
    const { schema } = reputation.createApp(deps);
    const figures: Figure[] = [];
    for (const [prefix, { says }] of Object.entries(shapes)) {
      const times: number[] = [];
      for (let n = 0; n < asked; n += 1) times.push(await ask({ schema, deps }, prefix, n));
      const name = `exact rank and ±5 neighbours at 1 M members, ${says}, p95`;
      const p95 = quantile(times.slice(20), 0.95);
      figures.push(absolute({ name, unit: 'ms', atMost: 20 }, [p95]));
    }
    return figures;
  } finally {
    await dataSource.destroy();
  }
};

const fill = (dataSource: DataSource, prefix: Shape): Promise<void> =>
  dataSource.transaction(async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query(
      `INSERT INTO member_standing (member_id, community_id, total)
       SELECT ('${prefix}0000000-0000-8000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, $1, ${shapes[prefix].total}
       FROM generate_series(1, $2::int) AS i`,
      [importedId<'Community'>('bench', prefix), members],
    );
  });

interface Asked {
  readonly schema: GraphQLSchema;
  readonly deps: Deps;
}

const ask = async ({ schema, deps }: Asked, prefix: string, n: number): Promise<number> => {
  const i = 1 + ((n * 7_919_777) % members);
  const id = `${prefix}0000000-0000-8000-8000-${i.toString(16).padStart(12, '0')}`;
  const startedAt = performance.now();
  const { errors } = await graphql({
    schema,
    contextValue: serviceContext(deps, 'bench'),
    source: `query ($of: [_Any!]!) { _entities(representations: $of) { ${selection} } }`,
    variableValues: { of: [{ __typename: 'Member', id }] },
  });
  if (errors?.[0]) throw errors[0];
  return performance.now() - startedAt;
};
