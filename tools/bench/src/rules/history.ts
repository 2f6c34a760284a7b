import { importedId, type CommunityId } from '@lyceum/contracts';
import { migrate, openDatabase } from '@lyceum/platform';
import type { EmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import * as reputation from '@lyceum/reputation/app';
import type { DataSource, EntityManager } from 'typeorm';
import { absolute, compared, stretch, type Figure } from '../figures';

const members = 20_000;
const events = 200_000;
const days = 60;
const batch = 500;
const counted = 2_000;

const communityId: CommunityId = importedId('bench');
const definition = reputation.stackExchange;
const rules = { definition, parameters: {} };

/** What is computed again and again from a history: points from zero, counters of a batch, who was active. */
export const runHistoryBench = async (
  postgres: EmbeddedPostgres,
  rounds: number,
): Promise<readonly Figure[]> => {
  await postgres.ensureDatabase('history');
  const dataSource = await openDatabase({
    ...reputation.database,
    url: postgres.url('history'),
    poolSize: 4,
  });
  try {
    await migrate(dataSource);
    await fill(dataSource);
    return [
      await replay(dataSource.manager),
      await counters(dataSource, rounds),
      await activeMembers(dataSource.manager, rounds),
    ];
  } finally {
    await dataSource.destroy();
  }
};

/** Votes on answers, some down, few members with much and many with little. */
const fill = async (dataSource: DataSource): Promise<void> => {
  await dataSource.query(
    `INSERT INTO community (id, time_zone) VALUES ($1, 'UTC') ON CONFLICT DO NOTHING`,
    [communityId],
  );
  await dataSource.query(
    `INSERT INTO rule_set (community_id, version, definition, parameters) VALUES ($1, 1, $2, '{}')`,
    [communityId, JSON.stringify(definition)],
  );
  const member = (n: string) =>
    `('00000000-0000-8000-8000-' || lpad(to_hex((${n})::int), 12, '0'))::uuid`;
  await dataSource.query(
    `INSERT INTO activity_log (event_id, community_id, kind, key, version, actor_id, subject_type, subject_id,
       subject_author_id, value, earns_points, occurred_at, request_id)
     SELECT gen_random_uuid(), $1, 'vote', 'vote:' || i, 1, ${member('1 + i::bigint * 7919 % $3')}, 'answer', (i % 5000)::text,
       ${member('1 + power(i::bigint * 104729 % $2 / $2::float, 2) * ($3 - 1)')}, CASE WHEN i % 5 = 0 THEN -1 ELSE 1 END, true,
       '2021-01-01'::timestamptz + make_interval(days => i % $4, secs => i % 86400), 'bench'
     FROM generate_series(1, $2::int) AS i`,
    [communityId, events, members, days],
  );
  await dataSource.query('VACUUM ANALYZE activity_log');
};

/** From zero, in transactions beside live work; what comes out is what SQL says. */
const replay = async (db: EntityManager): Promise<Figure> => {
  const startedAt = performance.now();
  await reputation.replayPoints(db, { communityId });
  const seconds = (performance.now() - startedAt) / 1000;
  const totals: unknown = await db.query(
    'SELECT member_id AS "memberId", total AS points FROM member_standing ORDER BY member_id',
  );
  const expected = await reputation.totalsInSql(db, communityId, rules);
  if (JSON.stringify(totals) !== JSON.stringify(expected))
    throw new Error('a replay comes to other points than SQL');
  return stretch(
    absolute(
      { name: 'replay of points from zero, equal to SQL', unit: 'events/s', atLeast: 16_667 },
      [events / seconds], // ten million in ten minutes
    ),
  );
};

/** The counters of days and members, a batch at a time and an event at a time, by the same statements. */
const counters = async (dataSource: DataSource, rounds: number): Promise<Figure> => {
  const rate = async (size: number, from: number, total: number): Promise<number> => {
    const startedAt = performance.now();
    for (let done = 0; done < total; done += size)
      await dataSource.transaction((tx) =>
        reputation.countActivities(tx, {
          sql: `SELECT log.*, 'UTC' AS time_zone, occurred_at::date AS day FROM activity_log AS log
                WHERE community_id = $1 AND key IN (SELECT 'vote:' || i FROM generate_series($2::int, $3::int) AS i)`,
          parameters: [communityId, from + done, from + done + size - 1],
        }),
      );
    return total / ((performance.now() - startedAt) / 1000);
  };
  const measured = [];
  for (let round = 0; round < rounds; round += 1) {
    const from = 1 + round * counted * 2;
    const ours = await rate(batch, from, counted);
    const peer = await rate(1, from + counted, counted / 10);
    measured.push({ ours, peer });
  }
  return compared(
    {
      name: 'counters of days, batches of 500 ÷ an event at a time',
      unit: 'events/s',
      atLeast: 10,
    },
    measured,
  );
};

/** Who was active on each of thirty days: what is kept, and what the log says. */
const activeMembers = async (db: EntityManager, rounds: number): Promise<Figure> => {
  await db.query('DELETE FROM engagement_day WHERE community_id = $1', [communityId]);
  await db.query('DELETE FROM engagement_active WHERE community_id = $1', [communityId]);
  await reputation.countActivities(db, {
    sql: `SELECT log.*, 'UTC' AS time_zone, occurred_at::date AS day FROM activity_log AS log WHERE community_id = $1`,
    parameters: [communityId],
  });
  await db.query('VACUUM ANALYZE engagement_day');
  const timed = async (sql: string): Promise<{ rows: unknown; perSecond: number }> => {
    const startedAt = performance.now();
    const rows: unknown = await db.query(sql, [communityId]);
    return { rows, perSecond: 1_000 / (performance.now() - startedAt) };
  };
  const kept = `SELECT day::text, active_members AS n FROM engagement_day
    WHERE community_id = $1 AND day < '2021-01-31' ORDER BY day`;
  const fromLog = `SELECT occurred_at::date::text AS day, count(DISTINCT actor_id)::int AS n FROM activity_log
    WHERE community_id = $1 AND occurred_at < '2021-01-31' GROUP BY 1 ORDER BY 1`;
  const measured = [];
  for (let round = 0; round < rounds; round += 1) {
    const [ours, peer] = [await timed(kept), await timed(fromLog)];
    if (JSON.stringify(ours.rows) !== JSON.stringify(peer.rows))
      throw new Error('the members of a day are not those of the log');
    measured.push({ ours: ours.perSecond, peer: peer.perSecond });
  }
  return compared(
    {
      name: `active members of 30 days ÷ count(distinct) of ${events.toLocaleString('en')} events`,
      ...{ unit: 'queries/s', atLeast: (1_000 * events) / 10_000_000 }, // a thousand times at ten million
    },
    measured,
  );
};
