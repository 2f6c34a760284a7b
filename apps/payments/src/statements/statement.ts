import type { MemberId } from '@lyceum/contracts';
import { formatDecimal, money, type Currency } from '@lyceum/money';
import {
  badInput,
  parsePage,
  toConnection,
  type Connection,
  type PageArgs,
} from '@lyceum/platform';
import { Field, ID, ObjectType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { MoneyType } from '../graph/money.type';

@ObjectType({ description: 'One movement of a creator’s earnings, and why it was.' })
export class StatementLine {
  @Field(() => ID) id!: string;
  @Field(() => Date) postedAt!: Date;
  @Field(() => String, { description: 'What kind of movement: `purchase`, `refund`, `payout` …' })
  kind!: string;
  @Field(() => String, { description: 'A sentence for people, in English.' }) why!: string;
  @Field(() => MoneyType, { description: 'Negative went away.' }) amount!: MoneyType;
  @Field(() => MoneyType, { description: 'Of its currency, after this line.' }) balance!: MoneyType;
  @Field(() => ID, { nullable: true, description: 'The order it comes from, if there is one.' })
  orderId!: string | null;
}

interface Row {
  readonly id: string;
  readonly transferId: string;
  readonly line: number;
  readonly postedAt: Date;
  readonly kind: string;
  readonly amount: string;
  readonly balance: string;
  readonly currency: Currency;
  readonly title: string | null;
  readonly orderId: string | null;
}

/*
 * The lines are the ledger's own entries on the creator's account, so a statement cannot differ from the books. Why
 * each was is found through the transfer's key, which names what it is for: `order:<id>`, `refund:<id>` …
 */
const linesSql = `/* statements.lines */
  WITH line AS (
    SELECT entry.transfer_id, entry.line, entry.amount_minor, account.currency, transfer.posted_at, transfer.kind,
      split_part(transfer.idempotency_key, ':', 2) AS source_id,
      sum(entry.amount_minor) OVER (PARTITION BY account.id ORDER BY transfer.posted_at, entry.transfer_id, entry.line) AS balance
    FROM ledger_account AS account
      JOIN ledger_entry AS entry ON entry.account_id = account.id
      JOIN ledger_transfer AS transfer ON transfer.id = entry.transfer_id
    WHERE account.code = 'creator-earnings' AND account.owner_id = $1
  ), sourced AS (
    SELECT line.*, CASE
      WHEN line.kind IN ('purchase', 'subscription', 'release') THEN line.source_id::uuid
      WHEN line.kind LIKE 'refund%' THEN (SELECT order_id FROM refund WHERE id = line.source_id::uuid)
      WHEN line.kind LIKE 'dispute%' THEN (SELECT payment.order_id FROM dispute JOIN payment ON payment.id = dispute.payment_id
        WHERE dispute.id = line.source_id::uuid)
    END AS order_id
    FROM line
    WHERE ($2::timestamptz IS NULL OR posted_at >= $2) AND ($3::timestamptz IS NULL OR posted_at < $3)
      AND ($4::timestamptz IS NULL OR (posted_at, transfer_id, line) < ($4, $5::uuid, $6::int))
    ORDER BY posted_at DESC, transfer_id DESC, line DESC LIMIT $7
  )
  SELECT concat(transfer_id, '/', line) AS id, transfer_id AS "transferId", line, posted_at AS "postedAt", kind,
    amount_minor::text AS amount, balance::text AS balance, currency, order_id AS "orderId",
    (SELECT string_agg(title, ', ' ORDER BY number) FROM order_line WHERE order_line.order_id = sourced.order_id) AS title
  FROM sourced ORDER BY posted_at DESC, transfer_id DESC, line DESC`;

/** What a statement is of: from a moment (inclusive) to another (exclusive); null is without bound. */
export interface Span {
  readonly from: Date | null;
  readonly to: Date | null;
}

type Position = readonly [Date, string, number];

const rowsOf = (
  db: EntityManager,
  of: Span & {
    readonly memberId: MemberId;
    readonly after: Position | null;
    readonly limit: number;
  },
): Promise<Row[]> => {
  const [postedAt, transferId, line] = of.after ?? [null, null, null];
  return db.query<Row[]>(linesSql, [
    of.memberId,
    of.from,
    of.to,
    postedAt,
    transferId,
    line,
    of.limit,
  ]);
};

/** A creator's statement, newest first. */
export const statementOf = async (
  db: EntityManager,
  { memberId, ...span }: Span & { readonly memberId: MemberId },
  page: PageArgs,
): Promise<Connection<StatementLine>> => {
  const list = `statement:${memberId}`;
  const { first, after } = parsePage(list, page);
  const rows = await rowsOf(db, { memberId, ...span, after: positionIn(after), limit: first + 1 });
  const positions = new Map(
    rows.map(({ id, postedAt, transferId, line }) => [id, [postedAt.getTime(), transferId, line]]),
  );
  return toConnection(rows.map(toLine), {
    list,
    first,
    positionOf: ({ id }) => positions.get(id) ?? [],
  });
};

const positionIn = (after: readonly (string | number)[] | null): Position | null => {
  if (after === null) return null;
  const [postedAt, transferId, line] = after;
  if (typeof postedAt !== 'number' || typeof transferId !== 'string' || typeof line !== 'number')
    throw badInput('"after" is not a cursor of this list.');
  return [new Date(postedAt), transferId, line];
};

const toLine = (row: Row): StatementLine =>
  Object.assign(new StatementLine(), {
    id: row.id,
    postedAt: row.postedAt,
    kind: row.kind,
    why: whyOf(row),
    amount: { amountMinor: row.amount, currency: row.currency },
    balance: { amountMinor: row.balance, currency: row.currency },
    orderId: row.orderId,
  });

/** Why a line is there, as a sentence. */
const whyOf = ({ kind, title }: Pick<Row, 'kind' | 'title'>): string => {
  const of = title === null ? '' : ` of “${title}”`;
  switch (kind) {
    case 'purchase':
      return `Your share of a sale${of}`;
    case 'release':
      return `Your share of what was held${of}`;
    case 'subscription':
      return `Your share of a renewal${of}`;
    case 'refund':
      return `Refund${of} to its buyer`;
    case 'refund-failed':
      return `A refund${of} could not be paid and is yours again`;
    case 'dispute':
      return `Frozen while a dispute over a sale${of} is open`;
    case 'dispute-won':
      return `Given back: the dispute over a sale${of} was won`;
    case 'dispute-lost':
      return `Lost in a dispute over a sale${of}`;
    case 'prize':
      return 'A prize that you won';
    case 'prize-funding':
      return 'Paid into a pool for prizes';
    case 'prize-pool-returned':
      return 'Left of a pool for prizes that you had paid into';
    case 'payout':
      return 'Paid out to you';
    case 'payout-failed':
      return 'A payout could not be sent and is yours again';
    case 'payout-reversed':
      return 'A payout came back and is yours again';
    default:
      return title === null ? `Moved by ${kind}` : `${kind}: “${title}”`;
  }
};

const maxCsvLines = 50_000;

/**
 * The same as comma-separated values (RFC 4180), for a spreadsheet or an accountant: oldest first, amounts as decimals.
 * What a spreadsheet would take for a formula is quoted so that it does not.
 */
export const statementCsv = async (
  db: EntityManager,
  of: Span & { readonly memberId: MemberId },
): Promise<string> => {
  const rows = await rowsOf(db, { ...of, after: null, limit: maxCsvLines });
  const header = ['posted_at', 'kind', 'why', 'amount', 'balance', 'currency', 'order_id'];
  const lines = rows
    .reverse()
    .map((row) => [
      row.postedAt.toISOString(),
      row.kind,
      whyOf(row),
      formatDecimal(money(BigInt(row.amount), row.currency)),
      formatDecimal(money(BigInt(row.balance), row.currency)),
      row.currency,
      row.orderId ?? '',
    ]);
  return [header, ...lines].map((cells) => `${cells.map(toCell).join(',')}\r\n`).join('');
};

const toCell = (text: string): string => {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
