import { equals } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import type { Notice } from '../providers/provider';
import type { Invoice } from './invoice.type';
import { applyAnswers } from './record-charges';
import { selectInvoices } from './rows';

/*
 * A charge that a provider had not decided when it was asked (a bank takes days), or whose answer was lost: the provider tells
 * of it later. Charges have no payment before they are settled, so they are found by the id under which they were asked.
 */

const charging = async (tx: Tx, chargeId: string): Promise<Invoice | undefined> =>
  (
    await selectInvoices(
      tx.db,
      `charge_id = $1 AND status = 'open' AND charging_since IS NOT NULL`,
      [chargeId],
    )
  )[0];

export const settleCharge = async (
  tx: Tx,
  provider: string,
  notice: Extract<Notice, { kind: 'payment-settled' }>,
): Promise<'settled' | 'unknown-payment' | 'wrong-amount'> => {
  const invoice = await charging(tx, notice.paymentId);
  if (invoice === undefined) return 'unknown-payment';
  if (!equals(invoice.total, notice.amount)) return 'wrong-amount';
  const providerRef = notice.chargeRef ?? notice.paymentId;
  const answer = { status: 'settled', providerRef, fee: notice.fee } as const;
  const decided = await applyAnswers(tx, new Map([[invoice.id, { provider, answer }]]));
  return decided > 0 ? 'settled' : 'unknown-payment';
};

/** Whether there was such a charge, still to be decided. */
export const declineCharge = async (
  tx: Tx,
  provider: string,
  chargeId: string,
): Promise<boolean> => {
  const invoice = await charging(tx, chargeId);
  // While it is being asked the answer itself is on its way, and says why.
  if (invoice?.chargeRef == null) return false;
  const answer = {
    status: 'declined',
    isHard: false,
    problem: 'declined',
    reason: 'told later',
  } as const;
  return (await applyAnswers(tx, new Map([[invoice.id, { provider, answer }]]))) > 0;
};
