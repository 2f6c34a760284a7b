import { isId, type AccountId } from '@lyceum/contracts';
import {
  badInput,
  connectionType,
  PageArgs,
  parsePage,
  requireUser,
  Scopes,
  toConnection,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import { Arg, Args, Authorized, Ctx as Context, Mutation, Query, Resolver } from 'type-graphql';
import {
  addPaymentMethod,
  AddPaymentMethodInput,
  AddPaymentMethodResult,
  PaymentMethodInput,
  removePaymentMethod,
  RemovePaymentMethodResult,
  setDefaultPaymentMethod,
  SetDefaultPaymentMethodResult,
} from './manage-payment-methods';
import { PaymentMethod, selectPaymentMethods } from './payment-method';

const PaymentMethodConnection = connectionType('PaymentMethod', () => PaymentMethod);

@Resolver(() => PaymentMethod)
export class PaymentMethodResolver {
  @Authorized()
  @Scopes('money:read')
  @Query(() => PaymentMethodConnection, {
    nullable: true,
    description: 'What the caller has left to pay with again, the default first.',
  })
  myPaymentMethods(
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<PaymentMethod>> {
    return methodsOf(ctx, requireUser(ctx).accountId, page);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => AddPaymentMethodResult, {
    description: 'Who asks for it agrees that it is charged again for what they subscribe to.',
  })
  addPaymentMethod(
    @Context() ctx: Ctx,
    @Arg('input', () => AddPaymentMethodInput) input: AddPaymentMethodInput,
  ): Promise<typeof AddPaymentMethodResult> {
    return addPaymentMethod(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => SetDefaultPaymentMethodResult)
  setDefaultPaymentMethod(
    @Context() ctx: Ctx,
    @Arg('input', () => PaymentMethodInput) input: PaymentMethodInput,
  ): Promise<typeof SetDefaultPaymentMethodResult> {
    return setDefaultPaymentMethod(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => RemovePaymentMethodResult)
  removePaymentMethod(
    @Context() ctx: Ctx,
    @Arg('input', () => PaymentMethodInput) input: PaymentMethodInput,
  ): Promise<typeof RemovePaymentMethodResult> {
    return removePaymentMethod(ctx, input);
  }
}

const methodsOf = async (
  ctx: Ctx,
  accountId: AccountId,
  page: PageArgs,
): Promise<Connection<PaymentMethod>> => {
  const list = `payment-methods:${accountId}`;
  const { first, after } = parsePage(list, page);
  const [at = null, id = null] = after ?? [];
  if (at !== null && (typeof at !== 'number' || typeof id !== 'string' || !isId(id)))
    throw badInput('"after" is not a cursor of this list.');
  const rows = await selectPaymentMethods(
    ctx.db,
    `account_id = $1 AND ($2::timestamptz IS NULL OR (preferred_at, id) < ($2, $3::uuid))
     ORDER BY preferred_at DESC, id DESC LIMIT $4`,
    [accountId, at === null ? null : new Date(at), id, first + 1],
  );
  return toConnection(rows, {
    list,
    first,
    positionOf: (row) => [row.preferredAt.getTime(), row.id],
  });
};
