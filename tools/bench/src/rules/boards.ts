import { importedId } from '@lyceum/contracts';
import { migrate, openDatabase, serviceContext, silentLog, type Deps } from '@lyceum/platform';
import type { EmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import * as reputation from '@lyceum/reputation/app';
import { graphql } from 'graphql';
import { absolute, quantile, type Figure } from '../figures';

const members = 1_000_000;
const asked = 400;

const selection = `... on Member { rank leaderboardNeighbours(count: 5) { rank points member { id } } }`;

/** Exact rank and the five places above and below, of members anywhere on a board of a million. */
export const runBoardsBench = async (postgres: EmbeddedPostgres): Promise<readonly Figure[]> => {
  await postgres.ensureDatabase('boards');
  const dataSource = await openDatabase({
    ...reputation.database,
    url: postgres.url('boards'),
    poolSize: 4,
  });
  try {
    await migrate(dataSource);
    const communityId = importedId<'Community'>('bench');
    // Few have much and most have little, as everywhere: about 20,000 different totals.
    await dataSource.query(
      `INSERT INTO member_standing (member_id, community_id, total)
       SELECT ('00000000-0000-8000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, $1, (200000 / (1 + i % 99991))::int + i % 50
       FROM generate_series(1, $2::int) AS i`,
      [communityId, members],
    );
    await dataSource.query('VACUUM ANALYZE member_standing');
    const deps = {
      ...{ app: 'reputation', dataSource, log: silentLog(), now: () => new Date() },
      signals: { publish: () => undefined },
    } as unknown as Deps; // boards are read: nothing is queued, signalled or asked elsewhere
    const { schema } = reputation.createApp(deps);
    const times: number[] = [];
    for (let n = 0; n < asked; n += 1) {
      const i = 1 + ((n * 7_919_777) % members);
      const id = `00000000-0000-8000-8000-${i.toString(16).padStart(12, '0')}`;
      const startedAt = performance.now();
      const { errors } = await graphql({
        schema,
        contextValue: serviceContext(deps, 'bench'),
        source: `query ($of: [_Any!]!) { _entities(representations: $of) { ${selection} } }`,
        variableValues: { of: [{ __typename: 'Member', id }] },
      });
      if (errors?.[0]) throw errors[0];
      times.push(performance.now() - startedAt);
    }
    return [
      absolute(
        { name: 'exact rank and ±5 neighbours at 1 M members, p95', unit: 'ms', atMost: 20 },
        [quantile(times.slice(20), 0.95)],
      ),
    ];
  } finally {
    await dataSource.destroy();
  }
};
