import { isZero, money, negate, type Currency, type Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { kitOf } from '../kit';
import { moveMoney, providerOwner } from '../ledger/move-money';
import type { StateOf } from '../state-machines';

interface FeeColumns {
  readonly feeMinor: string;
  readonly feeCurrency: Currency | null;
}

export const feeIn = ({ feeMinor, feeCurrency }: FeeColumns): Money | null =>
  feeCurrency === null ? null : money(BigInt(feeMinor), feeCurrency);

/**
 * What a provider charges for a dispute that is now in that state: what it says itself, or what it has said before, or
 * what it usually takes. Won, it costs nothing where the provider gives its fee back.
 */
export const feeOfDispute = (
  tx: Tx,
  provider: string,
  dispute: {
    readonly status: StateOf<'dispute'>;
    readonly stated: Money | null;
    readonly before: Money | null;
  },
): Money | null => {
  const { disputeFee = null } = kitOf(tx).providers.get(provider)?.capabilities ?? {};
  const usual = dispute.before ?? disputeFee?.usual ?? null;
  if (dispute.stated !== null) return dispute.stated;
  const isReturned = dispute.status === 'won' && disputeFee?.returnedWhenWon === true;
  return usual !== null && isReturned ? money(0n, usual.currency) : usual;
};

/** Keeps what a dispute costs; once it is decided the platform bears it, as it bears the fees that are kept on refunds. */
export const bookFee = async (
  tx: Tx,
  dispute: {
    readonly id: string;
    readonly provider: string;
    readonly status: StateOf<'dispute'>;
    readonly fee: Money | null;
  },
): Promise<void> => {
  const { id, provider, status, fee } = dispute;
  if (fee === null) return;
  await tx.db.query('UPDATE dispute SET fee_minor = $2, fee_currency = $3 WHERE id = $1', [
    id,
    fee.amountMinor.toString(),
    fee.currency,
  ]);
  if (status === 'open' || isZero(fee)) return;
  await moveMoney(tx, {
    key: `dispute-fee:${id}`,
    kind: 'dispute-fee',
    movements: [
      { code: 'platform-fee', ownerId: null, amount: negate(fee) },
      { code: 'provider-fee', ownerId: providerOwner(provider), amount: fee },
    ],
  });
};
