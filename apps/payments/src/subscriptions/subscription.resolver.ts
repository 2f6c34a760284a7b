import { isId } from '@lyceum/contracts';
import {
  connectionType,
  forbidden,
  load,
  notFound,
  PageArgs,
  requireUser,
  Scopes,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { Product } from '../catalogue/product.entity';
import { productsById } from '../catalogue/product.queries';
import { Community, Member } from '../communities/community.type';
import { ownMembership } from '../communities/membership.queries';
import { MoneyType, toMoneyType } from '../graph/money.type';
import {
  cancelSubscription,
  keepSubscription,
  pauseSubscription,
  resumeSubscription,
  retryPayment,
} from './control';
import { Invoice } from './invoice.type';
import { accessEndsAt } from './lifecycle';
import { changePlan, previewPlanChange } from './make-plan-change';
import { payInvoice } from './pay-invoice';
import { selectSubscriptions } from './rows';
import { chargeOpenInvoice, subscribe, SubscribeInput } from './subscribe';
import {
  CancelSubscriptionInput,
  CancelSubscriptionResult,
  ChangePlanInput,
  ChangePlanResult,
  ControlSubscriptionResult,
  PauseSubscriptionInput,
  PayInvoiceInput,
  PayInvoiceResult,
  PlanChangePreview,
  PlanChangePreviewResult,
  SubscribeResult,
  SubscriptionInput,
} from './subscription.inputs';
import { SubscriptionNotFound } from './subscription.errors';
import { invoicesOf, subscriptionsOf } from './subscription.queries';
import { priceOf, ProductSubscription } from './subscription.type';
import {
  setSubscriptionTerms,
  SetSubscriptionTermsInput,
  SetSubscriptionTermsResult,
} from './terms';

const SubscriptionConnection = connectionType('ProductSubscription', () => ProductSubscription);
const InvoiceConnection = connectionType('SubscriptionInvoice', () => Invoice);

const byId = async (ctx: Ctx, id: string): Promise<ProductSubscription | null> =>
  isId(id) ? ((await selectSubscriptions(ctx.db, 'subscription.id = $1', [id]))[0] ?? null) : null;

@Resolver(() => ProductSubscription)
export class SubscriptionResolver {
  @Authorized()
  @Scopes('money:read')
  @Query(() => SubscriptionConnection, {
    nullable: true,
    description: "The caller's, newest first.",
  })
  mySubscriptions(
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<ProductSubscription>> {
    return subscriptionsOf(ctx.db, { accountId: requireUser(ctx).accountId }, page);
  }

  @Authorized()
  @Scopes('money:read')
  @Query(() => ProductSubscription, {
    nullable: true,
    description: 'For its subscriber, and owners and administrators of the community.',
  })
  async productSubscription(
    @Arg('id', () => ID) id: string,
    @Context() ctx: Ctx,
  ): Promise<ProductSubscription> {
    const found = await byId(ctx, id);
    const isOwn = found?.accountId === requireUser(ctx).accountId;
    if (
      found !== null &&
      (isOwn || canManageCatalogue(await ownMembership(ctx, found.communityId)))
    )
      return found;
    throw notFound('There is no such subscription.');
  }

  @Authorized()
  @Query(() => PlanChangePreviewResult, { description: 'What a change would cost at this moment.' })
  async planChangePreview(
    @Arg('input', () => ChangePlanInput) input: ChangePlanInput,
    @Context() ctx: Ctx,
  ): Promise<typeof PlanChangePreviewResult> {
    if (!isId(input.subscriptionId)) return new SubscriptionNotFound();
    const quote = await previewPlanChange(ctx, input);
    if ('code' in quote) return quote;
    return Object.assign(new PlanChangePreview(), {
      mode: quote.mode,
      unused: toMoneyType(quote.unused),
      added: toMoneyType(quote.added),
      dueNow: toMoneyType(quote.dueNow),
      onNextInvoice: toMoneyType(quote.onNextInvoice),
      beginsNewPeriod: quote.beginsNewPeriod,
    });
  }

  @FieldResolver(() => Product, { nullable: true })
  product(
    @Root() { productId }: ProductSubscription,
    @Context() ctx: Ctx,
  ): Promise<Product | null> {
    return load(ctx, productsById, productId);
  }

  @FieldResolver(() => Community)
  community(@Root() { communityId }: ProductSubscription): Community {
    return { id: communityId };
  }

  @FieldResolver(() => Member, { nullable: true, description: 'Null for who is no member.' })
  subscriber(@Root() { memberId }: ProductSubscription): Member | null {
    return memberId === null ? null : { id: memberId };
  }

  @FieldResolver(() => MoneyType, { description: 'For each period, before discounts.' })
  price(@Root() subscription: ProductSubscription): MoneyType {
    return toMoneyType(priceOf(subscription));
  }

  @FieldResolver(() => Date, { nullable: true, description: 'Until when it gives what it is for.' })
  accessEndsAt(@Root() subscription: ProductSubscription): Date | null {
    return accessEndsAt(subscription);
  }

  @FieldResolver(() => Product, {
    nullable: true,
    description: 'What it changes to with its next period; null when nothing waits.',
  })
  pendingProduct(
    @Root() { pendingPlan }: ProductSubscription,
    @Context() ctx: Ctx,
  ): Promise<Product | null> | null {
    return pendingPlan === null ? null : load(ctx, productsById, pendingPlan.productId);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'The price that waits, likewise.',
  })
  pendingPrice(@Root() { pendingPlan }: ProductSubscription): MoneyType | null {
    return pendingPlan === null ? null : toMoneyType(pendingPlan.amount);
  }

  @FieldResolver(() => InvoiceConnection, { description: 'What it asked for, newest first.' })
  invoices(
    @Root() { id }: ProductSubscription,
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<Invoice>> {
    return invoicesOf(ctx.db, id, page);
  }
}

@Resolver(() => ProductSubscription)
export class SubscriptionMutations {
  @Authorized()
  @Scopes('money:write')
  @Mutation(() => SubscribeResult)
  subscribe(
    @Context() ctx: Ctx,
    @Arg('input', () => SubscribeInput) input: SubscribeInput,
  ): Promise<typeof SubscribeResult> {
    return subscribe(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => PayInvoiceResult, { description: 'Where to pay what a subscription asks for.' })
  async paySubscription(
    @Context() ctx: Ctx,
    @Arg('input', () => PayInvoiceInput) input: PayInvoiceInput,
  ): Promise<typeof PayInvoiceResult> {
    return isId(input.subscriptionId) ? payInvoice(ctx, input) : new SubscriptionNotFound();
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => CancelSubscriptionResult)
  async cancelSubscription(
    @Context() ctx: Ctx,
    @Arg('input', () => CancelSubscriptionInput) input: CancelSubscriptionInput,
  ): Promise<typeof CancelSubscriptionResult> {
    return isId(input.subscriptionId) ? cancelSubscription(ctx, input) : new SubscriptionNotFound();
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => ControlSubscriptionResult, { description: 'Takes a cancellation or pause back.' })
  async keepSubscription(
    @Context() ctx: Ctx,
    @Arg('input', () => SubscriptionInput) input: SubscriptionInput,
  ): Promise<typeof ControlSubscriptionResult> {
    return isId(input.subscriptionId) ? keepSubscription(ctx, input) : new SubscriptionNotFound();
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => ControlSubscriptionResult)
  async pauseSubscription(
    @Context() ctx: Ctx,
    @Arg('input', () => PauseSubscriptionInput)
    { subscriptionId, resumesAt }: PauseSubscriptionInput,
  ): Promise<typeof ControlSubscriptionResult> {
    if (!isId(subscriptionId)) return new SubscriptionNotFound();
    return pauseSubscription(ctx, { subscriptionId, resumesAt: resumesAt ?? null });
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => ControlSubscriptionResult)
  async resumeSubscription(
    @Context() ctx: Ctx,
    @Arg('input', () => SubscriptionInput) input: SubscriptionInput,
  ): Promise<typeof ControlSubscriptionResult> {
    if (!isId(input.subscriptionId)) return new SubscriptionNotFound();
    const resumed = await resumeSubscription(ctx, input);
    if (!(resumed instanceof ProductSubscription)) return resumed;
    await chargeOpenInvoice(ctx, resumed.id);
    return (await byId(ctx, resumed.id)) ?? resumed;
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => ControlSubscriptionResult, { description: 'Charges what is late again now.' })
  async retrySubscriptionPayment(
    @Context() ctx: Ctx,
    @Arg('input', () => SubscriptionInput) input: SubscriptionInput,
  ): Promise<typeof ControlSubscriptionResult> {
    if (!isId(input.subscriptionId)) return new SubscriptionNotFound();
    const asked = await retryPayment(ctx, input);
    if (!(asked instanceof ProductSubscription)) return asked;
    await chargeOpenInvoice(ctx, asked.id);
    return (await byId(ctx, asked.id)) ?? asked;
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => ChangePlanResult)
  async changeSubscriptionPlan(
    @Context() ctx: Ctx,
    @Arg('input', () => ChangePlanInput) input: ChangePlanInput,
  ): Promise<typeof ChangePlanResult> {
    return isId(input.subscriptionId) ? changePlan(ctx, input) : new SubscriptionNotFound();
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => SetSubscriptionTermsResult)
  setSubscriptionTerms(
    @Context() ctx: Ctx,
    @Arg('input', () => SetSubscriptionTermsInput) input: SetSubscriptionTermsInput,
  ): Promise<typeof SetSubscriptionTermsResult> {
    return setSubscriptionTerms(ctx, input);
  }
}

@Resolver(() => Community)
export class CommunitySubscriptionResolver {
  @Scopes('money:read')
  @FieldResolver(() => SubscriptionConnection, {
    nullable: true,
    description: 'Newest first; for owners and administrators.',
  })
  async subscriptions(
    @Root() { id }: Community,
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<ProductSubscription>> {
    requireUser(ctx);
    if (!canManageCatalogue(await ownMembership(ctx, id)))
      throw forbidden('Only who manages the catalogue sees who subscribes.');
    return subscriptionsOf(ctx.db, { communityId: id }, page);
  }
}
