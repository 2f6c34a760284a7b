import type { Envelope, MemberId } from '@lyceum/contracts';
import { testWorld, type TestWorld } from '@lyceum/testing';
import type { EntityManager } from 'typeorm';
import { consumersOf } from '../consumers';
import { database } from '../database';
import { communityCreated, deliver, settle } from '../deliver.factory';
import {
  dailyPointsInSql,
  engagementInSql,
  isKnownToSql,
  totalsInSql,
  type MemberTotal,
  type RulesInForce,
} from '../replay/recompute-in-sql';
import {
  activate,
  balanced,
  learning,
  stackExchange,
  type RuleBook,
  type RuleSetDefinition,
} from '../rules';
import { query } from '../sql';
import { communityId } from './history.arbitrary';
import type { StoredEntry } from './project-points';

const rulesOf = (definition: RuleSetDefinition, parameters: Record<string, number>) => ({
  definition,
  parameters,
  book: [activate(definition, { version: 1, parameters })] satisfies RuleBook,
  founded: communityCreated(communityId, {
    preset: definition.name,
    parameters,
    timeZone: 'Asia/Shanghai',
  }),
});
export const usual = rulesOf(stackExchange, { questionUpvote: 5 });
/** With large values, so that a few votes reach the daily limits. */
export const generous = rulesOf(stackExchange, { questionUpvote: 90 });
export const other = rulesOf(balanced, { upvote: 45, accepted: 0 });

/** With limits of one other member and one post, and worth that diminishes. */
export const pairwise = rulesOf(learning, { understood: 13, solved: 25 });

export interface PointsWorld {
  readonly world: TestWorld;
  /** Hands batches to the consumers, and what they emit after them. */
  receive(...batches: readonly (readonly Envelope[])[]): Promise<void>;
  /** Hands a batch to the consumers, and nothing of what they emit. */
  deliver(batch: readonly Envelope[]): Promise<void>;
  settle(): Promise<void>;
  entries(): Promise<StoredEntry[]>;
  totals(): Promise<Map<MemberId, number>>;
  /** Fails when the projections differ from a recomputation in SQL. */
  expectSqlToAgree(rules: RulesInForce): Promise<void>;
  forgetAll(): Promise<void>;
}

export const openPointsWorld = async (): Promise<PointsWorld> => {
  const world = await testWorld({ app: 'reputation', database });
  const consumers = consumersOf(world.deps.signals);
  const points: PointsWorld = {
    world,
    async receive(...batches) {
      for (const batch of batches) await points.deliver(batch);
      await points.settle();
    },
    deliver: (batch) => deliver(world.deps, consumers, batch),
    settle: () => settle(world.deps, consumers),
    entries: () => query(world.db, selectEntries),
    totals: async () => {
      const rows = await query<{ id: MemberId; total: number }>(
        world.db,
        'SELECT member_id AS id, total FROM member_standing WHERE member_id IN (SELECT member_id FROM point_entry) ORDER BY 1',
      );
      return new Map(rows.map(({ id, total }) => [id, total]));
    },
    expectSqlToAgree: (rules) => expectSqlToAgree(world.db, rules),
    forgetAll: async () => {
      await world.db.query(`
        ALTER TABLE activity_log DISABLE TRIGGER never_empty;
        TRUNCATE activity_log, badge_award, point_entry, member_day, member_standing, engagement_day, engagement_active,
          engagement_pending, engagement_member, engagement_post, engagement_topic_day, engagement_topic_active,
          engagement_orphan, member_behaviour, rule_set, inbox, outbox, community CASCADE;
        ALTER TABLE activity_log ENABLE TRIGGER never_empty`);
    },
  };
  return points;
};

const selectEntries = `
  SELECT id, community_id AS "communityId", member_id AS "memberId", counterpart_id AS "counterpartId", kind, rule, rule_set_version AS "ruleSetVersion",
    activity_id AS "activityId", subject_type AS "subjectType", subject_id AS "subjectId", occurred_at AS "occurredAt",
    reversed_at AS "reversedAt", weight, nominal, allowed, points FROM point_entry ORDER BY id`;

const expectSqlToAgree = async (db: EntityManager, rules: RulesInForce) => {
  // Who got points and lost them all again has a row with 0, and may have none in the recomputation.
  const hasPoints = ({ points }: { points: number }) => points !== 0;
  const standings = await query<MemberTotal>(
    db,
    `SELECT member_id AS "memberId", total AS points FROM member_standing ORDER BY member_id`,
  );
  if (!isKnownToSql(rules.definition)) return;
  expect((await totalsInSql(db, communityId, rules)).filter(hasPoints)).toEqual(
    standings.filter(hasPoints),
  );
  const days = await query<MemberTotal & { day: string }>(
    db,
    `SELECT member_id AS "memberId", day::text AS day, points FROM member_day ORDER BY member_id, day`,
  );
  expect((await dailyPointsInSql(db, communityId, rules)).filter(hasPoints)).toEqual(
    days.filter(hasPoints),
  );
  expect(await engagementInSql(db, communityId)).toEqual(
    await query(
      db,
      `SELECT day::text AS day, active_members AS "activeMembers", new_members AS "newMembers", questions, answers, comments, votes
       FROM engagement_day ORDER BY day`,
    ),
  );
};

export const inBatches = (events: readonly Envelope[], sizes: readonly number[]): Envelope[][] => {
  const batches: Envelope[][] = [];
  let start = 0;
  for (let i = 0; start < events.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    batches.push(events.slice(start, start + size));
    start += size;
  }
  return batches;
};

export const sorted = <V>(map: ReadonlyMap<MemberId, V>): Map<MemberId, V> =>
  new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
