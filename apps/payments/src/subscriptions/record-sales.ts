import assert from 'node:assert/strict';
import type { CommunityId, MemberId } from '@lyceum/contracts';
import { add, isZero, negate, subtract, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { recordRevenue } from '../costs/record-revenue';
import { openAccount, type AccountName } from '../ledger/accounts';
import { providerOwner, type Movement } from '../ledger/move-money';
import { postTransfers } from '../ledger/post-transfers';
import type { LedgerAccountId, Transfer } from '../ledger/transfer';
import type { OrderId } from '../orders/order.type';
import { tellPaid } from '../orders/tell-paid';
import type { ProductId } from '../catalogue/product.entity';
import { splitOf } from '../splits/split-of';
import { IncomeStream, type SplitTable } from '../splits/split-table.entity';
import { splitInForce } from '../splits/split.queries';
import type { Invoice } from './invoice.type';
import type { Subscription } from './subscription.type';

/** An invoice that a provider has been paid for, without an order before it. */
export interface Sale {
  readonly orderId: OrderId;
  readonly invoice: Invoice;
  readonly subscription: Subscription;
  readonly provider: string;
  readonly providerRef: string;
  readonly fee: Money;
}

interface SoldProduct {
  readonly productId: ProductId;
  readonly version: number;
  readonly communityId: CommunityId;
  readonly title: string;
  readonly earnerId: MemberId;
  readonly windowDays: number;
  readonly endsAccess: boolean;
}

interface Booked extends Sale {
  readonly product: SoldProduct;
  readonly split: SplitTable;
  readonly credits: readonly Movement[];
}

/**
 * Books renewals as what they are: paid orders, of one line each, that can be refunded and disputed like all others.
 * A batch costs the same number of statements however long it is, but for each new product and account in it.
 */
export const recordSales = async (tx: Tx, sales: readonly Sale[]): Promise<void> => {
  if (sales.length === 0) return;
  const products = await soldProducts(tx, sales);
  const splits = new Map<ProductId, SplitTable>();
  const booked: Booked[] = [];
  for (const sale of sales) {
    const product = products.get(`${sale.invoice.productId}/${sale.invoice.priceId}`);
    assert(product !== undefined, 'an invoice is for a product at one of its prices');
    const split = splits.get(product.productId) ?? (await splitNow(tx, product));
    splits.set(product.productId, split);
    booked.push({ ...sale, product, split, credits: creditsOf(sale, product, split) });
  }
  await insertOrders(tx, booked);
  await post(tx, booked);
  await recordRevenue(
    tx,
    booked.map(({ orderId, invoice }) => ({
      productId: invoice.productId,
      sourceId: orderId,
      kind: 'sale' as const,
      amount: invoice.total,
      at: tx.now,
    })),
  );
  await tellPaid(tx, booked.map(toPaid));
};

const toPaid = ({ orderId, invoice, subscription }: Booked) => ({
  orderId,
  communityId: subscription.communityId,
  buyerId: subscription.accountId,
  buyerMemberId: subscription.memberId,
  purposes: ['subscription'],
  productIds: [invoice.productId],
  totalMinor: invoice.totalMinor.toString(),
  currency: invoice.currency,
});

const soldProducts = async (
  tx: Tx,
  sales: readonly Sale[],
): Promise<ReadonlyMap<string, SoldProduct>> => {
  const rows = await tx.db.query<(SoldProduct & { priceId: string })[]>(
    `SELECT product.id AS "productId", price.id AS "priceId", price.version, product.community_id AS "communityId",
       product.title, coalesce(product.earner_id, product.created_by_id) AS "earnerId",
       version.refund_window_days AS "windowDays", version.refund_ends_access AS "endsAccess"
     FROM price JOIN product ON product.id = price.product_id
       JOIN product_version AS version ON version.product_id = price.product_id AND version.number = price.version
     WHERE price.id = ANY($1)`,
    [[...new Set(sales.map(({ invoice }) => invoice.priceId))]],
  );
  return new Map(rows.map((row) => [`${row.productId}/${row.priceId}`, row]));
};

const splitNow = (tx: Tx, { communityId, productId }: SoldProduct): Promise<SplitTable> =>
  splitInForce(tx.db, { communityId, productId, stream: IncomeStream.SALES }, tx.now);

const creditsOf = (
  { invoice, fee }: Sale,
  { earnerId }: SoldProduct,
  split: SplitTable,
): readonly Movement[] =>
  splitOf(split, subtract(invoice.total, fee), { creatorId: earnerId, referrerId: null })
    .filter(({ amount }) => amount.amountMinor > 0n)
    .map(({ memberId, amount }) =>
      memberId === null
        ? { code: 'platform-fee', ownerId: null, amount }
        : { code: 'creator-earnings', ownerId: memberId, amount },
    );

const insertOrders = async (tx: Tx, booked: readonly Booked[]): Promise<void> => {
  const rows = JSON.stringify(booked.map(toOrderRow));
  await tx.db.query(ordersSql, [rows, tx.now]);
  await tx.db.query(linesSql, [rows]);
  await tx.db.query(paymentsSql, [rows, tx.now]);
  // A payment is created before it is settled, here too.
  await tx.db.query(
    `UPDATE payment SET status = 'settled', settled_at = $2, fee_minor = row.fee_minor
     FROM json_to_recordset($1::json) AS row (payment_id uuid, fee_minor bigint) WHERE id = row.payment_id`,
    [rows, tx.now],
  );
  await tx.db.query(creditsSql, [JSON.stringify(booked.flatMap(toCreditRows))]);
};

const toOrderRow = ({ orderId, invoice, subscription, product, split, ...sale }: Booked) => ({
  id: orderId,
  community_id: subscription.communityId,
  buyer_id: subscription.accountId,
  buyer_member_id: subscription.memberId,
  currency: invoice.currency,
  total_minor: invoice.totalMinor.toString(),
  fee_minor: sale.fee.amountMinor.toString(),
  refund_window_days: product.windowDays,
  refund_ends_access: product.endsAccess,
  campaign_id: subscription.campaignId,
  invoice_id: invoice.id,
  product_id: product.productId,
  product_version: product.version,
  price_id: invoice.priceId,
  title: product.title,
  split_id: split.id,
  earner_id: product.earnerId,
  payment_id: invoice.chargeId,
  provider: sale.provider,
  provider_ref: sale.providerRef,
});

const toCreditRows = ({ orderId, credits }: Booked) =>
  credits.map(({ code, ownerId, amount }, index) => ({
    order_id: orderId,
    number: index + 1,
    code,
    owner_id: ownerId,
    amount_minor: amount.amountMinor.toString(),
  }));

const ordersSql = `
  INSERT INTO sales_order (id, community_id, buyer_id, buyer_member_id, status, currency, list_minor, total_minor,
    fee_minor, refund_window_days, refund_ends_access, campaign_id, created_at, expires_at, paid_at)
  SELECT id, community_id, buyer_id, buyer_member_id, 'paid', currency, total_minor, total_minor,
    fee_minor, refund_window_days, refund_ends_access, campaign_id, $2, $2, $2
  FROM json_to_recordset($1::json) AS row (id uuid, community_id uuid, buyer_id uuid, buyer_member_id uuid,
    currency text, total_minor bigint, fee_minor bigint, refund_window_days int, refund_ends_access boolean,
    campaign_id uuid)`;

const linesSql = `
  INSERT INTO order_line (order_id, number, purpose, reference_id, product_id, product_version, price_id, title,
    list_minor, amount_minor, split_id, earner_id)
  SELECT id, 1, 'subscription', invoice_id, product_id, product_version, price_id, title,
    total_minor, total_minor, split_id, earner_id
  FROM json_to_recordset($1::json) AS row (id uuid, invoice_id uuid, product_id uuid, product_version int,
    price_id uuid, title text, total_minor bigint, split_id uuid, earner_id uuid)`;

const paymentsSql = `
  INSERT INTO payment (id, order_id, provider, status, amount_minor, currency, provider_ref, created_at)
  SELECT payment_id, id, provider, 'created', total_minor, currency, provider_ref, $2
  FROM json_to_recordset($1::json) AS row (payment_id uuid, id uuid, provider text, total_minor bigint,
    currency text, provider_ref text)`;

const creditsSql = `
  INSERT INTO order_credit (order_id, number, code, owner_id, amount_minor)
  SELECT order_id, number, code, owner_id, amount_minor
  FROM json_to_recordset($1::json) AS row (order_id uuid, number int, code text, owner_id uuid, amount_minor bigint)`;

/** The same two transfers that a checkout posts: the provider has the money, and then it is said whose it is. */
const post = async (tx: Tx, booked: readonly Booked[]): Promise<void> => {
  const accounts = accountBook(tx);
  const transfers: Transfer[] = [];
  for (const { invoice, orderId, provider, fee, credits } of booked) {
    assert(invoice.chargeId !== null, 'a charged invoice has a charge');
    const ownerId = providerOwner(provider);
    const { total } = invoice;
    const received: Movement[] = [
      { code: 'provider-balance', ownerId, amount: negate(total) },
      { code: 'provider-clearing', ownerId, amount: total },
    ];
    const assigned: Movement[] = [
      { code: 'provider-clearing', ownerId, amount: negate(total) },
      { code: 'provider-fee', ownerId, amount: fee },
      ...credits,
    ];
    transfers.push(
      await toTransfer(accounts, {
        key: `payment:${invoice.chargeId}`,
        kind: 'payment',
        moved: received,
      }),
      await toTransfer(accounts, {
        key: `order:${orderId}`,
        kind: 'subscription',
        moved: assigned,
      }),
    );
  }
  const outcomes = await postTransfers(tx, transfers);
  assert(
    outcomes.every(({ status }) => status === 'posted'),
    'a renewal is booked once',
  );
};

type AccountBook = (name: AccountName) => Promise<LedgerAccountId>;

const accountBook = (tx: Tx): AccountBook => {
  const known = new Map<string, Promise<LedgerAccountId>>();
  return (name) => {
    const key = `${name.code} ${name.ownerId ?? ''} ${name.currency}`;
    const account = known.get(key) ?? openAccount(tx.db, name);
    known.set(key, account);
    return account;
  };
};

const toTransfer = async (
  accounts: AccountBook,
  { key, kind, moved }: { key: string; kind: string; moved: readonly Movement[] },
): Promise<Transfer> => {
  const entries = [];
  for (const { code, ownerId, amount } of merged(moved)) {
    if (isZero(amount)) continue;
    entries.push({
      accountId: await accounts({ code, ownerId, currency: amount.currency }),
      amount,
    });
  }
  return { idempotencyKey: key, kind, entries };
};

/** What one account gets twice is one entry. */
const merged = (moved: readonly Movement[]): readonly Movement[] => {
  const byName = new Map<string, Movement>();
  for (const movement of moved) {
    const name = `${movement.code} ${movement.ownerId ?? ''}`;
    const before = byName.get(name);
    byName.set(
      name,
      before === undefined
        ? movement
        : { ...movement, amount: add(before.amount, movement.amount) },
    );
  }
  return [...byName.values()];
};
