import { BountyOffered, type BountyId, type QuestionId } from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { QuestionClosed } from '../answers/answer-question';
import { MembershipRequired } from '../communities/membership.errors';
import { actingMember } from '../communities/standing';
import { claimKey, IdempotencyConflict } from '../idempotency/claim-key';
import { PostNotFound } from '../posts/post.errors';
import { reachPost } from '../posts/post.queries';
import { writtenRow } from '../posts/rows-by-id';
import { withheld } from '../privileges/gates';
import { PrivilegeWithheld } from '../privileges/privilege-withheld';
import { lockQuestion } from '../questions/question.queries';
import { checkIdempotencyKey } from '../text/check-text';
import { InvalidContent } from '../text/invalid-content';
import { Bounty } from './bounty.entity';
import { BountyAmountInvalid, BountyOpen, NotEnoughPoints } from './bounty.errors';
import { bountyDays, canAfford, isBountyAmount } from './bounty.policy';
import { openBounty } from './bounty.queries';
import { askPoints, lockSpendablePoints, type ToldPoints } from './spendable-points';

@InputType()
export class OfferBountyInput {
  @Field(() => ID) questionId!: QuestionId;
  @Field(() => Int, { description: 'Points: 50 to 500, in steps of 50. Gone once offered.' })
  amount!: number;
  @Field(() => String, { nullable: true, description: 'The same key again offers nothing twice.' })
  idempotencyKey?: string | null;
}

export const OfferBountyResult = createUnionType({
  name: 'OfferBountyResult',
  types: () =>
    [
      Bounty,
      PostNotFound,
      MembershipRequired,
      PrivilegeWithheld,
      QuestionClosed,
      BountyAmountInvalid,
      BountyOpen,
      NotEnoughPoints,
      InvalidContent,
      IdempotencyConflict,
    ] as const,
});
type Result = Promise<typeof OfferBountyResult>;

export const offerBounty = async (ctx: Ctx, input: OfferBountyInput): Result => {
  if (!isBountyAmount(input.amount)) return new BountyAmountInvalid();
  const problem = checkIdempotencyKey(input.idempotencyKey);
  if (problem !== null) return problem;
  const place = await reachPost(ctx, input.questionId, ['question']);
  if (place === null) return new PostNotFound();
  const member = await actingMember(ctx, place.communityId);
  if (member === null) return new MembershipRequired();
  return offer(ctx, { input, told: await askPoints(ctx, member.memberId) });
};

interface Offer {
  readonly input: OfferBountyInput;
  readonly told: ToldPoints;
}

const offer = useCase(async (tx, { input, told }: Offer): Result => {
  const question = await lockQuestion(tx, input.questionId);
  const { communityId } = question;
  const member = await actingMember(tx, communityId);
  if (member === null) return new MembershipRequired();
  const claim = await claimKey(tx, { operation: 'offerBounty', input });
  if (claim instanceof IdempotencyConflict) return claim;
  if (claim.isReplay) return writtenRow(tx.db, Bounty, claim.id);
  const refusal = await withheld(tx, member, 'set-bounties');
  if (refusal !== null) return refusal;
  if (question.closedAt !== null) return new QuestionClosed();
  if ((await openBounty(tx, question.id)) !== null) return new BountyOpen();
  const points = await lockSpendablePoints(tx, member.memberId, told);
  if (!canAfford({ points, amount: input.amount })) return new NotEnoughPoints(points);

  const id = claim.id as BountyId; // made for it
  await tx.db.query(
    `INSERT INTO bounty (id, community_id, question_id, offerer_id, amount, offered_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6::timestamptz, $6::timestamptz + make_interval(days => $7))`,
    [id, communityId, question.id, member.memberId, input.amount, tx.now, bountyDays],
  );
  await tx.emit(BountyOffered, {
    communityId,
    bountyId: id,
    questionId: question.id,
    offererId: member.memberId,
    amount: input.amount,
  });
  return writtenRow(tx.db, Bounty, id);
});
