import { isId, newId } from '@lyceum/contracts';
import { parseCurrency } from '@lyceum/money';
import { requireUser, useCase, UserError, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { isOwnPath } from '../income/start-order-payment';
import { kitOf } from '../kit';
import { ProviderUnknown } from '../orders/order.errors';
import { providerFor } from '../providers/choose-provider';
import { ProviderUnavailable } from '../providers/provider';
import { PaymentMethod, selectPaymentMethods } from './payment-method';
import { chargeWhatIsLate } from './save-payment-method';

@ObjectType({ implements: UserError })
export class PaymentMethodNotFound extends UserError {
  readonly code = 'PAYMENT_METHOD_NOT_FOUND' as const;
  readonly message = 'You have no such payment method.';
}

@ObjectType({
  implements: UserError,
  description: 'It may still be kept while something is paid with it.',
})
export class ProviderKeepsNoMethods extends UserError {
  readonly code = 'PROVIDER_KEEPS_NO_METHODS' as const;
  readonly message = 'This way to pay cannot be kept without paying something.';
}

@ObjectType({ implements: UserError })
export class SetupFailed extends UserError {
  readonly code = 'SETUP_FAILED' as const;
  readonly message = 'The provider does not answer. Try again later.';
}

@InputType()
export class AddPaymentMethodInput {
  @Field(() => String, { description: 'See `paymentProviders`.' }) provider!: string;

  @Field(() => String, { description: 'What is to be charged with it: an ISO 4217 code.' })
  currency!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where to return to: a path of this platform.',
  })
  returnPath?: string | null;
}

@ObjectType({ description: 'Where to leave something to pay with.' })
export class PaymentMethodSetup {
  @Field(() => String, { description: 'A page; relative to this platform unless absolute.' })
  url!: string;
}

@InputType()
export class PaymentMethodInput {
  @Field(() => ID) paymentMethodId!: string;
}

@ObjectType()
export class PaymentMethodRemoved {
  @Field(() => ID) paymentMethodId!: string;
}

export const AddPaymentMethodResult = createUnionType({
  name: 'AddPaymentMethodResult',
  types: () => [PaymentMethodSetup, ProviderUnknown, ProviderKeepsNoMethods, SetupFailed] as const,
});

export const SetDefaultPaymentMethodResult = createUnionType({
  name: 'SetDefaultPaymentMethodResult',
  types: () => [PaymentMethod, PaymentMethodNotFound] as const,
});

export const RemovePaymentMethodResult = createUnionType({
  name: 'RemovePaymentMethodResult',
  types: () => [PaymentMethodRemoved, PaymentMethodNotFound] as const,
});

/**
 * Begins to leave something to pay with, for whoever agrees that it is charged again without being asked. It is kept
 * when the provider tells that the page was completed.
 */
export const addPaymentMethod = async (
  ctx: Ctx,
  { provider: name, currency: code, returnPath }: AddPaymentMethodInput,
): Promise<typeof AddPaymentMethodResult> => {
  requireUser(ctx);
  const currency = parseCurrency(code);
  const provider = currency === null ? null : providerFor(ctx, currency, name);
  if (provider === null || currency === null) return new ProviderUnknown();
  if (provider.startSetup === undefined || provider.capabilities.savedMethods?.apart !== true)
    return new ProviderKeepsNoMethods();
  const setupId = await beginSetup(ctx, { provider: name });
  const base = kitOf(ctx).publicUrl ?? '';
  try {
    const { paymentUrl } = await provider.startSetup({
      setupId,
      currency,
      returnUrl: `${base}${isOwnPath(returnPath) ? returnPath : '/'}`,
      notifyUrl: `${base}/webhooks/${name}`,
      now: ctx.deps.now(),
    });
    return Object.assign(new PaymentMethodSetup(), { url: paymentUrl });
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
    ctx.log.warn({ err: error, provider: name }, 'provider.unavailable');
    return new SetupFailed();
  }
};

const beginSetup = useCase(async (tx, { provider }: { provider: string }): Promise<string> => {
  const id = newId<'PaymentMethodSetup'>();
  await tx.db.query(
    'INSERT INTO payment_method_setup (id, account_id, provider, created_at) VALUES ($1, $2, $3, $4)',
    [id, requireUser(tx).accountId, provider, tx.now],
  );
  return id;
});

/** It is charged first from now on, and for what is late at once. */
export const setDefaultPaymentMethod = useCase(
  async (
    tx,
    { paymentMethodId }: PaymentMethodInput,
  ): Promise<typeof SetDefaultPaymentMethodResult> => {
    const { accountId } = requireUser(tx);
    if (!isId(paymentMethodId)) return new PaymentMethodNotFound();
    // Later than every other one, also within one millisecond.
    const [changed] = await tx.db.query<[unknown[], number]>(
      `UPDATE payment_method SET preferred_at = greatest($3, (
         SELECT max(preferred_at) + interval '1 ms' FROM payment_method WHERE account_id = $2 AND id <> $1))
       WHERE id = $1 AND account_id = $2 RETURNING 1`,
      [paymentMethodId, accountId, tx.now],
    );
    if (changed.length === 0) return new PaymentMethodNotFound();
    await chargeWhatIsLate(tx, accountId);
    const [method] = await selectPaymentMethods(tx.db, 'id = $1', [paymentMethodId]);
    return method ?? new PaymentMethodNotFound();
  },
);

/** It is charged no more, from this moment on; the provider is told by a job, until it has heard. */
export const removePaymentMethod = useCase(
  async (
    tx,
    { paymentMethodId }: PaymentMethodInput,
  ): Promise<typeof RemovePaymentMethodResult> => {
    const { accountId } = requireUser(tx);
    if (!isId(paymentMethodId)) return new PaymentMethodNotFound();
    const [removed] = await tx.db.query<[unknown[], number]>(
      'DELETE FROM payment_method WHERE id = $1 AND account_id = $2 RETURNING 1',
      [paymentMethodId, accountId],
    );
    return removed.length === 0
      ? new PaymentMethodNotFound()
      : Object.assign(new PaymentMethodRemoved(), { paymentMethodId });
  },
);
