import {
  connectionType,
  load,
  notFound,
  PageArgs,
  requireUser,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { Product } from '../catalogue/product.entity';
import { productsById } from '../catalogue/product.queries';
import { Community, Member } from '../communities/community.type';
import { membershipOf } from '../communities/membership.queries';
import { kitOf } from '../kit';
import { cancelOrder, CancelOrderInput, CancelOrderResult } from './cancel-order';
import { checkout, CheckoutInput, CheckoutResult } from './checkout';
import { linesByOrder, ordersOf, paymentsByOrder, visibleOrder } from './order.queries';
import { Order, OrderLine } from './order.type';
import { Payment } from './payment.type';

const OrderConnection = connectionType('Order', () => Order);

@ObjectType({ description: 'A way to pay here, and what it can do.' })
export class PaymentProviderInfo {
  @Field(() => String) name!: string;
  @Field(() => [String], { nullable: true, description: 'ISO 4217 codes; null for all.' })
  currencies!: readonly string[] | null;
  @Field(() => Boolean) partialRefunds!: boolean;
  @Field(() => Boolean, { description: 'Whether it gives its fee back with a refund.' })
  returnsFee!: boolean;
  @Field(() => Boolean, { description: 'Whether what is paid with can be kept while paying.' })
  savesMethodWhilePaying!: boolean;
  @Field(() => Boolean, { description: 'Whether `addPaymentMethod` can be used with it.' })
  savesMethodApart!: boolean;
}

@Resolver(() => Order)
export class OrderResolver {
  @Query(() => [PaymentProviderInfo], {
    nullable: true,
    description: 'The first one is the default.',
  })
  paymentProviders(@Context() ctx: Ctx): PaymentProviderInfo[] {
    return [...kitOf(ctx).providers.values()].map(({ name, capabilities }) => ({
      name,
      currencies: capabilities.currencies,
      partialRefunds: capabilities.partialRefunds,
      returnsFee: capabilities.feeOnRefund === 'pro-rata',
      savesMethodWhilePaying: capabilities.savedMethods?.whilePaying ?? false,
      savesMethodApart: capabilities.savedMethods?.apart ?? false,
    }));
  }

  @Authorized()
  @Query(() => Order, {
    nullable: true,
    description: 'For its buyer, and for who manages the catalogue.',
  })
  async order(@Context() ctx: Ctx, @Arg('id', () => ID) id: string): Promise<Order> {
    const order = await visibleOrder(ctx, id);
    if (order === null) throw notFound('There is no such order.');
    return order;
  }

  @Authorized()
  @Query(() => OrderConnection, {
    nullable: true,
    description: 'What the caller ordered, newest first.',
  })
  viewerOrders(
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Order>> {
    return ordersOf(ctx, { column: 'buyer_id', id: requireUser(ctx).accountId }, page);
  }

  @Authorized()
  @Mutation(() => CheckoutResult, {
    nullable: true,
    description:
      'Orders a product. Free ones are given at once; for others the answer says where to pay.',
  })
  checkout(
    @Context() ctx: Ctx,
    @Arg('input', () => CheckoutInput) input: CheckoutInput,
  ): Promise<typeof CheckoutResult> {
    return checkout(ctx, input);
  }

  @Authorized()
  @Mutation(() => CancelOrderResult, { nullable: true, description: 'Gives an unpaid order up.' })
  cancelOrder(
    @Context() ctx: Ctx,
    @Arg('input', () => CancelOrderInput) input: CancelOrderInput,
  ): Promise<typeof CancelOrderResult> {
    return cancelOrder(ctx, input);
  }

  @FieldResolver(() => [OrderLine])
  async lines(@Root() { id }: Order, @Context() ctx: Ctx): Promise<readonly OrderLine[]> {
    return (await load(ctx, linesByOrder, id)) ?? [];
  }

  @FieldResolver(() => [Payment], { description: 'The attempts to pay it, oldest first.' })
  async payments(@Root() { id }: Order, @Context() ctx: Ctx): Promise<readonly Payment[]> {
    return (await load(ctx, paymentsByOrder, id)) ?? [];
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Where to pay it, while it can be paid.',
  })
  async paymentUrl(@Root() order: Order, @Context() ctx: Ctx): Promise<string | null> {
    if (order.status !== 'awaiting-payment') return null;
    return (await load(ctx, paymentsByOrder, order.id))?.at(-1)?.paymentUrl ?? null;
  }

  @FieldResolver(() => Community)
  community(@Root() { communityId }: Order): Community {
    return { id: communityId };
  }

  @FieldResolver(() => Member, {
    nullable: true,
    description: 'Null for a buyer from outside the community.',
  })
  buyer(@Root() { buyerMemberId }: Order): Member | null {
    return buyerMemberId === null ? null : { id: buyerMemberId };
  }
}

@Resolver(() => OrderLine)
export class OrderLineResolver {
  @FieldResolver(() => Product, { nullable: true })
  product(@Root() { productId }: OrderLine, @Context() ctx: Ctx): Promise<Product | null> | null {
    return productId === null ? null : load(ctx, productsById, productId);
  }
}

@Resolver(() => Community)
export class CommunityOrdersResolver {
  @Authorized()
  @FieldResolver(() => OrderConnection, {
    nullable: true,
    description: 'What was ordered there, newest first; for who manages its catalogue.',
  })
  async orders(
    @Root() { id: communityId }: Community,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Order> | null> {
    const { accountId } = requireUser(ctx);
    const membership = await membershipOf(ctx.db, { communityId, accountId });
    if (!canManageCatalogue(membership)) return null;
    return ordersOf(ctx, { column: 'community_id', id: communityId }, page);
  }
}
