import { OrderPaid, OrderRefunded } from '@lyceum/contracts';
import { allocate, money, type Currency } from '@lyceum/money';
import { consume, groupBy, type Tx } from '@lyceum/platform';
import type { ProductId } from '../catalogue/product.entity';
import { recordRevenue, type RevenueChange } from './record-revenue';

/** What orders bring in, and what goes back, counts for the products of their lines. */
export const recordOrderRevenue = consume({
  name: 'payments.record-order-revenue',
  destination: 'payments',
  types: [OrderPaid, OrderRefunded],
  handle: async (tx, events) => {
    const lines = await productLines(
      tx,
      events.map(({ payload }) => payload.orderId),
    );
    const changes = events.flatMap(({ type, payload, occurredAt }): RevenueChange[] => {
      const own = lines.get(payload.orderId) ?? [];
      const at = new Date(occurredAt);
      if (type === OrderPaid.name && 'totalMinor' in payload)
        return own.map(({ productId, amountMinor, currency }) => ({
          productId,
          sourceId: payload.orderId,
          kind: 'sale',
          amount: money(BigInt(amountMinor), currency),
          at,
        }));
      return 'sourceId' in payload ? returned(own, { ...payload, at }) : [];
    });
    await recordRevenue(tx, changes);
  },
});

interface ProductLine {
  readonly orderId: string;
  readonly productId: ProductId;
  readonly amountMinor: string;
  readonly currency: Currency;
}

const productLines = async (
  tx: Tx,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ProductLine[]>> => {
  const rows = await tx.db.query<ProductLine[]>(
    `SELECT line.order_id AS "orderId", line.product_id AS "productId", sum(line.amount_minor)::text AS "amountMinor",
       sales_order.currency
     FROM order_line AS line JOIN sales_order ON sales_order.id = line.order_id
     WHERE line.order_id = ANY($1::uuid[]) AND line.product_id IS NOT NULL AND line.amount_minor > 0
     GROUP BY line.order_id, line.product_id, sales_order.currency ORDER BY line.product_id`,
    [orderIds],
  );
  return groupBy(rows, ({ orderId }) => orderId);
};

/** What goes back is taken from the products of the order in proportion to what they cost. */
const returned = (
  lines: readonly ProductLine[],
  refund: {
    readonly sourceType: 'refund' | 'dispute';
    readonly sourceId: string;
    readonly amountMinor: string;
    readonly at: Date;
  },
): RevenueChange[] => {
  const [first] = lines;
  if (first === undefined) return [];
  const parts = allocate(
    money(BigInt(refund.amountMinor), first.currency),
    lines.map(({ amountMinor }) => BigInt(amountMinor)),
  );
  return lines.map(({ productId, currency }, n) => ({
    productId,
    sourceId: refund.sourceId,
    kind: refund.sourceType,
    amount: parts[n] ?? money(0n, currency),
    at: refund.at,
  }));
};
