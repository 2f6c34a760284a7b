import { newId } from '@lyceum/contracts';
import { money, parseCurrency, type Currency, type Money } from '@lyceum/money';
import type { Deps } from '@lyceum/platform';
import {
  DeliveryRefused,
  type Capabilities,
  type ChargeAnswer,
  type Delivery,
  type Notice,
  type PaymentOrder,
  type PaymentProvider,
  type SavedMethod,
  type StartedPayment,
  type VerifiedDelivery,
} from '../provider';
import { isMessageSigned } from '../standard-webhook';
import { eventOf, queueEvents, sandboxSecret, wakeDelivery } from './sandbox-events';
import {
  sandboxEvent,
  sandboxFee,
  sandboxName,
  sandboxPayment,
  type SandboxEvent,
} from './sandbox-payment';

const capabilities: Capabilities = {
  currencies: null,
  partialRefunds: true,
  maxRefunds: 50,
  refundWindowDays: 365,
  feeOnRefund: 'kept',
  refundResult: 'later',
  refundIntervalMs: 0,
  disputes: true,
  savedMethods: { whilePaying: true, apart: true },
  disputeFee: { usual: money(1500n, 'CNY' as Currency), returnedWhenWon: true },
};

/**
 * A provider that takes no money: its page, served by this app, lets one choose what a real one would say. Everything
 * else is as with a real one: signed webhooks, refunds whose result comes later, disputes.
 */
export const createSandbox = (deps: Deps): PaymentProvider => ({
  name: sandboxName,
  capabilities,
  feeBasisPoints: 60n,
  acknowledgement: { contentType: 'application/json', body: '{"received":true}' },

  startPayment: (order) => openPage(deps, order),

  findPayment: async ({ providerRef }) => {
    const payment = providerRef === null ? null : await sandboxPayment(deps, providerRef);
    if (payment?.status === 'paid') return noticeOf(eventOf.settled(payment));
    return null;
  },

  refund: async ({ refundId, paymentId, amount }) => {
    await deps.dataSource.transaction(async (db) => {
      const rows = await db.query<unknown[]>(
        `INSERT INTO sandbox_refund (refund_id, payment_id, amount_minor)
         VALUES ($1, $2, $3) ON CONFLICT (refund_id) DO NOTHING RETURNING 1`,
        [refundId, paymentId, amount.amountMinor.toString()],
      );
      if (rows.length > 0) await queueEvents(db, [eventOf.refunded(refundId)], deps.now());
    });
    await wakeDelivery(deps);
    return { status: 'pending', providerRef: refundId };
  },

  findRefund: async ({ refundId }) => {
    const rows = await deps.dataSource.query<unknown[]>(
      'SELECT FROM sandbox_refund WHERE refund_id = $1',
      [refundId],
    );
    return rows.length > 0 ? { kind: 'refund-settled', refundId } : null;
  },

  verify: (delivery) => verify(deps, delivery),

  startSetup: ({ setupId, currency, returnUrl, now }) =>
    openPage(deps, {
      paymentId: setupId,
      title: 'Something to pay with',
      amount: money(0n, currency),
      returnUrl,
      expiresAt: new Date(now.getTime() + setupMs),
      savesMethod: true,
    }),

  chargeSaved: ({ chargeId, token, amount }) =>
    Promise.resolve(answerOf(token, { chargeId, amount })),

  describeMethod: () =>
    Promise.resolve({ label: 'Sandbox card', fingerprint: null, expiresAt: null }),

  removeMethod: () => Promise.resolve(),
});

const setupMs = 30 * 60_000;

/** A token begins with what it does. */
const answerOf = (
  token: string,
  { chargeId, amount }: { chargeId: string; amount: Money },
): ChargeAnswer => {
  const declined = {
    status: 'declined',
    isHard: false,
    reason: 'The sandbox was told to.',
  } as const;
  if (token.startsWith('decline'))
    return { ...declined, isHard: token === 'decline-hard', problem: 'declined' };
  if (token.startsWith('confirm')) return { ...declined, problem: 'needs-confirmation' };
  if (token.startsWith('expired')) return { ...declined, problem: 'method-expired' };
  return { status: 'settled', providerRef: chargeId, fee: sandboxFee(amount) };
};

/** The same payment again is the same page. */
const openPage = async (
  deps: Deps,
  order: Pick<
    PaymentOrder,
    'paymentId' | 'title' | 'amount' | 'returnUrl' | 'expiresAt' | 'savesMethod'
  >,
): Promise<StartedPayment> => {
  const rows = await deps.dataSource.query<{ ref: string }[]>(
    `INSERT INTO sandbox_payment (ref, payment_id, title, amount_minor, currency, return_url, expires_at,
       saves_method, is_setup)
     VALUES ($1, $2, $3, $4::bigint, $5, $6, $7, $8, $4::bigint = 0)
     ON CONFLICT (payment_id) DO UPDATE SET title = excluded.title RETURNING ref`,
    [
      newId(),
      order.paymentId,
      order.title,
      order.amount.amountMinor.toString(),
      order.amount.currency,
      order.returnUrl,
      order.expiresAt,
      order.savesMethod ?? false,
    ],
  );
  const ref = rows[0]?.ref ?? '';
  return { providerRef: ref, paymentUrl: `/pay/sandbox/${ref}` };
};

const verify = async (
  deps: Deps,
  { rawBody, headers, now }: Delivery,
): Promise<VerifiedDelivery> => {
  const secret = await sandboxSecret(deps);
  if (!isMessageSigned(secret, { headers, rawBody, now }))
    throw new DeliveryRefused('unsigned or stale');
  const event = sandboxEvent.safeParse(JSON.parse(rawBody));
  if (!event.success) throw new DeliveryRefused('not an event of the sandbox');
  return { eventId: event.data.id, type: event.data.type, notice: noticeOf(event.data) };
};

const amountIn = (digits: string | undefined, code: string | undefined): Money => {
  const currency = parseCurrency(code ?? '');
  if (currency === null || !/^\d{1,20}$/.test(digits ?? ''))
    throw new DeliveryRefused('the amount is none');
  return money(BigInt(digits ?? ''), currency);
};

const methodIn = ({ methodToken: token }: SandboxEvent['data']): SavedMethod | null =>
  token === undefined ? null : { token };

const noticeOf = ({ type, data }: SandboxEvent): Notice => {
  const { paymentId = '', refundId = '', disputeId = '' } = data;
  switch (type) {
    case 'payment.settled': {
      const amount = amountIn(data['amountMinor'], data['currency']);
      return {
        kind: 'payment-settled',
        paymentId,
        chargeRef: null,
        amount,
        fee: amountIn(data['feeMinor'], data['currency']),
        method: methodIn(data),
      };
    }
    case 'setup.settled': {
      const method = methodIn(data);
      return method === null
        ? { kind: 'ignored' }
        : { kind: 'method-saved', setupId: data['setupId'] ?? '', method };
    }
    case 'payment.declined':
      return { kind: 'payment-declined', paymentId };
    case 'payment.canceled':
      return { kind: 'payment-canceled', paymentId };
    case 'refund.settled':
      return { kind: 'refund-settled', refundId };
    case 'dispute.open':
    case 'dispute.won':
    case 'dispute.lost': {
      const kinds = { open: 'dispute-opened', won: 'dispute-won', lost: 'dispute-lost' } as const;
      return {
        kind: kinds[type.slice('dispute.'.length) as keyof typeof kinds],
        disputeRef: disputeId,
        paymentId,
        chargeRef: null,
        amount: amountIn(data['amountMinor'], data['currency']),
        reason: 'The sandbox was told to.',
      };
    }
    default:
      return { kind: 'ignored' };
  }
};
