import { isId } from '@lyceum/contracts';
import { useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  NotCommunityMember,
  type ActingMember,
} from '../communities/acting-member';
import { query } from '../sql';
import {
  ContestEntryInvalid,
  ContestEntryNotFound,
  ContestNotThere,
  ContestVotesUsedUp,
  NotContestJuror,
  OwnContestEntry,
} from './contest.errors';
import { contestById, entryById } from './contest.queries';
import { ContestEntry, type Contest, type EntryId } from './contest.types';
import { isJuror } from './enter-contest';
import { bestScore } from './rank-entries';

@InputType()
export class CriterionScoreInput {
  @Field(() => String) criterion!: string;
  @Field(() => Int, { description: '0 to 10.' }) score!: number;
}

@InputType()
export class JudgeContestEntryInput {
  @Field(() => ID) entryId!: EntryId;
  @Field(() => [CriterionScoreInput], { description: 'One for each criterion of the contest.' })
  scores!: CriterionScoreInput[];
}

@InputType()
export class VoteForContestEntryInput {
  @Field(() => ID) entryId!: EntryId;
  @Field(() => Boolean, { defaultValue: true, description: 'False takes the vote back.' })
  isFor!: boolean;
}

const outcomes = [ContestEntry, ContestEntryNotFound, ContestNotThere, NotCommunityMember] as const;

export const JudgeContestEntryResult = createUnionType({
  name: 'JudgeContestEntryResult',
  types: () => [...outcomes, NotContestJuror, ContestEntryInvalid] as const,
});
export const VoteForContestEntryResult = createUnionType({
  name: 'VoteForContestEntryResult',
  types: () => [...outcomes, OwnContestEntry, ContestVotesUsedUp] as const,
});

interface Judging {
  readonly entry: ContestEntry;
  readonly contest: Contest;
  readonly member: ActingMember;
}

type Refusal = ContestEntryNotFound | ContestNotThere | NotCommunityMember;

/** A juror's scores; told again, the last ones count. */
export const judgeContestEntry = async (
  ctx: Ctx,
  input: JudgeContestEntryInput,
): Promise<typeof JudgeContestEntryResult> => {
  await learnMemberOfEntry(ctx, input.entryId);
  return judge(ctx, input);
};

/** A member's vote for an entry of another, or not any more. */
export const voteForContestEntry = async (
  ctx: Ctx,
  input: VoteForContestEntryInput,
): Promise<typeof VoteForContestEntryResult> => {
  await learnMemberOfEntry(ctx, input.entryId);
  return vote(ctx, input);
};

const learnMemberOfEntry = async (ctx: Ctx, id: EntryId): Promise<void> => {
  const entry = isId(id) ? await entryById(ctx.db, id) : null;
  const contest = entry && (await contestById(ctx.db, entry.contestId));
  if (contest !== null) await learnActingMember(ctx, contest.communityId);
};

/** The contest is held, so that it is not decided meanwhile; others may judge at once. */
const judgingOf = async (tx: Tx, id: EntryId): Promise<Judging | Refusal> => {
  const entry = isId(id) ? await entryById(tx.db, id) : null;
  const contest = entry && (await contestById(tx.db, entry.contestId, 'FOR SHARE'));
  if (entry === null || contest === null || entry.withdrawnAt !== null)
    return new ContestEntryNotFound();
  const member = await actingMember(tx, contest.communityId);
  if (member === null) return new NotCommunityMember();
  return contest.status === 'judging' && contest.decidesAt > tx.now
    ? { entry, contest, member }
    : new ContestNotThere(contest.status);
};

const judge = useCase(
  async (tx, input: JudgeContestEntryInput): Promise<typeof JudgeContestEntryResult> => {
    const judging = await judgingOf(tx, input.entryId);
    if (!('entry' in judging)) return judging;
    const { entry, contest, member } = judging;
    if (!(await isJuror(tx, contest.id, member.memberId))) return new NotContestJuror();
    const names = new Set(input.scores.map(({ criterion }) => criterion));
    const isWhole =
      input.scores.length === contest.criteria.length &&
      contest.criteria.every(({ name }) => names.has(name)) &&
      input.scores.every(({ score }) => score >= 0 && score <= bestScore);
    if (!isWhole)
      return new ContestEntryInvalid('Score each criterion of the contest once, from 0 to 10.');
    await tx.db.query(
      `INSERT INTO contest_score (entry_id, juror_id, contest_id, criterion, score)
       SELECT $1, $2, $3, criterion, score FROM json_to_recordset($4::json) AS given (criterion text, score int)
       ON CONFLICT (entry_id, juror_id, criterion) DO UPDATE SET score = excluded.score`,
      [entry.id, member.memberId, contest.id, JSON.stringify(input.scores)],
    );
    return entry;
  },
);

const vote = useCase(
  async (
    tx,
    { entryId, isFor }: VoteForContestEntryInput,
  ): Promise<typeof VoteForContestEntryResult> => {
    const judging = await judgingOf(tx, entryId);
    if (!('entry' in judging)) return judging;
    const { entry, contest, member } = judging;
    if (entry.memberId === member.memberId) return new OwnContestEntry();
    if (!isFor) {
      await tx.db.query('DELETE FROM contest_vote WHERE entry_id = $1 AND voter_id = $2', [
        ...[entry.id, member.memberId],
      ]);
      return entry;
    }
    await tx.db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `votes of ${member.memberId} in ${contest.id}`,
    ]);
    const others = await query(
      tx.db,
      'SELECT FROM contest_vote WHERE contest_id = $1 AND voter_id = $2 AND entry_id <> $3',
      [contest.id, member.memberId, entry.id],
    );
    if (others.length >= contest.votesPerMember) return new ContestVotesUsedUp();
    await tx.db.query(
      'INSERT INTO contest_vote (entry_id, voter_id, contest_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [entry.id, member.memberId, contest.id],
    );
    return entry;
  },
);
