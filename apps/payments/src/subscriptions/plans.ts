import { BillingInterval } from '../catalogue/product-kind';
import { Price, type PriceId } from '../catalogue/price.entity';
import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import type { Plan } from './subscription.type';

/** What a recurring price is a plan of; null for a price that is paid once. */
export const planAt = ({ id, productId, version, interval, amount }: Price): Plan | null =>
  interval === BillingInterval.ONE_OFF
    ? null
    : { priceId: id, productId, productVersion: version, interval, amount };

/** The plans of these prices. */
export const plansAt = async (
  db: EntityManager,
  priceIds: readonly PriceId[],
): Promise<ReadonlyMap<PriceId, Plan>> => {
  if (priceIds.length === 0) return new Map();
  const prices = await db.findBy(Price, { id: In([...new Set(priceIds)]) });
  return new Map(
    prices.flatMap((price) => {
      const plan = planAt(price);
      return plan === null ? [] : [[price.id, plan] as const];
    }),
  );
};
