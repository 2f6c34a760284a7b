import assert from 'node:assert/strict';
import { isZero, money, negate, type Currency, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { balanceOf, openAccount } from '../ledger/accounts';
import { moveMoney } from '../ledger/move-money';
import { sharesOfLine } from '../orders/credits';
import type { Credit } from '../orders/fulfilment';
import { linesOf, type Order } from '../orders/order.type';
import { takenToJson } from '../refunds/taken';
import type { StateOf } from '../state-machines';

/*
 * Money that was paid for something that is not delivered yet: a booking, a gift, a commission. It lies on an account
 * of its own and belongs to nobody, until it is divided as any sale is, or has gone back. Lock the order first.
 */

/** What it is held for; the id is the account's owner. */
export interface HeldFor {
  readonly id: string;
  readonly code: 'escrow' | 'gifts';
}

interface HeldRow extends HeldFor {
  readonly orderId: string;
  readonly currency: Currency;
  readonly status: StateOf<'held-money'>;
}

/** The credits of a paid line whose net amount is held. For `Fulfilment.credits`. */
export const holdNet = async (
  tx: Tx,
  { id, code }: HeldFor,
  { order, net }: { readonly order: Order; readonly net: Money },
): Promise<readonly Credit[]> => {
  await tx.db.query(
    `INSERT INTO held_money (id, code, order_id, currency, status, created_at)
     VALUES ($1, $2, $3, $4, 'held', $5)`,
    [id, code, order.id, net.currency, tx.now],
  );
  return [{ code, ownerId: id, amount: net }];
};

const selectHeld = async (
  db: EntityManager,
  where: string,
  id: string,
): Promise<HeldRow | null> => {
  const [row] = await db.query<HeldRow[]>(
    `SELECT id, code, order_id AS "orderId", currency, status FROM held_money WHERE ${where}`,
    [id],
  );
  return row ?? null;
};

/** What is held for it now; null when nothing ever was, because it cost nothing or was not paid. */
export const heldNow = async (db: EntityManager, id: string): Promise<Money | null> => {
  const held = await selectHeld(db, 'id = $1', id);
  return held === null ? null : balanceOfHeld(db, held);
};

const balanceOfHeld = async (db: EntityManager, { code, id, currency }: HeldRow): Promise<Money> =>
  balanceOf(db, await openAccount(db, { code, ownerId: id, currency }));

/** Who gets how much of an amount that was held for the order: the shares of the split it was made under. */
export const sharesOfHeld = async (
  tx: Pick<Tx, 'db'>,
  order: Order,
  amount: Money,
): Promise<readonly Credit[]> => {
  const [line] = await linesOf(tx.db, [order.id]);
  assert(line !== undefined, 'an order has a line');
  return sharesOfLine(tx, order, { line, net: amount });
};

/**
 * Ends the holding: divides all that is still there, or notes that everything has gone back. Again it does nothing. Not
 * while the order is disputed, for what is frozen may come back; callers look first.
 */
export const settleHeld = async (tx: Tx, order: Order, id: string): Promise<void> => {
  const held = await selectHeld(tx.db, 'id = $1 FOR UPDATE', id);
  if (held?.status !== 'held') return;
  const amount = await balanceOfHeld(tx.db, held);
  assert(isZero(amount) || !(await isDisputed(tx.db, order.id)), 'what is disputed is not divided');
  if (!isZero(amount)) await divide(tx, order, { held, amount });
  await tx.db.query('UPDATE held_money SET status = $2, ended_at = $3 WHERE id = $1', [
    id,
    isZero(amount) ? 'returned' : 'released',
    tx.now,
  ]);
};

const divide = async (
  tx: Tx,
  order: Order,
  { held, amount }: { held: HeldRow; amount: Money },
): Promise<void> => {
  const shares = await sharesOfHeld(tx, order, amount);
  const moves = [{ code: held.code, ownerId: held.id, amount: negate(amount) }, ...shares];
  await moveMoney(tx, { key: `release:${order.id}`, kind: 'release', movements: moves });
  // From here on a refund takes it from those who have it.
  await tx.db.query(
    'INSERT INTO held_release (held_id, order_id, moves, created_at) VALUES ($1, $2, $3, $4)',
    [held.id, order.id, takenToJson(moves), tx.now],
  );
};

/** Whether a bank is deciding on the order's payment. */
export const isDisputed = async (db: EntityManager, orderId: string): Promise<boolean> => {
  const open = await db.query<unknown[]>(
    `SELECT FROM dispute WHERE order_id = $1 AND status = 'open' LIMIT 1`,
    [orderId],
  );
  return open.length > 0;
};

/** A part of an amount in hundredths of a percent, rounded down: in favour of who keeps the rest. */
export const partOf = ({ amountMinor, currency }: Money, basisPoints: number): Money =>
  money((amountMinor * BigInt(basisPoints)) / 10_000n, currency);

/** What went back could not be paid, and is held again. */
export const reopenHeld = (tx: Tx, id: string): Promise<unknown> =>
  tx.db.query(
    `UPDATE held_money SET status = 'held', ended_at = NULL WHERE id = $1 AND status = 'returned'`,
    [id],
  );
