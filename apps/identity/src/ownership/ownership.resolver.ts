import { isId, type CommunityId } from '@lyceum/contracts';
import { load, Scopes, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Member, Role } from '../memberships/member.entity';
import { membersById, viewerMembers } from '../memberships/member.queries';
import {
  acceptOwnership,
  AcceptOwnershipResult,
  AnswerOfferInput,
  declineOwnership,
  DeclineOwnershipResult,
  offerOwnership,
  OfferOwnershipInput,
  OfferOwnershipResult,
  type AcceptOwnershipOutcome,
  type DeclineOwnershipOutcome,
  type OfferOwnershipOutcome,
} from './offer-ownership';
import { OwnershipOffer } from './ownership-offer.type';
import { offerOf } from './ownership.queries';

@Resolver(() => OwnershipOffer)
export class OwnershipResolver {
  @Authorized()
  @Query(() => OwnershipOffer, {
    nullable: true,
    description: 'The open offer of a community, for its owners and for who got it.',
  })
  async ownershipOffer(
    @Context() ctx: Ctx,
    @Arg('communityId', () => ID) communityId: CommunityId,
  ): Promise<OwnershipOffer | null> {
    const own = isId(communityId) ? await load(ctx, viewerMembers, communityId) : null;
    if (own === null) return null;
    const offer = await offerOf(ctx.db, { communityId, now: ctx.deps.now() });
    return own.role === Role.OWNER || offer?.toMemberId === own.id ? offer : null;
  }

  @FieldResolver(() => Member, { nullable: true, description: 'Who offers.' })
  from(@Context() ctx: Ctx, @Root() offer: OwnershipOffer): Promise<Member | null> {
    return load(ctx, membersById, offer.fromMemberId);
  }

  @FieldResolver(() => Member, { nullable: true, description: 'Who may accept.' })
  to(@Context() ctx: Ctx, @Root() offer: OwnershipOffer): Promise<Member | null> {
    return load(ctx, membersById, offer.toMemberId);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => OfferOwnershipResult, { description: 'For owners. Open for two weeks.' })
  offerOwnership(
    @Context() ctx: Ctx,
    @Arg('input', () => OfferOwnershipInput) input: OfferOwnershipInput,
  ): Promise<OfferOwnershipOutcome> {
    return offerOwnership(ctx, input);
  }

  @Authorized()
  @Mutation(() => AcceptOwnershipResult, { description: 'For who got the offer.' })
  acceptOwnership(
    @Context() ctx: Ctx,
    @Arg('input', () => AnswerOfferInput) input: AnswerOfferInput,
  ): Promise<AcceptOwnershipOutcome> {
    return acceptOwnership(ctx, input);
  }

  @Authorized()
  @Mutation(() => DeclineOwnershipResult, {
    description: 'For who got the offer; owners take it back with this.',
  })
  declineOwnership(
    @Context() ctx: Ctx,
    @Arg('input', () => AnswerOfferInput) input: AnswerOfferInput,
  ): Promise<DeclineOwnershipOutcome> {
    return declineOwnership(ctx, input);
  }
}
