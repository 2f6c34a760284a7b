import type { CommunityId, MemberId } from '@lyceum/contracts';
import { groupBy, type BatchQuery } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { aMember } from '../members/member.type';
import { query } from '../sql';
import { Contest, ContestEntry, type ContestId, type EntryId } from './contest.types';
import type { Judged } from './rank-entries';

type Lock = '' | 'FOR SHARE' | 'FOR NO KEY UPDATE';

const contestColumns = `id, community_id AS "communityId", kind, title, description, status, version,
  opens_at AS "opensAt", closes_at AS "closesAt", decides_at AS "decidesAt", announced_at AS "announcedAt",
  entries_per_member AS "entriesPerMember", votes_per_member AS "votesPerMember", criteria, jury_weight AS "juryWeight",
  votes_weight AS "votesWeight", questions, shares, stake, currency, budget::text AS budget, staked::text AS staked,
  paid::text AS paid, cancelled_because AS "cancelledBecause"`;

const toContest = (row: { budget: string; staked: string; paid: string }): Contest =>
  Object.assign(new Contest(), row, {
    budget: BigInt(row.budget),
    staked: BigInt(row.staked),
    paid: BigInt(row.paid),
  });

/** Contests that match; `where` is SQL of ours, with its parameters from $1. */
export const selectContests = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<Contest[]> => {
  const rows = await query<Parameters<typeof toContest>[0]>(
    db,
    `SELECT ${contestColumns} FROM contest WHERE ${where}`,
    parameters,
  );
  return rows.map(toContest);
};

export const contestById = async (
  db: EntityManager,
  id: ContestId,
  lock: Lock = '',
): Promise<Contest | null> => (await selectContests(db, `id = $1 ${lock}`, [id]))[0] ?? null;

export const contestsById: BatchQuery<ContestId, Contest> = async ({ db }, ids) => {
  const found = await selectContests(db, 'id = ANY($1)', [ids]);
  return new Map(found.map((contest) => [contest.id, contest]));
};

export interface ContestPage {
  readonly communityId: CommunityId;
  readonly withDrafts: boolean;
  readonly after: string | null;
  readonly limit: number;
}

/** The latest first. */
export const contestsOf = (db: EntityManager, page: ContestPage): Promise<Contest[]> =>
  selectContests(
    db,
    `community_id = $1 AND (announced_at IS NOT NULL OR $2) AND ($3::uuid IS NULL OR id < $3)
     ORDER BY id DESC LIMIT $4`,
    [page.communityId, page.withDrafts, page.after, page.limit],
  );

const entryColumns = `entry.id, entry.contest_id AS "contestId", entry.member_id AS "memberId", entry.title, entry.body,
  entry.link, post_type AS "postType", post_id AS "postId", entry.stake, submitted_at AS "submittedAt",
  withdrawn_at AS "withdrawnAt", removed_because AS "removedBecause", entry.place, why`;

export const toEntry = (row: { memberId: MemberId }): ContestEntry =>
  Object.assign(new ContestEntry(), row, { member: aMember(row.memberId) });

/** Entries that match; `where` is SQL of ours about `entry`, with its parameters from $1. */
export const selectEntries = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<ContestEntry[]> => {
  const rows = await query<{ memberId: MemberId }>(
    db,
    `SELECT ${entryColumns} FROM contest_entry AS entry WHERE ${where}`,
    parameters,
  );
  return rows.map(toEntry);
};

export const entryById = async (db: EntityManager, id: EntryId): Promise<ContestEntry | null> =>
  (await selectEntries(db, 'id = $1', [id]))[0] ?? null;

export interface EntryPage {
  readonly contest: Pick<Contest, 'id' | 'status'>;
  readonly after: readonly [number, string] | null;
  readonly limit: number;
}

/** The places when there are any, else the order in which they came; what was withdrawn is left out. */
export const entriesOf = (
  db: EntityManager,
  { contest, after, limit }: EntryPage,
): Promise<ContestEntry[]> =>
  selectEntries(
    db,
    `contest_id = $1 AND withdrawn_at IS NULL
       AND ($2::int IS NULL OR (coalesce(place, 0), id) > ($2, $3::uuid))
     ORDER BY coalesce(place, 0), id LIMIT $4`,
    [contest.id, after?.[0] ?? null, after?.[1] ?? null, limit],
  );

export const jurorsOf: BatchQuery<ContestId, readonly MemberId[]> = async ({ db }, ids) => {
  const rows = await query<{ id: ContestId; memberId: MemberId }>(
    db,
    `SELECT contest_id AS id, member_id AS "memberId" FROM contest_juror WHERE contest_id = ANY($1) ORDER BY member_id`,
    [ids],
  );
  return new Map(
    [...groupBy(rows, ({ id }) => id)].map(([id, own]) => [
      id,
      own.map(({ memberId }) => memberId),
    ]),
  );
};

type JudgedRow = Omit<Judged, 'quiz'> & { readonly answers: readonly (readonly number[])[] | null };

/** All that a decision goes by: what present jurors gave, and votes of who still is a member. */
export const judgedEntries = (db: EntityManager, id: ContestId): Promise<JudgedRow[]> =>
  query(
    db,
    `SELECT entry.id, entry.member_id AS "memberId", submitted_at AS "submittedAt", answers, (
       SELECT coalesce(json_agg(json_build_object('criterion', criterion, 'score', score) ORDER BY criterion, juror_id), '[]')
       FROM contest_score AS given JOIN contest_juror AS juror
         ON juror.contest_id = given.contest_id AND juror.member_id = given.juror_id
       WHERE given.entry_id = entry.id
     ) AS scores, (
       SELECT count(*)::int FROM contest_vote AS vote JOIN member_standing AS voter
         ON voter.member_id = vote.voter_id AND voter.status = 'active' WHERE vote.entry_id = entry.id
     ) AS votes
     FROM contest_entry AS entry WHERE contest_id = $1 AND withdrawn_at IS NULL ORDER BY entry.id`,
    [id],
  );
