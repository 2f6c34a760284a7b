import { isId } from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { actingMember, learnActingMember, mayAdminister } from '../communities/acting-member';
import { ContestEntryInvalid, ContestEntryNotFound, ContestNotThere } from './contest.errors';
import { contestById, entryById } from './contest.queries';
import { ContestEntry, type EntryId } from './contest.types';
import { giveStakesBack } from './end-contest';

@InputType()
export class WithdrawContestEntryInput {
  @Field(() => ID) entryId!: EntryId;
  @Field(() => String, {
    nullable: true,
    description: "For owners and admins, who take another's entry out: why.",
  })
  reason?: string | null;
}

export const WithdrawContestEntryResult = createUnionType({
  name: 'WithdrawContestEntryResult',
  types: () => [ContestEntry, ContestEntryNotFound, ContestEntryInvalid, ContestNotThere] as const,
});
type Result = Promise<typeof WithdrawContestEntryResult>;

/**
 * Takes an entry out: a member its own while entries are taken, owners and admins any until it is decided. Its stake
 * returns. Twice is once.
 */
export const withdrawContestEntry = async (ctx: Ctx, input: WithdrawContestEntryInput): Result => {
  const entry = isId(input.entryId) ? await entryById(ctx.db, input.entryId) : null;
  const contest = entry && (await contestById(ctx.db, entry.contestId));
  if (contest === null) return new ContestEntryNotFound();
  await learnActingMember(ctx, contest.communityId);
  return withdraw(ctx, input);
};

const withdraw = useCase(async (tx, input: WithdrawContestEntryInput): Result => {
  const found = await entryById(tx.db, input.entryId);
  const contest = found && (await contestById(tx.db, found.contestId, 'FOR NO KEY UPDATE'));
  const entry = found && (await entryById(tx.db, found.id)); // as it is now that nobody else moves it
  const member = contest && (await actingMember(tx, contest.communityId));
  if (contest === null || entry === null || member === null) return new ContestEntryNotFound();
  const isOwn = entry.memberId === member.memberId;
  if (!isOwn && !mayAdminister(member)) return new ContestEntryNotFound();
  if (entry.withdrawnAt !== null) return entry;
  if (contest.status !== 'open' && (isOwn || contest.status !== 'judging'))
    return new ContestNotThere(contest.status);
  const reason = input.reason?.trim() ?? '';
  if (!isOwn && (reason.length < 3 || reason.length > 1_000))
    return new ContestEntryInvalid('Say why, in 3 to 1000 characters.');

  await tx.db.query(
    'UPDATE contest_entry SET withdrawn_at = $2, removed_because = $3 WHERE id = $1',
    [entry.id, tx.now, isOwn ? null : reason],
  );
  await giveStakesBack(tx, contest, [entry]);
  return (await entryById(tx.db, entry.id)) ?? new ContestEntryNotFound();
});
