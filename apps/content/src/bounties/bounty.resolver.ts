import { connectionType, load, PageArgs, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { Answer } from '../answers/answer.entity';
import { answersById } from '../answers/answer.queries';
import { Member } from '../communities/member.type';
import { memberOrNull } from '../posts/author';
import { Question } from '../questions/question.entity';
import { questionsById } from '../questions/question.queries';
import { awardBounty, AwardBountyInput, AwardBountyResult } from './award-bounty';
import { Bounty } from './bounty.entity';
import { bountiesOfQuestion, openBounties } from './bounty.queries';
import { offerBounty, OfferBountyInput, OfferBountyResult } from './offer-bounty';

export const BountyConnection = connectionType('Bounty', () => Bounty);

@Resolver(() => Bounty)
export class BountyResolver {
  @FieldResolver(() => Question)
  question(@Root() { questionId }: Bounty, @Context() ctx: Ctx) {
    return load(ctx, questionsById, questionId);
  }

  @FieldResolver(() => Member, { nullable: true })
  offerer(@Root() { offererId }: Bounty) {
    return memberOrNull(offererId);
  }

  @FieldResolver(() => Answer, { nullable: true })
  awardedAnswer(@Root() { awardedAnswerId }: Bounty, @Context() ctx: Ctx) {
    return awardedAnswerId === null ? null : load(ctx, answersById, awardedAnswerId);
  }

  @Authorized()
  @Mutation(() => OfferBountyResult, {
    nullable: true,
    description: 'Gives own points away for a good answer, for 7 days.',
  })
  offerBounty(@Context() ctx: Ctx, @Arg('input', () => OfferBountyInput) input: OfferBountyInput) {
    return offerBounty(ctx, input);
  }

  @Authorized()
  @Mutation(() => AwardBountyResult, { nullable: true })
  awardBounty(@Context() ctx: Ctx, @Arg('input', () => AwardBountyInput) input: AwardBountyInput) {
    return awardBounty(ctx, input);
  }
}

@Resolver(() => Question)
export class QuestionBountyResolver {
  @FieldResolver(() => Bounty, { nullable: true, description: 'The one that can be won.' })
  openBounty(@Root() { id }: Question, @Context() ctx: Ctx) {
    return load(ctx, openBounties, id);
  }

  @FieldResolver(() => BountyConnection, { description: 'All there were, the newest first.' })
  bounties(@Root() { id }: Question, @Context() ctx: Ctx, @Args(() => PageArgs) page: PageArgs) {
    return bountiesOfQuestion(ctx, id, { order: 'NEW', page });
  }
}
