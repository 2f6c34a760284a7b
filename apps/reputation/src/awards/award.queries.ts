import { staffRoles, type CommunityId } from '@lyceum/contracts';
import { groupBy, type BatchQuery } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { aMember } from '../members/member.type';
import { query } from '../sql';
import {
  Award,
  AwardProgram,
  AwardWinner,
  type AwardedFor,
  type AwardId,
  type ProgramId,
} from './award.types';
import type { Figure } from './pick-winners';

/** Programs that match; `where` is SQL of ours, with its parameters from $1. */
export const selectPrograms = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<AwardProgram[]> => {
  const rows = await query<object>(
    db,
    `SELECT id, community_id AS "communityId", name, given_for AS "givenFor", excludes_staff AS "excludesStaff", amounts,
       currency, gift_id AS "giftId", funded::text AS funded, promised::text AS promised, started_at AS "startedAt",
       stopped_at AS "stoppedAt"
     FROM award_program WHERE ${where}`,
    parameters,
  );
  return rows.map((row) => Object.assign(new AwardProgram(), row));
};

export const programById = async (
  db: EntityManager,
  id: ProgramId,
  lock: '' | 'FOR UPDATE' = '',
): Promise<AwardProgram | null> => (await selectPrograms(db, `id = $1 ${lock}`, [id]))[0] ?? null;

export const programsById: BatchQuery<ProgramId, AwardProgram> = async ({ db }, ids) =>
  new Map((await selectPrograms(db, 'id = ANY($1)', [ids])).map((one) => [one.id, one]));

/** Awards that match; `where` is SQL of ours, with its parameters from $1. */
export const selectAwards = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<Award[]> => {
  const rows = await query<object>(
    db,
    `SELECT id, program_id AS "programId", community_id AS "communityId", month::text AS month, status,
       proposed_at AS "proposedAt", decided_at AS "decidedAt", note FROM award WHERE ${where}`,
    parameters,
  );
  return rows.map((row) => Object.assign(new Award(), row));
};

export const awardById = async (
  db: EntityManager,
  id: AwardId,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Award | null> => (await selectAwards(db, `id = $1 ${lock}`, [id]))[0] ?? null;

/** Winners that match, by place; `where` is SQL of ours, with its parameters from $1. */
export const selectWinners = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<AwardWinner[]> => {
  const rows = await query<AwardWinner>(
    db,
    `SELECT id, award_id AS "awardId", member_id AS "memberId", place, figure, reason, amount::text AS amount,
       redemption_id AS "redemptionId", is_left_out AS "isLeftOut", paid_at AS "paidAt"
     FROM award_winner AS winner WHERE ${where}`,
    parameters,
  );
  return rows.map((row) =>
    Object.assign(new AwardWinner(), row, { member: aMember(row.memberId) }),
  );
};

export const winnersOfAwards: BatchQuery<AwardId, readonly AwardWinner[]> = async ({ db }, ids) =>
  groupBy(
    await selectWinners(db, 'award_id = ANY($1) ORDER BY award_id, place', [ids]),
    ({ awardId }) => awardId,
  );

interface Counted {
  readonly communityId: CommunityId;
  readonly month: string;
}

/** What is counted in a month in UTC, by member: SQL with the community in $1, the month's days from $2 to before $3. */
const figuresSql: Readonly<Record<Exclude<`${AwardedFor}`, 'choice'>, string>> = {
  points: `SELECT member_id, sum(points) - coalesce((
      SELECT sum(entry.points) FROM point_entry AS entry WHERE entry.member_id = day.member_id AND rule LIKE 'grant:%'
        AND occurred_at >= $2::timestamp AT TIME ZONE 'UTC' AND occurred_at < $3::timestamp AT TIME ZONE 'UTC'), 0) AS figure
    FROM member_day AS day WHERE community_id = $1 AND day >= $2::date AND day < $3::date GROUP BY member_id`,
  thanks: `SELECT receiver_id AS member_id, count(*) AS figure FROM thanks
    WHERE community_id = $1 AND removed_at IS NULL AND given_at >= $2::timestamp AT TIME ZONE 'UTC'
      AND given_at < $3::timestamp AT TIME ZONE 'UTC' GROUP BY receiver_id`,
  answers: `SELECT actor_id AS member_id, count(*) AS figure FROM activity_log
    WHERE community_id = $1 AND kind = 'answer-posted' AND occurred_at >= $2::timestamp AT TIME ZONE 'UTC'
      AND occurred_at < $3::timestamp AT TIME ZONE 'UTC' GROUP BY actor_id`,
  accepted: received('acceptance'),
  upvotes: received('vote'),
};

/** Things in force that others gave: the last version of each counts, when it is of the month. */
function received(kind: 'vote' | 'acceptance'): string {
  return `SELECT subject_author_id AS member_id, count(*) AS figure FROM activity_log AS log
    WHERE community_id = $1 AND kind = '${kind}' AND value > 0 AND actor_id IS DISTINCT FROM subject_author_id
      AND occurred_at >= $2::timestamp AT TIME ZONE 'UTC' AND occurred_at < $3::timestamp AT TIME ZONE 'UTC'
      AND NOT EXISTS (SELECT FROM activity_log AS later WHERE later.community_id = $1 AND later.key = log.key
        AND later.version > log.version AND later.version > 1)
    GROUP BY subject_author_id`;
}

export const monthAfter = (month: string): string => {
  const date = new Date(`${month}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 10);
};

/** What each active member comes to. */
export const figuresOf = (
  db: EntityManager,
  givenFor: Exclude<`${AwardedFor}`, 'choice'>,
  { communityId, month }: Counted,
): Promise<Figure[]> =>
  query(
    db,
    `SELECT member_id AS "memberId", figure::int AS figure, role = ANY($4) AS "isStaff"
     FROM (${figuresSql[givenFor]}) AS counted JOIN member_standing USING (member_id)
     WHERE status = 'active' AND figure > 0`,
    [communityId, month, monthAfter(month), staffRoles],
  );
