import { allocate, money, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import type { ProductId } from '../catalogue/product.entity';
import { recordRevenue, type RevenueChange } from '../costs/record-revenue';
import { linesOf } from './order.type';

/** Counts money of an order for the products it was paid for, in proportion to what each cost. */
export const countRevenue = async (
  tx: Tx,
  of: {
    readonly orderId: string;
    /** The order, refund or dispute that the money is of. */
    readonly sourceId: string;
    readonly kind: RevenueChange['kind'];
    readonly amount: Money;
  },
): Promise<void> => {
  const { amount, sourceId, kind } = of;
  const lines = await linesOf(tx.db, [of.orderId]);
  const parts = allocate(
    amount,
    lines.map(({ amountMinor }) => amountMinor),
  );
  const byProduct = new Map<ProductId, bigint>();
  for (const [index, { productId }] of lines.entries())
    if (productId !== null)
      byProduct.set(
        productId,
        (byProduct.get(productId) ?? 0n) + (parts[index]?.amountMinor ?? 0n),
      );
  await recordRevenue(
    tx,
    [...byProduct].map(([productId, amountMinor]) => ({
      productId,
      sourceId,
      kind,
      amount: money(amountMinor, amount.currency),
      at: tx.now,
    })),
  );
};
