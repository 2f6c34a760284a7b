import {
  connectionType,
  notFound,
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
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Member } from '../communities/community.type';
import { visibleOrder } from '../orders/order.queries';
import { Order } from '../orders/order.type';
import { acceptQuote, AcceptQuoteInput, AcceptQuoteResult } from './accept-quote';
import {
  acceptDelivery,
  cancelCommission,
  commissionCancelPreview,
  CommissionCancelPreview,
  contestDelivery,
  decideCommission,
  DecideCommissionInput,
  deliverCommission,
  DeliverCommissionInput,
  ObjectToDeliveryInput,
  requestRevision,
} from './carry-out';
import { Commission, CommissionSide, commissionsOf, visibleCommission } from './commission.type';
import { CommissionInput, CommissionResult } from './on-commission';
import {
  declineCommission,
  quoteCommission,
  QuoteCommissionInput,
  requestCommission,
  RequestCommissionInput,
  RequestCommissionResult,
} from './request-commission';

const CommissionConnection = connectionType('Commission', () => Commission);
type Result = Promise<typeof CommissionResult>;

@ArgsType()
class CommissionsArgs extends PageArgs {
  @Field(() => CommissionSide) as!: CommissionSide;
}

@Resolver(() => Commission)
export class CommissionResolver {
  @Authorized()
  @Query(() => Commission, { nullable: true })
  async commission(@Context() ctx: Ctx, @Arg('id', () => ID) id: string): Promise<Commission> {
    const commission = await visibleCommission(ctx, id);
    if (commission === null) throw notFound('There is no such commission.');
    return commission;
  }

  @Authorized()
  @Query(() => CommissionConnection, { nullable: true, description: 'Newest first.' })
  viewerCommissions(
    @Context() ctx: Ctx,
    @Args(() => CommissionsArgs) { as, ...page }: CommissionsArgs,
  ): Promise<Connection<Commission>> {
    return commissionsOf(ctx, as, page);
  }

  @Authorized()
  @Query(() => CommissionCancelPreview, {
    nullable: true,
    description: 'What `cancelCommission` would do with the money now. Changes nothing.',
  })
  commissionCancelPreview(
    @Context() ctx: Ctx,
    @Arg('commissionId', () => ID) commissionId: string,
  ): Promise<typeof CommissionCancelPreview> {
    return commissionCancelPreview(ctx, commissionId);
  }

  @Authorized()
  @Mutation(() => RequestCommissionResult, { nullable: true })
  requestCommission(
    @Context() ctx: Ctx,
    @Arg('input', () => RequestCommissionInput) input: RequestCommissionInput,
  ): Promise<typeof RequestCommissionResult> {
    return requestCommission(ctx, input);
  }

  @Authorized()
  @Mutation(() => CommissionResult, { nullable: true, description: 'By whom it was asked of.' })
  quoteCommission(
    @Context() ctx: Ctx,
    @Arg('input', () => QuoteCommissionInput) input: QuoteCommissionInput,
  ): Result {
    return quoteCommission(ctx, input);
  }

  @Authorized()
  @Mutation(() => CommissionResult, {
    nullable: true,
    description: 'Ends it before it is paid, by either side.',
  })
  declineCommission(
    @Context() ctx: Ctx,
    @Arg('input', () => CommissionInput) input: CommissionInput,
  ): Result {
    return declineCommission(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => AcceptQuoteResult, { nullable: true, description: 'By the client, who pays.' })
  acceptQuote(
    @Context() ctx: Ctx,
    @Arg('input', () => AcceptQuoteInput) input: AcceptQuoteInput,
  ): Promise<typeof AcceptQuoteResult> {
    return acceptQuote(ctx, input);
  }

  @Authorized()
  @Mutation(() => CommissionResult, { nullable: true, description: 'By the creator.' })
  deliverCommission(
    @Context() ctx: Ctx,
    @Arg('input', () => DeliverCommissionInput) input: DeliverCommissionInput,
  ): Result {
    return deliverCommission(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => CommissionResult, {
    nullable: true,
    description: 'By the client: the creator has the money then.',
  })
  acceptDelivery(
    @Context() ctx: Ctx,
    @Arg('input', () => CommissionInput) input: CommissionInput,
  ): Result {
    return acceptDelivery(ctx, input);
  }

  @Authorized()
  @Mutation(() => CommissionResult, {
    nullable: true,
    description: 'By the client, as often as was agreed.',
  })
  requestRevision(
    @Context() ctx: Ctx,
    @Arg('input', () => ObjectToDeliveryInput) input: ObjectToDeliveryInput,
  ): Result {
    return requestRevision(ctx, input);
  }

  @Authorized()
  @Mutation(() => CommissionResult, { nullable: true, description: 'By the client.' })
  contestDelivery(
    @Context() ctx: Ctx,
    @Arg('input', () => ObjectToDeliveryInput) input: ObjectToDeliveryInput,
  ): Result {
    return contestDelivery(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => CommissionResult, {
    nullable: true,
    description: 'Before it is delivered; see `commissionCancelPreview`.',
  })
  cancelCommission(
    @Context() ctx: Ctx,
    @Arg('input', () => CommissionInput) input: CommissionInput,
  ): Result {
    return cancelCommission(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => CommissionResult, {
    nullable: true,
    description: 'By who manages the catalogue, and is no side of it.',
  })
  decideCommission(
    @Context() ctx: Ctx,
    @Arg('input', () => DecideCommissionInput) input: DecideCommissionInput,
  ): Result {
    return decideCommission(ctx, input);
  }

  @FieldResolver(() => Order, { nullable: true })
  order(@Root() { orderId }: Commission, @Context() ctx: Ctx): Promise<Order | null> | null {
    return orderId === null ? null : visibleOrder(ctx, orderId);
  }

  @FieldResolver(() => Member)
  client(@Root() { clientMemberId }: Commission): Member {
    return { id: clientMemberId };
  }

  @FieldResolver(() => Member)
  creator(@Root() { creatorId }: Commission): Member {
    return { id: creatorId };
  }
}
