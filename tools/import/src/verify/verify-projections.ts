import {
  dailyPointsInSql,
  engagementInSql,
  totalsInSql,
  type DayOfCommunity,
  type RulesInForce,
} from '@lyceum/reputation/app';
import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { Tally, type Check } from './check';

/** Points, boards and metrics against the same figures computed from the activity log in SQL, a second way. */
export const verifyProjections = async (
  db: EntityManager,
  communityId: CommunityId,
): Promise<Check[]> => {
  const rules = await rulesOf(db, communityId);
  return [
    ...(rules === null
      ? []
      : [
          await verifyTotals(db, { communityId, rules }),
          await verifyDays(db, { communityId, rules }),
        ]),
    await verifyEngagement(db, communityId),
  ];
};

/** The rules a community began with, when it has had no others: only then can totals be computed in one go. */
const rulesOf = async (
  db: EntityManager,
  communityId: CommunityId,
): Promise<RulesInForce | null> => {
  const sets = await db.query<RulesInForce[]>(
    'SELECT definition, parameters FROM rule_set WHERE community_id = $1',
    [communityId],
  );
  return sets.length === 1 ? (sets[0] ?? null) : null;
};

interface Ruled {
  readonly communityId: CommunityId;
  readonly rules: RulesInForce;
}

const verifyTotals = async (db: EntityManager, { communityId, rules }: Ruled): Promise<Check> => {
  const stored = await db.query<{ id: string; points: number }[]>(
    'SELECT member_id AS id, total AS points FROM member_standing WHERE community_id = $1',
    [communityId],
  );
  const computed = await totalsInSql(db, communityId, rules);
  return compareAll('points from the log', {
    stated: computed.map(({ memberId, points }) => [memberId, points]),
    found: stored.map(({ id, points }) => [id, points]),
    absent: 0,
  });
};

const verifyDays = async (db: EntityManager, { communityId, rules }: Ruled): Promise<Check> => {
  const stored = await db.query<{ id: string; day: string; points: number }[]>(
    'SELECT member_id AS id, day::text, points FROM member_day WHERE community_id = $1',
    [communityId],
  );
  const computed = await dailyPointsInSql(db, communityId, rules);
  return compareAll('points by day from the log', {
    stated: computed.map(({ memberId, day, points }) => [`${memberId} ${day}`, points]),
    found: stored.map(({ id, day, points }) => [`${id} ${day}`, points]),
    absent: 0,
  });
};

const verifyEngagement = async (db: EntityManager, communityId: CommunityId): Promise<Check> => {
  const stored = await db.query<DayOfCommunity[]>(
    `SELECT day::text, active_members AS "activeMembers", new_members AS "newMembers", questions, answers, comments, votes
     FROM engagement_day WHERE community_id = $1`,
    [communityId],
  );
  return compareAll('metrics by day from the log', {
    stated: (await engagementInSql(db, communityId)).map((day) => [day.day, figuresOf(day)]),
    found: stored.map((day) => [day.day, figuresOf(day)]),
    absent: '',
  });
};

const figuresOf = (day: DayOfCommunity): string =>
  [day.activeMembers, day.newMembers, day.questions, day.answers, day.comments, day.votes].join(
    ' ',
  );

type Pairs = readonly (readonly [string, number | string])[];

/** Rows that only one side has count as `absent` on the other. */
const compareAll = (
  name: string,
  { stated, found, absent }: { stated: Pairs; found: Pairs; absent: number | string },
): Check => {
  const tally = new Tally(name);
  const theirs = new Map(found);
  for (const [key, value] of stated) {
    tally.compare(key, { stated: value, found: theirs.get(key) ?? absent });
    theirs.delete(key);
  }
  for (const [key, value] of theirs) tally.compare(key, { stated: absent, found: value });
  return tally.check();
};
