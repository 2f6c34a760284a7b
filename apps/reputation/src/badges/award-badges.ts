import { BadgeAwarded, BadgeRevoked, type CommunityId, type MemberId } from '@lyceum/contracts';
import { groupBy, type Tx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { badgesOfThread, type BadgeDefinition, type EarnedBadge } from '../rules';
import { query } from '../sql';
import { firstDays, nthTimes, postsOfThreads } from './thread.queries';

export interface Touched {
  readonly communityId: CommunityId;
  /** Questions and articles whose threads have changed. */
  readonly roots: readonly string[];
  /** Members who did something, or whose points have changed. */
  readonly members: readonly MemberId[];
}

type Says = Pick<Tx, 'emit'> | null;

/**
 * Makes the badges of threads and members what the log says they are; whoever evaluates the same ones at
 * once waits, and then sees what the other saw. With `says`, tells of each badge that comes or goes.
 */
export const awardBadges = async (
  db: EntityManager,
  {
    definitions,
    touched,
    says,
  }: { definitions: readonly BadgeDefinition[]; touched: Touched; says: Says },
): Promise<void> => {
  await lockSubjects(db, [...touched.roots, ...touched.members]);
  const { known, earned } = await evaluateBadges(db, { definitions, touched });
  await replace(db, { communityId: touched.communityId, definitions, known, earned, says });
};

export interface Evaluation {
  readonly definitions: readonly BadgeDefinition[];
  readonly touched: Touched;
  /** In place of the points that members have: the most that each would earn on a day. */
  readonly bestDays?: ReadonlyMap<MemberId, number>;
}

/** The badges that there are of threads and members, and those that the log says there should be. */
export const evaluateBadges = async (
  db: EntityManager,
  { definitions, touched, bestDays }: Evaluation,
): Promise<{ readonly known: readonly EarnedBadge[]; readonly earned: readonly EarnedBadge[] }> => {
  const { communityId, roots, members } = touched;
  const posts = await postsOfThreads(db, communityId, roots);
  const threads = [...groupBy(posts, ({ rootId }) => rootId).values()];
  const earned = [
    ...threads.flatMap((thread) => badgesOfThread(definitions, thread)),
    ...(await badgesOfMembers(db, { definitions, touched, bestDays })),
  ];
  const known = await awardsOf(db, communityId, {
    posts: posts.map(({ id }) => id),
    members,
  });
  return { known, earned };
};

const lockSubjects = async (db: EntityManager, ids: readonly string[]): Promise<void> => {
  await db.query(
    `SELECT pg_advisory_xact_lock(id) FROM (
       SELECT DISTINCT hashtextextended('badges of ' || subject, 0) AS id FROM unnest($1::text[]) AS subject ORDER BY id
     ) AS lock`,
    [ids],
  );
};

const badgesOfMembers = async (
  db: EntityManager,
  { definitions, touched: { communityId, members }, bestDays }: Evaluation,
): Promise<EarnedBadge[]> => {
  if (members.length === 0) return [];
  const of = { communityId, memberIds: members };
  const earned: EarnedBadge[] = [];
  for (const { name, rule } of definitions) {
    if (rule.type === 'post') continue;
    const reached =
      rule.type === 'count'
        ? await nthTimes(db, of, rule)
        : bestDays === undefined
          ? await firstDays(db, of, rule.atLeast)
          : members
              .filter((id) => (bestDays.get(id) ?? 0) >= rule.atLeast)
              .map((memberId) => ({ memberId, at: new Date(0) }));
    for (const { memberId, at } of reached)
      earned.push({
        ...{ badge: name, memberId, subjectId: '', subjectType: null },
        ...{ awardedAt: at, figure: rule.atLeast },
      });
  }
  return earned;
};

const awardsOf = (
  db: EntityManager,
  communityId: CommunityId,
  { posts, members }: { posts: readonly string[]; members: readonly MemberId[] },
): Promise<EarnedBadge[]> =>
  query(
    db,
    `SELECT badge, member_id AS "memberId", subject_id AS "subjectId", subject_type AS "subjectType",
       awarded_at AS "awardedAt", figure FROM badge_award
     WHERE community_id = $1 AND (subject_id = ANY($2) AND subject_id <> '' OR member_id = ANY($3) AND subject_id = '')`,
    [communityId, posts, members],
  );

interface Replacement {
  readonly communityId: CommunityId;
  readonly definitions: readonly BadgeDefinition[];
  readonly known: readonly EarnedBadge[];
  readonly earned: readonly EarnedBadge[];
  readonly says: Says;
}

export const keyOfAward = ({ memberId, badge, subjectId }: EarnedBadge): string =>
  `${memberId} ${badge} ${subjectId}`;

const replace = async (
  db: EntityManager,
  { communityId, known, earned, says }: Replacement,
): Promise<void> => {
  const before = new Map(known.map((one) => [keyOfAward(one), one]));
  const after = new Map(earned.map((one) => [keyOfAward(one), one]));
  const lost = known.filter((one) => !after.has(keyOfAward(one)));
  const changed = earned.filter((one) => {
    const old = before.get(keyOfAward(one));
    return old?.awardedAt.getTime() !== one.awardedAt.getTime() || old.figure !== one.figure;
  });
  if (lost.length > 0)
    await db.query(
      `DELETE FROM badge_award USING unnest($1::uuid[], $2::text[], $3::text[]) AS lost (member, badge, subject)
       WHERE member_id = member AND badge_award.badge = lost.badge AND subject_id = subject`,
      [
        lost.map(({ memberId }) => memberId),
        lost.map(({ badge }) => badge),
        lost.map(({ subjectId }) => subjectId),
      ],
    );
  if (changed.length > 0)
    await db.query(
      `INSERT INTO badge_award (community_id, member_id, badge, subject_id, subject_type, awarded_at, figure)
       SELECT $1, "memberId", badge, "subjectId", "subjectType", "awardedAt", figure
       FROM json_to_recordset($2::json) AS one ("memberId" uuid, badge text, "subjectId" text, "subjectType" text,
         "awardedAt" timestamptz, figure int)
       ON CONFLICT (member_id, badge, subject_id) DO UPDATE SET awarded_at = excluded.awarded_at, figure = excluded.figure`,
      [communityId, JSON.stringify(changed)],
    );
  if (says === null) return;
  const fresh = changed.filter((one) => !before.has(keyOfAward(one)));
  for (const one of fresh) await says.emit(BadgeAwarded, told(communityId, one));
  for (const one of lost) await says.emit(BadgeRevoked, told(communityId, one));
};

const told = (
  communityId: CommunityId,
  { badge, memberId, subjectId, subjectType }: EarnedBadge,
) => ({
  communityId,
  memberId: memberId as MemberId, // a post's author is a member
  badge,
  subjectType,
  subjectId: subjectId === '' ? null : subjectId,
});
