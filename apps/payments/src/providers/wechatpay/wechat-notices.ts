import { money, parseCurrency, type Currency } from '@lyceum/money';
import { z } from 'zod';
import { fromNumber } from '../number';
import { DeliveryRefused, type Delivery, type Notice, type VerifiedDelivery } from '../provider';
import { isRsaSigned, publicKeyOf, signedText, unseal } from './wechat-crypto';

const currencyOf = (code: string | undefined): Currency | null => parseCurrency(code ?? 'CNY');

export const transaction = z.object({
  out_trade_no: z.string(),
  transaction_id: z.string().optional(),
  trade_state: z.string(),
  amount: z.object({ total: z.int(), currency: z.string().optional() }).optional(),
});

/** What a transaction says; null while nothing is decided, and for those that are not ours. */
export const noticeOfTransaction = (of: z.infer<typeof transaction>): Notice | null => {
  const paymentId = fromNumber(of.out_trade_no);
  if (paymentId === null) return null;
  switch (of.trade_state) {
    // A refunded transaction was paid before.
    case 'SUCCESS':
    case 'REFUND': {
      const currency = currencyOf(of.amount?.currency);
      if (of.amount === undefined || currency === null) return null;
      const amount = money(BigInt(of.amount.total), currency);
      return {
        kind: 'payment-settled',
        paymentId,
        chargeRef: of.transaction_id ?? null,
        amount,
        fee: null,
      };
    }
    case 'PAYERROR':
      return { kind: 'payment-declined', paymentId };
    case 'CLOSED':
    case 'REVOKED':
      return { kind: 'payment-canceled', paymentId };
    default:
      return null;
  }
};

export const refundState = z.object({
  out_refund_no: z.string(),
  refund_id: z.string().optional(),
  status: z.string().optional(),
  refund_status: z.string().optional(),
});

export const noticeOfRefund = (of: z.infer<typeof refundState>): Notice | null => {
  const refundId = fromNumber(of.out_refund_no);
  if (refundId === null) return null;
  switch (of.refund_status ?? of.status) {
    case 'SUCCESS':
      return { kind: 'refund-settled', refundId };
    case 'CLOSED':
    case 'ABNORMAL':
      return { kind: 'refund-failed', refundId };
    default:
      return null;
  }
};

const envelope = z.object({
  id: z.string(),
  event_type: z.string(),
  resource: z.object({
    ciphertext: z.string(),
    nonce: z.string(),
    associated_data: z.string().optional(),
  }),
});

export interface NotificationKeys {
  /** Of the platform: PEM texts of certificates or public keys, by their serial number or key id. */
  readonly platformKeys: ReadonlyMap<string, string>;
  readonly apiV3Key: string;
}

const toleranceSeconds = 300;

/** The plain text of a notification whose signature and time are good; throws DeliveryRefused for any other. */
export const openNotification = (
  { platformKeys, apiV3Key }: NotificationKeys,
  { rawBody, headers, now }: Delivery,
): { readonly id: string; readonly type: string; readonly plaintext: string } => {
  const timestamp = headers['wechatpay-timestamp'] ?? '';
  const age = Math.abs(now.getTime() / 1000 - Number(timestamp));
  if (!/^\d{1,12}$/.test(timestamp) || age > toleranceSeconds) throw new DeliveryRefused('stale');
  const pem = platformKeys.get(headers['wechatpay-serial'] ?? '');
  if (pem === undefined) throw new DeliveryRefused('signed with an unknown key');
  const text = signedText(timestamp, headers['wechatpay-nonce'] ?? '', rawBody);
  if (!isRsaSigned(publicKeyOf(pem), text, headers['wechatpay-signature'] ?? ''))
    throw new DeliveryRefused('not signed');
  try {
    const { id, event_type: type, resource } = envelope.parse(JSON.parse(rawBody));
    return { id, type, plaintext: unseal(apiV3Key, resource) };
  } catch (cause) {
    throw new DeliveryRefused('cannot be opened', { cause });
  }
};

export const verifyNotification = (
  keys: NotificationKeys,
  delivery: Delivery,
): VerifiedDelivery => {
  const { id, type, plaintext } = openNotification(keys, delivery);
  return { eventId: id, type, notice: noticeOf(type, plaintext) ?? { kind: 'ignored' } };
};

const noticeOf = (type: string, plaintext: string): Notice | null => {
  if (type.startsWith('TRANSACTION.')) {
    const parsed = transaction.safeParse(JSON.parse(plaintext));
    return parsed.success ? noticeOfTransaction(parsed.data) : null;
  }
  if (type.startsWith('REFUND.')) {
    const parsed = refundState.safeParse(JSON.parse(plaintext));
    return parsed.success ? noticeOfRefund(parsed.data) : null;
  }
  return null;
};
