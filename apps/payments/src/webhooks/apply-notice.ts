import type { Tx } from '@lyceum/platform';
import { applyDispute } from '../disputes/apply-dispute';
import { settlePayment } from '../orders/settle-payment';
import { lockPayment } from '../orders/payment.type';
import { canMove } from '../state-machines';
import type { Notice } from '../providers/provider';
import {
  finishSetup,
  forgetMethod,
  keepMethodOfPayment,
} from '../payment-methods/save-payment-method';
import { finishRefund } from '../refunds/finish-refund';
import { declineCharge, settleCharge } from '../subscriptions/hear-of-charge';

export interface Applied {
  readonly outcome: 'processed' | 'ignored' | 'failed' | 'waits';
  readonly problem?: string;
}

const processed: Applied = { outcome: 'processed' };
const ignored: Applied = { outcome: 'ignored' };

/**
 * Does what a provider says. Told again, or in another order, it leads to the same state: each kind of notice only
 * moves its thing along its machine, and what depends on another thing waits for that.
 */
export const applyNotice = async (tx: Tx, provider: string, notice: Notice): Promise<Applied> => {
  switch (notice.kind) {
    case 'payment-settled': {
      const known = await settlePayment(tx, notice);
      const outcome =
        known === 'unknown-payment' ? await settleCharge(tx, provider, notice) : known;
      if (outcome === 'unknown-payment') return { outcome: 'waits', problem: 'no such payment' };
      if (outcome === 'wrong-amount')
        return { outcome: 'failed', problem: 'the amount is not the amount of the payment' };
      const { paymentId, method } = notice;
      if (method != null) await keepMethodOfPayment(tx, { provider, paymentId, method });
      return outcome === 'settled' ? processed : ignored;
    }
    case 'method-saved': {
      const isKnown = await finishSetup(tx, { provider, ...notice });
      return isKnown ? processed : { outcome: 'waits', problem: 'no such setup' };
    }
    case 'method-ended':
      await forgetMethod(tx, provider, notice.token);
      return processed;
    case 'payment-declined':
    case 'payment-canceled':
      return endPayment(
        tx,
        { provider, paymentId: notice.paymentId },
        notice.kind === 'payment-declined' ? 'declined' : 'canceled',
      );
    case 'refund-settled':
    case 'refund-failed':
      return finishRefund(tx, {
        refundId: notice.refundId,
        status: notice.kind === 'refund-settled' ? 'settled' : 'failed',
      });
    case 'dispute-opened':
    case 'dispute-won':
    case 'dispute-lost':
      return applyDispute(tx, provider, notice);
    case 'ignored':
      return ignored;
  }
};

/** The order stays open: its buyer may pay in another way, until it expires. */
const endPayment = async (
  tx: Tx,
  { provider, paymentId }: { provider: string; paymentId: string },
  status: 'declined' | 'canceled',
): Promise<Applied> => {
  const payment = await lockPayment(tx.db, paymentId);
  // A payment is written before its provider is asked: what is not there is a charge, or nothing of ours.
  if (payment === null) return (await declineCharge(tx, provider, paymentId)) ? processed : ignored;
  if (!canMove('payment', payment.status, status)) return ignored;
  await tx.db.query('UPDATE payment SET status = $2 WHERE id = $1', [payment.id, status]);
  return processed;
};
