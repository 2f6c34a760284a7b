import type { Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import type { ProductId } from '../catalogue/product.entity';

/** What happened to money that buyers paid for a product. */
export interface RevenueChange {
  readonly productId: ProductId;
  /** The order, refund or dispute: of one source and kind, a product's revenue changes once. */
  readonly sourceId: string;
  readonly kind: 'sale' | 'refund' | 'dispute' | 'dispute-won';
  /** Positive: the kind says whether it came or went. */
  readonly amount: Money;
  readonly at: Date;
}

/** Counts what a product brings in, for its return. Doing it again changes nothing; zero is not counted. */
export const recordRevenue = async (tx: Tx, changes: readonly RevenueChange[]): Promise<void> => {
  const rows = changes
    .filter(({ amount }) => amount.amountMinor > 0n)
    .map(({ productId, sourceId, kind, amount, at }) => ({
      productId,
      sourceId,
      kind,
      amountMinor: (comes.has(kind) ? amount.amountMinor : -amount.amountMinor).toString(),
      currency: amount.currency,
      at,
    }));
  if (rows.length === 0) return;
  await tx.db.query(
    `INSERT INTO product_revenue (product_id, source_id, kind, amount_minor, currency, occurred_at)
     SELECT "productId", "sourceId", kind, "amountMinor", currency, at
     FROM json_to_recordset($1::json) AS row
       ("productId" uuid, "sourceId" uuid, kind text, "amountMinor" bigint, currency text, at timestamptz)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows)],
  );
};

const comes: ReadonlySet<RevenueChange['kind']> = new Set(['sale', 'dispute-won']);
