import { money, negate, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { balanceOf, openAccount } from '../ledger/accounts';
import { moveMoney, type Movement } from '../ledger/move-money';
import type { AdPlacement } from './ad.type';

/*
 * What a placement may spend is the balance of its account of `sponsors`, which the ledger lets nobody take below zero. The
 * placement is locked whenever it changes, so its movements have numbers, and each happens once.
 */

export const leftOf = async (
  tx: Tx,
  { id, currency }: Pick<AdPlacement, 'id' | 'currency'>,
): Promise<Money> =>
  balanceOf(tx.db, await openAccount(tx.db, { code: 'sponsors', ownerId: id, currency }));

const move = async (
  tx: Tx,
  placement: AdPlacement,
  { kind, movements }: { kind: string; movements: readonly Movement[] },
): Promise<void> => {
  const [[row]] = await tx.db.query<[{ number: number }[], number]>(
    'UPDATE ad_placement SET movements = movements + 1 WHERE id = $1 RETURNING movements AS number',
    [placement.id],
  );
  const key = `${kind}:${placement.id}:${String(row?.number ?? 0)}`;
  await moveMoney(tx, { key, kind, movements });
};

const own = ({ id }: AdPlacement) => ({ code: 'sponsors', ownerId: id }) as const;
const platform = { code: 'platform-fee', ownerId: null } as const;

/** Puts it at the placement's disposal: what an order for a budget has brought is the platform's until then. */
export const fund = (tx: Tx, placement: AdPlacement, amount: Money): Promise<void> =>
  move(tx, placement, {
    kind: 'ad-budget',
    movements: [
      { ...platform, amount: negate(amount) },
      { ...own(placement), amount },
    ],
  });

/** Takes what is left, at most so much, for the platform to give back. */
export const withdraw = async (tx: Tx, placement: AdPlacement, most?: Money): Promise<Money> => {
  const left = await leftOf(tx, placement);
  const amount = most !== undefined && most.amountMinor < left.amountMinor ? most : left;
  if (amount.amountMinor <= 0n) return money(0n, placement.currency);
  await move(tx, placement, {
    kind: 'ad-return',
    movements: [
      { ...own(placement), amount: negate(amount) },
      { ...platform, amount },
    ],
  });
  return amount;
};

/** Spends it: to the authors on whose posts it was shown, and the platform. */
export const spend = (
  tx: Tx,
  placement: AdPlacement,
  spent: { readonly amount: Money; readonly shares: readonly Movement[] },
): Promise<void> =>
  move(tx, placement, {
    kind: 'ad-charge',
    movements: [{ ...own(placement), amount: negate(spent.amount) }, ...spent.shares],
  });
