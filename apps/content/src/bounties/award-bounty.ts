import type { AnswerId } from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { Answer } from '../answers/answer.entity';
import { MembershipRequired } from '../communities/membership.errors';
import { actingMember } from '../communities/standing';
import { PostNotFound } from '../posts/post.errors';
import { reachPost } from '../posts/post.queries';
import { writtenRow } from '../posts/rows-by-id';
import { Bounty } from './bounty.entity';
import { NoOpenBounty, NotOfferer, OwnAnswer } from './bounty.errors';
import { canReceive, mayAward } from './bounty.policy';
import { openBounty } from './bounty.queries';
import { closeBounty } from './close-bounty';

@InputType()
export class AwardBountyInput {
  @Field(() => ID, { description: 'The answer that gets the bounty on its question.' })
  answerId!: AnswerId;
}

export const AwardBountyResult = createUnionType({
  name: 'AwardBountyResult',
  types: () =>
    [Bounty, PostNotFound, MembershipRequired, NoOpenBounty, NotOfferer, OwnAnswer] as const,
});
type Result = Promise<typeof AwardBountyResult>;

export const awardBounty = async (ctx: Ctx, input: AwardBountyInput): Result =>
  (await reachPost(ctx, input.answerId, ['answer'])) === null
    ? new PostNotFound()
    : award(ctx, input);

const award = useCase(async (tx, { answerId }: AwardBountyInput): Result => {
  const answer = await writtenRow(tx.db, Answer, answerId);
  const member = await actingMember(tx, answer.communityId);
  if (member === null) return new MembershipRequired();
  const bounty = await openBounty(tx, answer.questionId);
  if (bounty === null) return new NoOpenBounty();
  if (!mayAward(member, bounty)) return new NotOfferer();
  if (!canReceive(answer, member)) return new OwnAnswer();

  await closeBounty(tx, bounty, { answer, amount: bounty.amount });
  return writtenRow(tx.db, Bounty, bounty.id);
});
