import { randomBytes } from 'node:crypto';
import type { Currency, Money } from '@lyceum/money';
import { z } from 'zod';
import { toNumber } from '../number';
import {
  ProviderUnavailable,
  type Capabilities,
  type PaymentOrder,
  type PaymentProvider,
  type RefundAnswer,
  type RefundOrder,
  type StartedPayment,
} from '../provider';
import {
  authorization,
  isRsaSigned,
  publicKeyOf,
  signedText,
  signRsa,
  type Merchant,
} from './wechat-crypto';
import {
  noticeOfRefund,
  noticeOfTransaction,
  refundState,
  transaction,
  verifyNotification,
  type NotificationKeys,
} from './wechat-notices';

export interface WechatSettings extends Merchant, NotificationKeys {
  readonly appId: string;
  readonly apiUrl: string;
  readonly feeBasisPoints?: bigint;
}

const capabilities: Capabilities = {
  currencies: ['CNY' as Currency],
  partialRefunds: true,
  maxRefunds: 50,
  refundWindowDays: 365,
  feeOnRefund: 'pro-rata',
  refundResult: 'later',
  refundIntervalMs: 60_000,
  disputes: false,
  // A contract of API v3 (委托代扣) is for one charge, of an amount and a day that are agreed with it: it renews nothing.
  savedMethods: null,
  disputeFee: null,
};

/** Answers that say that the request will never do, whenever it is asked. */
const finalRefusals = new Set([
  'PARAM_ERROR',
  'INVALID_REQUEST',
  'NOT_ENOUGH',
  'USER_ACCOUNT_ABNORMAL',
  'RESOURCE_NOT_EXISTS',
  'MCH_NOT_EXISTS',
  'NO_AUTH',
]);

/** A refusal of the API, with its code. */
class WechatError extends Error {
  constructor(readonly code: string) {
    super(`WeChat Pay refuses: ${code}`);
  }
}

/** WeChat Pay, API v3: native orders (a QR code) and, with the payer's openid, JSAPI orders (inside WeChat). */
export const createWechatPay = (settings: WechatSettings, now: () => Date): PaymentProvider => {
  const call = <T>(request: Call<T>): Promise<T> => callApi({ settings, now }, request);
  return {
    name: 'wechatpay',
    capabilities,
    feeBasisPoints: settings.feeBasisPoints ?? 60n,
    acknowledgement: { contentType: 'application/json', body: '{"code":"SUCCESS"}' },
    startPayment: (order) => start(call, { settings, order, now: now() }),
    findPayment: ({ paymentId }) =>
      orNull(async () =>
        noticeOfTransaction(
          await call({
            method: 'GET',
            path: `/v3/pay/transactions/out-trade-no/${toNumber(paymentId)}?mchid=${settings.merchantId}`,
            answer: transaction,
          }),
        ),
      ),
    refund: (order) => refund(call, order),
    findRefund: ({ refundId }) =>
      orNull(async () =>
        noticeOfRefund(
          await call({
            method: 'GET',
            path: `/v3/refund/domestic/refunds/${toNumber(refundId)}`,
            answer: refundState,
          }),
        ),
      ),
    verify: (delivery) => verifyNotification(settings, delivery),
  };
};

interface Call<T> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly answer: z.ZodType<T>;
}
type Caller = <T>(request: Call<T>) => Promise<T>;

/** What WeChat Pay does not know, nobody has decided. */
const orNull = async <T>(ask: () => Promise<T | null>): Promise<T | null> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WechatError && /NOT_?EXIST/.test(error.code)) return null;
    throw error;
  }
};

const amountOf = ({ amountMinor, currency }: Money): { total: number; currency: string } => ({
  total: Number(amountMinor), // far below what a double holds exactly: a product costs at most 10^12
  currency,
});

const start = async (
  call: Caller,
  { settings, order, now }: { settings: WechatSettings; order: PaymentOrder; now: Date },
): Promise<StartedPayment> => {
  const body = {
    appid: settings.appId,
    mchid: settings.merchantId,
    description: [...order.title].slice(0, 40).join(''),
    out_trade_no: toNumber(order.paymentId),
    time_expire: order.expiresAt.toISOString().replace(/\.\d+Z$/, '+00:00'),
    notify_url: order.notifyUrl,
    amount: amountOf(order.amount),
  };
  const providerRef = body.out_trade_no;
  if (order.payer == null) {
    const answer = z.object({ code_url: z.string() });
    const { code_url } = await call({
      method: 'POST',
      path: '/v3/pay/transactions/native',
      body,
      answer,
    });
    return { providerRef, paymentUrl: code_url };
  }
  const { prepay_id } = await call({
    method: 'POST',
    path: '/v3/pay/transactions/jsapi',
    body: { ...body, payer: { openid: order.payer } },
    answer: z.object({ prepay_id: z.string() }),
  });
  return { providerRef, paymentUrl: JSON.stringify(bridgeParameters(settings, prepay_id, now)) };
};

/** What a page inside WeChat hands to `getBrandWCPayRequest`. */
const bridgeParameters = (settings: WechatSettings, prepayId: string, now: Date) => {
  const timeStamp = String(Math.floor(now.getTime() / 1000));
  const nonceStr = randomBytes(16).toString('hex');
  const packed = `prepay_id=${prepayId}`;
  const text = `${settings.appId}\n${timeStamp}\n${nonceStr}\n${packed}\n`;
  return {
    appId: settings.appId,
    timeStamp,
    nonceStr,
    package: packed,
    signType: 'RSA',
    paySign: signRsa(settings.privateKey, text),
  };
};

const refund = async (call: Caller, order: RefundOrder): Promise<RefundAnswer> => {
  try {
    const answer = await call({
      method: 'POST',
      path: '/v3/refund/domestic/refunds',
      body: {
        out_trade_no: toNumber(order.paymentId),
        out_refund_no: toNumber(order.refundId), // the same number again is the same refund
        ...(order.reason === '' ? {} : { reason: [...order.reason].slice(0, 26).join('') }),
        amount: {
          refund: amountOf(order.amount).total,
          total: amountOf(order.total).total,
          currency: order.amount.currency,
        },
      },
      answer: refundState,
    });
    const notice = noticeOfRefund(answer);
    if (notice?.kind === 'refund-failed') return { status: 'failed', reason: answer.status ?? '' };
    const providerRef = answer.refund_id ?? answer.out_refund_no;
    return { status: notice === null ? 'pending' : 'settled', providerRef };
  } catch (error) {
    if (error instanceof WechatError && finalRefusals.has(error.code))
      return { status: 'failed', reason: error.code };
    throw error instanceof WechatError ? new ProviderUnavailable(error.message) : error;
  }
};

const timeoutMs = 10_000;

/** Signs the request, and believes an answer only when it is signed by the platform. */
const callApi = async <T>(
  { settings, now }: { settings: WechatSettings; now: () => Date },
  { method, path, body: content, answer }: Call<T>,
): Promise<T> => {
  const body = content === undefined ? '' : JSON.stringify(content);
  const response = await fetch(`${settings.apiUrl}${path}`, {
    method,
    headers: {
      accept: 'application/json',
      'user-agent': 'lyceum',
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
      authorization: authorization(settings, { method, path, body, now: now() }),
    },
    ...(body === '' ? {} : { body }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new ProviderUnavailable('WeChat Pay does not answer', { cause });
  });
  const text = await response.text();
  if (response.status >= 500 || response.status === 429)
    throw new ProviderUnavailable(`WeChat Pay answers ${String(response.status)}`);
  if (!response.ok) throw new WechatError(codeOf(text));
  const pem = settings.platformKeys.get(response.headers.get('wechatpay-serial') ?? '');
  const signed = signedText(
    response.headers.get('wechatpay-timestamp') ?? '',
    response.headers.get('wechatpay-nonce') ?? '',
    text,
  );
  const signature = response.headers.get('wechatpay-signature') ?? '';
  if (pem === undefined || !isRsaSigned(publicKeyOf(pem), signed, signature))
    throw new ProviderUnavailable('the answer is not signed by WeChat Pay');
  return answer.parse(JSON.parse(text));
};

const codeOf = (text: string): string => {
  const parsed = z.object({ code: z.string() }).safeParse(jsonOf(text));
  return parsed.success ? parsed.data.code : 'UNKNOWN';
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
