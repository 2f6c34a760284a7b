import { isId, newId, PrizePoolChanged, type CommunityId } from '@lyceum/contracts';
import { isCurrency } from '@lyceum/money';
import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  mayAdminister,
  NotCommunityAdmin,
} from '../communities/acting-member';
import { giftById } from '../gifts/gift.queries';
import type { GiftId } from '../gifts/gift.types';
import { programById } from './award.queries';
import {
  AwardedFor,
  AwardInvalid,
  AwardNotFound,
  AwardProgram,
  type ProgramId,
} from './award.types';

@InputType()
export class StartAwardsInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String) name!: string;
  @Field(() => AwardedFor) givenFor!: AwardedFor;
  @Field(() => Boolean, { defaultValue: true }) excludesStaff!: boolean;
  @Field(() => [Int], {
    description: 'What the first, the second … gets: points, or minor units; 1 where it is a gift.',
  })
  amounts!: number[];
  @Field(() => String, {
    nullable: true,
    description: 'ISO 4217: money is given, of a pool that is paid in with `fundPrizePool`.',
  })
  currency?: string | null;
  @Field(() => ID, { nullable: true, description: 'Each winner gets one of these.' })
  giftId?: GiftId | null;
}

@InputType()
export class StopAwardsInput {
  @Field(() => ID) programId!: ProgramId;
}

export const StartAwardsResult = createUnionType({
  name: 'StartAwardsResult',
  types: () => [AwardProgram, AwardInvalid, NotCommunityAdmin] as const,
});
export const StopAwardsResult = createUnionType({
  name: 'StopAwardsResult',
  types: () => [AwardProgram, AwardNotFound, NotCommunityAdmin] as const,
});

/** From the month of now on, winners are proposed when a month is over. */
export const startAwards = async (
  ctx: Ctx,
  input: StartAwardsInput,
): Promise<typeof StartAwardsResult> => {
  await learnActingMember(ctx, input.communityId);
  return start(ctx, input);
};

const problemOf = ({ name, amounts, currency, giftId }: StartAwardsInput): string | null => {
  if (name.trim() === '' || name.length > 100) return 'A name has 1 to 100 characters.';
  if (amounts.length < 1 || amounts.length > 20) return 'An award has 1 to 20 winners.';
  const most = currency == null ? 1_000_000 : 2_000_000_000;
  if (!amounts.every((amount) => amount >= 1 && amount <= most))
    return `Each winner gets 1 to ${String(most)}.`;
  if (currency != null && giftId != null) return 'An award is money or a gift, not both.';
  if (currency != null && !isCurrency(currency)) return 'The currency is a code of ISO 4217.';
  return giftId != null && amounts.some((amount) => amount !== 1)
    ? 'Each winner gets one gift.'
    : null;
};

const start = useCase(async (tx, input: StartAwardsInput): Promise<typeof StartAwardsResult> => {
  const member = await actingMember(tx, input.communityId);
  if (member === null || !mayAdminister(member)) return new NotCommunityAdmin();
  const problem = problemOf(input);
  if (problem !== null) return new AwardInvalid(problem);
  const { communityId, givenFor, excludesStaff, amounts, currency, giftId } = input;
  if (giftId != null) {
    const gift = isId(giftId) ? await giftById(tx.db, giftId) : null;
    if (gift?.communityId !== communityId) return new AwardInvalid('There is no such gift.');
  }
  const id = newId<'AwardProgram'>();
  const name = input.name.trim();
  await tx.db.query(
    `INSERT INTO award_program (id, community_id, name, given_for, excludes_staff, amounts, currency, gift_id, created_by,
       started_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[id, communityId, name, givenFor, excludesStaff, JSON.stringify(amounts)],
      ...[currency ?? null, giftId ?? null, member.memberId, tx.now],
    ],
  );
  if (currency != null)
    await tx.emit(PrizePoolChanged, {
      ...{ poolId: id, communityId, title: name, currency, isOpen: true, promisedMinor: '0' },
      version: 1,
    });
  return (await programById(tx.db, id)) ?? new AwardInvalid('It was not written.');
});

/** No more is proposed; what is left of a pool of money goes back to who paid it in. Twice is once. */
export const stopAwards = async (
  ctx: Ctx,
  input: StopAwardsInput,
): Promise<typeof StopAwardsResult> => {
  const program = isId(input.programId) ? await programById(ctx.db, input.programId) : null;
  if (program !== null) await learnActingMember(ctx, program.communityId);
  return stop(ctx, input);
};

const stop = useCase(
  async (tx, { programId }: StopAwardsInput): Promise<typeof StopAwardsResult> => {
    const program = isId(programId) ? await programById(tx.db, programId, 'FOR UPDATE') : null;
    if (program === null) return new AwardNotFound();
    const { id, communityId, name: title, currency, promised } = program;
    if (!mayAdminister(await actingMember(tx, communityId))) return new NotCommunityAdmin();
    if (program.stoppedAt !== null) return program;
    await tx.db.query('UPDATE award_program SET stopped_at = $2 WHERE id = $1', [id, tx.now]);
    if (currency !== null)
      await tx.emit(PrizePoolChanged, {
        ...{ poolId: id, communityId, title, currency, isOpen: false, promisedMinor: promised },
        version: 2,
      });
    return (await programById(tx.db, id)) ?? new AwardNotFound();
  },
);
