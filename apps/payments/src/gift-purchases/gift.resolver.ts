import {
  connectionType,
  load,
  PageArgs,
  Scopes,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Product } from '../catalogue/product.entity';
import { productsById } from '../catalogue/product.queries';
import { Member } from '../communities/community.type';
import { buyGift, BuyGiftInput, BuyGiftResult } from './buy-gift';
import { giftsOf, GiftSide, PurchasedGift } from './gift.type';
import {
  makeGiftCode,
  MakeGiftCodeInput,
  MakeGiftCodeResult,
  redeemPurchasedGift,
  RedeemPurchasedGiftInput,
  RedeemPurchasedGiftResult,
} from './redeem-purchased-gift';

const PurchasedGiftConnection = connectionType('PurchasedGift', () => PurchasedGift);

@ArgsType()
class GiftsArgs extends PageArgs {
  @Field(() => GiftSide) as!: GiftSide;
}

@Resolver(() => PurchasedGift)
export class GiftResolver {
  @Authorized()
  @Query(() => PurchasedGiftConnection, {
    nullable: true,
    description: 'What the caller has given, or was given; newest first.',
  })
  viewerPurchasedGifts(
    @Context() ctx: Ctx,
    @Args(() => GiftsArgs) { as, ...page }: GiftsArgs,
  ): Promise<Connection<PurchasedGift>> {
    return giftsOf(ctx, as, page);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => BuyGiftResult, { nullable: true })
  buyGift(
    @Context() ctx: Ctx,
    @Arg('input', () => BuyGiftInput) input: BuyGiftInput,
  ): Promise<typeof BuyGiftResult> {
    return buyGift(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => MakeGiftCodeResult, { nullable: true, description: 'By its giver, once paid.' })
  makeGiftCode(
    @Context() ctx: Ctx,
    @Arg('input', () => MakeGiftCodeInput) input: MakeGiftCodeInput,
  ): Promise<typeof MakeGiftCodeResult> {
    return makeGiftCode(ctx, input);
  }

  @Authorized()
  @Mutation(() => RedeemPurchasedGiftResult, { nullable: true, description: 'Once, by one.' })
  redeemPurchasedGift(
    @Context() ctx: Ctx,
    @Arg('input', () => RedeemPurchasedGiftInput) input: RedeemPurchasedGiftInput,
  ): Promise<typeof RedeemPurchasedGiftResult> {
    return redeemPurchasedGift(ctx, input);
  }

  @FieldResolver(() => Product, { nullable: true })
  product(@Root() { productId }: PurchasedGift, @Context() ctx: Ctx): Promise<Product | null> {
    return load(ctx, productsById, productId);
  }

  @FieldResolver(() => Member, { nullable: true, description: 'Null for one from outside.' })
  giver(@Root() { giverMemberId }: PurchasedGift): Member | null {
    return giverMemberId === null ? null : { id: giverMemberId };
  }

  @FieldResolver(() => Member, {
    nullable: true,
    description: 'Null until it is known, and for one from outside.',
  })
  recipient(@Root() { recipientMemberId }: PurchasedGift): Member | null {
    return recipientMemberId === null ? null : { id: recipientMemberId };
  }
}
