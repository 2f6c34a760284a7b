import { requireUser, UserError, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  createUnionType,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Member } from '../communities/community.type';
import { MoneyInput, MoneyType, toMoneyType } from '../graph/money.type';
import { OrderNotFound } from '../orders/order.errors';
import { Order } from '../orders/order.type';
import { creatorOf, planRefund, takenOf, type RefundPlan } from './plan-refund';
import { refundOrder, RefundOrderInput, RefundOrderResult } from './refund-order';
import { NotRefundable } from './refund-terms';
import { Refund, selectRefunds } from './refund.type';

@InputType()
export class RefundPreviewInput {
  @Field(() => ID) orderId!: string;
  @Field(() => MoneyInput, { nullable: true, description: 'All that is left by default.' })
  amount?: MoneyInput | null;
  @Field(() => Boolean, { nullable: true }) endsAccess?: boolean | null;
}

@ObjectType({ description: 'What one creator gives of a refund.' })
export class CreatorGives {
  @Field(() => Member) member!: Member;
  @Field(() => MoneyType) amount!: MoneyType;
}

@ObjectType({
  description:
    'What a refund will do, to the smallest unit. Its parts add up to what the buyer gets.',
})
export class RefundPreview {
  @Field(() => MoneyType, { description: 'The buyer gets this back.' }) buyerGets!: MoneyType;
  @Field(() => MoneyType, { description: 'All creators together give this.' })
  creatorsGive!: MoneyType;
  @Field(() => [CreatorGives]) creators!: CreatorGives[];
  @Field(() => MoneyType, {
    description: 'The platform gives this, with the fee that its provider keeps.',
  })
  platformGives!: MoneyType;
  @Field(() => MoneyType, {
    description: 'The provider gives this of its fee; zero where it keeps it.',
  })
  providerGives!: MoneyType;
  @Field(() => MoneyType, {
    description: 'What is held for something not yet delivered gives this.',
  })
  heldGives!: MoneyType;
  @Field(() => Int, { description: 'Points that are taken back: purchases earn none, so none.' })
  points!: number;
  @Field(() => Boolean, { description: 'Whether the buyer loses the access.' })
  endsAccess!: boolean;
  @Field(() => MoneyType, { description: 'What could still go back after it.' })
  leftAfter!: MoneyType;
}

export const RefundPreviewResult = createUnionType({
  name: 'RefundPreviewResult',
  types: () => [RefundPreview, OrderNotFound, NotRefundable] as const,
});

/** A plan, as a person reads it. */
export const previewOf = (plan: RefundPlan): RefundPreview => {
  const { order, amount, taken } = plan;
  const creators = taken.flatMap((part) => {
    const id = creatorOf(part);
    return id === null ? [] : [{ member: { id }, amount: toMoneyType(part.amount) }];
  });
  const of = (...codes: string[]): MoneyType =>
    toMoneyType(takenOf(plan, ({ code }) => codes.includes(code)));
  const named = ['creator-earnings', 'platform-fee', 'provider-fee'];
  return Object.assign(new RefundPreview(), {
    buyerGets: toMoneyType(amount),
    creatorsGive: of('creator-earnings'),
    creators,
    platformGives: of('platform-fee'),
    providerGives: of('provider-fee'),
    heldGives: toMoneyType(takenOf(plan, ({ code }) => !named.includes(code))),
    points: 0,
    endsAccess: plan.endsAccess,
    leftAfter: toMoneyType({
      ...amount,
      amountMinor: order.refundable.amountMinor - amount.amountMinor,
    }),
  });
};

@Resolver(() => Order)
export class RefundResolver {
  @Authorized()
  @Query(() => RefundPreviewResult, {
    nullable: true,
    description: 'What `refundOrder` with the same input would do. Changes nothing.',
  })
  async refundPreview(
    @Context() ctx: Ctx,
    @Arg('input', () => RefundPreviewInput) input: RefundPreviewInput,
  ): Promise<typeof RefundPreviewResult> {
    requireUser(ctx);
    const plan = await planRefund(ctx, input, ctx.deps.now());
    return plan instanceof UserError ? plan : previewOf(plan);
  }

  @Authorized()
  @Mutation(() => RefundOrderResult, {
    nullable: true,
    description:
      'Gives money back: all of it in time by its buyer, any part by who manages the catalogue.',
  })
  refundOrder(
    @Context() ctx: Ctx,
    @Arg('input', () => RefundOrderInput) input: RefundOrderInput,
  ): Promise<typeof RefundOrderResult> {
    return refundOrder(ctx, input);
  }

  @FieldResolver(() => [Refund], { description: 'Oldest first.' })
  refunds(@Root() { id }: Order, @Context() ctx: Ctx): Promise<Refund[]> {
    return selectRefunds(ctx.db, 'order_id = $1', [id]);
  }
}
