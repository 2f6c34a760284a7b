import {
  type Connection,
  type Ctx,
  idIn,
  load,
  PageArgs,
  parsePage,
  Scopes,
  toConnection,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Int,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { learnActingMember, mayAdminister } from '../communities/acting-member';
import { Community } from '../communities/community.type';
import { Member } from '../members/member.type';
import { giftsById, giftsOf, redemptions, spendableOf, type RedemptionPage } from './gift.queries';
import { Gift, GiftRedemption, GiftRedemptionConnection } from './gift.types';
import {
  changeGift,
  ChangeGiftInput,
  ChangeGiftResult,
  offerGift,
  OfferGiftInput,
  OfferGiftResult,
} from './offer-gift';
import {
  cancelRedemption,
  CancelRedemptionInput,
  CancelRedemptionResult,
  decideRedemption,
  DecideRedemptionInput,
  DecideRedemptionResult,
  redeemGift,
  RedeemGiftInput,
  RedeemGiftResult,
} from './redeem-gift';

@Resolver()
export class GiftMutationsResolver {
  @Scopes('admin')
  @Authorized()
  @Mutation(() => OfferGiftResult, { description: 'For owners and admins.' })
  offerGift(
    @Context() ctx: Ctx,
    @Arg('input', () => OfferGiftInput) input: OfferGiftInput,
  ): Promise<typeof OfferGiftResult> {
    return offerGift(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => ChangeGiftResult, { description: 'For owners and admins.' })
  changeGift(
    @Context() ctx: Ctx,
    @Arg('input', () => ChangeGiftInput) input: ChangeGiftInput,
  ): Promise<typeof ChangeGiftResult> {
    return changeGift(ctx, input);
  }

  @Authorized()
  @Mutation(() => RedeemGiftResult)
  redeemGift(
    @Context() ctx: Ctx,
    @Arg('input', () => RedeemGiftInput) input: RedeemGiftInput,
  ): Promise<typeof RedeemGiftResult> {
    return redeemGift(ctx, input);
  }

  @Authorized()
  @Mutation(() => CancelRedemptionResult)
  cancelRedemption(
    @Context() ctx: Ctx,
    @Arg('input', () => CancelRedemptionInput) input: CancelRedemptionInput,
  ): Promise<typeof CancelRedemptionResult> {
    return cancelRedemption(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => DecideRedemptionResult, { description: 'For owners and admins.' })
  decideRedemption(
    @Context() ctx: Ctx,
    @Arg('input', () => DecideRedemptionInput) input: DecideRedemptionInput,
  ): Promise<typeof DecideRedemptionResult> {
    return decideRedemption(ctx, input);
  }
}

@Resolver(() => GiftRedemption)
export class GiftRedemptionResolver {
  @FieldResolver(() => Gift)
  async gift(@Root() { giftId }: GiftRedemption, @Context() ctx: Ctx): Promise<Gift> {
    const gift = await load(ctx, giftsById, giftId);
    if (gift === null) throw new Error('a redemption is of a gift');
    return gift;
  }
}

@Resolver(() => Community)
export class CommunityGiftsResolver {
  @FieldResolver(() => [Gift], {
    nullable: true,
    description: 'What points can be spent on; owners and admins see what is not offered too.',
  })
  async gifts(@Root() { id }: Community, @Context() ctx: Ctx): Promise<Gift[]> {
    const isUser = ctx.actor.kind === 'user';
    const withHidden = isUser && mayAdminister(await learnActingMember(ctx, id));
    return giftsOf(ctx.db, { communityId: id, withHidden });
  }

  @FieldResolver(() => GiftRedemptionConnection, {
    nullable: true,
    description: 'Latest first; for owners and admins, none for others.',
  })
  async giftRedemptions(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<GiftRedemption> | null> {
    const isUser = ctx.actor.kind === 'user';
    if (!isUser || !mayAdminister(await learnActingMember(ctx, id))) return null;
    return pageOf(ctx, { communityId: id }, page);
  }
}

@Resolver(() => Member)
export class MemberGiftsResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Points less what was paid for gifts. Spending costs neither rank nor level.',
  })
  async spendablePoints(@Root() { id }: Member, @Context() ctx: Ctx): Promise<number> {
    return (await load(ctx, spendableOf, id))?.spendable ?? 0;
  }
}

const list = 'gift-redemptions';

const pageOf = async (
  ctx: Ctx,
  of: RedemptionPage['of'],
  page: PageArgs,
): Promise<Connection<GiftRedemption>> => {
  const { first, after } = parsePage(list, page);
  const rows = await redemptions(ctx.db, {
    of,
    after: idIn(after),
    limit: first + 1,
  });
  return toConnection(rows, { list, first, positionOf: (one) => [one.id] });
};
