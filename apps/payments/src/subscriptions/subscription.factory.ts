import assert from 'node:assert/strict';
import type { AccountId } from '@lyceum/contracts';
import { serviceContext, useCase } from '@lyceum/platform';
import type { TestWorld } from '@lyceum/testing';
import { Price } from '../catalogue/price.entity';
import { BillingInterval, ProductKind } from '../catalogue/product-kind';
import type { Product } from '../catalogue/product.entity';
import { aPrice, aProduct } from '../catalogue/product.factory';
import { savePaymentMethod } from '../payment-methods/save-payment-method';
import { advanceDue } from './advance-due';
import { chargeDue } from './charge-due';

import { subscribe, type SubscribeInput } from './subscribe';
import { ProductSubscription } from './subscription.type';
import { setSubscriptionTerms } from './terms';

/** For tests: a membership on sale by the month (¥10) and the year (¥100). */
export const aMembership = async (
  world: TestWorld,
  {
    trialDays = 0,
    graceDays = 7,
    month = '1000',
    year = '10000',
    currency = 'CNY',
    owner = undefined as Owner,
  } = {},
) => {
  const sold = await aProduct(world, {
    kind: ProductKind.MEMBERSHIP,
    title: 'Membership',
    prices: [
      aPrice(month, { interval: BillingInterval.MONTH, currency }),
      aPrice(year, { interval: BillingInterval.YEAR, currency }),
    ],
    ...(owner === undefined ? {} : { owner }),
  });
  const terms = { productId: sold.product.id, trialDays, graceDays };
  await setSubscriptionTerms(world.as(sold.owner), terms);
  return {
    ...sold,
    month: await priceAt(world, sold.product, BillingInterval.MONTH),
    year: await priceAt(world, sold.product, BillingInterval.YEAR),
  };
};
type Owner = Awaited<ReturnType<typeof aProduct>>['owner'] | undefined;

const priceAt = (
  world: TestWorld,
  { id, version }: Product,
  interval: BillingInterval,
): Promise<Price> => world.db.findOneByOrFail(Price, { productId: id, version, interval });

interface Card {
  readonly token?: string;
  readonly fingerprint?: string | null;
}

const give = useCase(
  async (
    tx,
    { accountId, token = 'ok', fingerprint = null }: Card & { accountId: AccountId },
  ): Promise<void> => {
    await tx.db.query('DELETE FROM payment_method WHERE account_id = $1', [accountId]);
    const method = { token };
    await savePaymentMethod(tx, { accountId, provider: 'sandbox', method, consentedAt: tx.now });
    await tx.db.query('UPDATE payment_method SET fingerprint = $2 WHERE account_id = $1', [
      accountId,
      fingerprint,
    ]);
  },
);

/** For tests: the account has given the sandbox this alone to pay with: `ok`, `decline`, `decline-hard`, `confirm` or `expired`. */
export const giveCard = (world: TestWorld, accountId: AccountId, card: Card = {}): Promise<void> =>
  give(world.as(accountId), { accountId, ...card });

/** For tests: subscribes, and fails the test for a refusal. */
export const aSubscriber = async (
  world: TestWorld,
  accountId: AccountId,
  input: Partial<SubscribeInput> & { priceId: string },
): Promise<ProductSubscription> => {
  const outcome = await subscribe(world.as(accountId), { wantsTrial: true, ...input });
  assert(outcome instanceof ProductSubscription, 'code' in outcome ? outcome.code : 'refused');
  return outcome;
};

/** For tests: lets everything happen that is due at this moment. */
export const letTimeWork = async (world: TestWorld): Promise<void> => {
  const ctx = serviceContext(world.deps, 'test');
  for (;;) {
    const advanced = await advanceDue(ctx, { limit: 200 });
    const charged = await chargeDue(ctx, 200);
    if (advanced + charged === 0) return;
  }
};
