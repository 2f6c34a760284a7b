import { isId } from '@lyceum/contracts';
import { formatDecimal, parseMoney, type Currency, type Money } from '@lyceum/money';
import type * as Alipay from 'alipay-sdk';
import { z } from 'zod';
import {
  DeliveryRefused,
  ProviderUnavailable,
  type Capabilities,
  type Delivery,
  type Notice,
  type PaymentOrder,
  type PaymentProvider,
  type RefundAnswer,
  type RefundOrder,
  type StartedPayment,
  type VerifiedDelivery,
} from '../provider';
import {
  chargeAgreement,
  endAgreement,
  noticeOfAgreement,
  startAgreement,
  subjectOf,
  type AgreementSettings,
} from './alipay-agreements';
import { ask, beijingTime, fromBeijingTime, ok } from './ask';
import { loadAlipaySdk } from './load-sdk';

export interface AlipaySettings {
  readonly appId: string;
  /** PEM, or its base64 alone. */
  readonly privateKey: string;
  readonly alipayPublicKey: string;
  readonly keyType?: 'PKCS1' | 'PKCS8';
  /** Another address of the API: the sandbox's, or a test's. */
  readonly gateway?: string | undefined;
  readonly feeBasisPoints?: bigint;
  /** Without it nothing is kept to be charged again. */
  readonly agreements?: AgreementSettings | undefined;
}

const cny = 'CNY' as Currency;

const capabilities: Capabilities = {
  currencies: [cny],
  partialRefunds: true,
  maxRefunds: 50,
  refundWindowDays: 365,
  feeOnRefund: 'pro-rata',
  refundResult: 'later',
  refundIntervalMs: 0,
  disputes: false,
  savedMethods: null,
  disputeFee: null,
};

/** Alipay's page payment, through its own SDK; payments are its "trades", by our ids. */
export const createAlipay = (settings: AlipaySettings): PaymentProvider => {
  const { AlipaySdk } = loadAlipaySdk();
  const sdk = new AlipaySdk({
    appId: settings.appId,
    privateKey: bareKey(settings.privateKey),
    alipayPublicKey: bareKey(settings.alipayPublicKey),
    keyType: settings.keyType ?? 'PKCS8',
    signType: 'RSA2',
    timeout: 10_000,
    ...(settings.gateway === undefined ? {} : { gateway: settings.gateway }),
  });
  return {
    name: 'alipay',
    ...withAgreements(sdk, settings.agreements),
    feeBasisPoints: settings.feeBasisPoints ?? 60n,
    acknowledgement: { contentType: 'text/plain', body: 'success' },
    startPayment: (order) => Promise.resolve(start(sdk, order)),
    findPayment: async ({ paymentId }) => {
      const answer = await ask(sdk, 'alipay.trade.query', {
        bizContent: { out_trade_no: paymentId },
      });
      return answer.code === ok ? noticeOfTrade(trade.parse(answer)) : null;
    },
    refund: (order) => refund(sdk, order),
    findRefund: async ({ refundId, paymentId }) => {
      const answer = await ask(sdk, 'alipay.trade.fastpay.refund.query', {
        bizContent: { out_trade_no: paymentId, out_request_no: refundId },
      });
      return answer['refundStatus'] === 'REFUND_SUCCESS'
        ? { kind: 'refund-settled', refundId }
        : null;
    },
    verify: (delivery) => verify(sdk, settings.appId, delivery),
  };
};

/** What can be done with what a buyer has signed; nothing where Alipay has not been asked for it. */
const withAgreements = (
  sdk: Alipay.AlipaySdk,
  agreements: AgreementSettings | undefined,
): Pick<
  PaymentProvider,
  'capabilities' | 'startSetup' | 'chargeSaved' | 'describeMethod' | 'removeMethod'
> =>
  agreements === undefined
    ? { capabilities }
    : {
        capabilities: { ...capabilities, savedMethods: { whilePaying: false, apart: true } },
        startSetup: (setup) => Promise.resolve(startAgreement(sdk, agreements, setup)),
        chargeSaved: (charge) => chargeAgreement(sdk, charge),
        describeMethod: () =>
          Promise.resolve({ label: 'Alipay', fingerprint: null, expiresAt: null }),
        removeMethod: (token) => endAgreement(sdk, token),
      };

/** The SDK wants what is between the lines of a PEM. */
const bareKey = (key: string): string => key.replace(/-----[^-]+-----/g, '').replace(/\s+/g, '');

/** Signed here: nobody is asked before the buyer's browser gets there. */
const start = (sdk: Alipay.AlipaySdk, order: PaymentOrder): StartedPayment => ({
  providerRef: order.paymentId,
  paymentUrl: sdk.pageExecute('alipay.trade.page.pay', 'GET', {
    bizContent: {
      out_trade_no: order.paymentId,
      product_code: 'FAST_INSTANT_TRADE_PAY',
      subject: subjectOf(order.title),
      total_amount: formatDecimal(order.amount),
      time_expire: beijingTime(order.expiresAt),
    },
    returnUrl: order.returnUrl,
    notifyUrl: order.notifyUrl,
  }),
});

const refund = async (sdk: Alipay.AlipaySdk, order: RefundOrder): Promise<RefundAnswer> => {
  const answer = await ask(sdk, 'alipay.trade.refund', {
    bizContent: {
      out_trade_no: order.paymentId,
      out_request_no: order.refundId, // the same number again is the same refund
      refund_amount: formatDecimal(order.amount),
      ...(order.reason === '' ? {} : { refund_reason: order.reason }),
    },
  });
  if (answer.code === ok)
    return {
      status: answer['fundChange'] === 'Y' ? 'settled' : 'pending',
      providerRef: order.refundId,
    };
  const reason = String(answer['subCode'] ?? answer.msg);
  if (answer.code === '40004' && !/SYSTEM_ERROR|REFUND_CHARGE/.test(reason))
    return { status: 'failed', reason };
  throw new ProviderUnavailable(`Alipay answers ${answer.code} ${reason}`);
};

const trade = z.object({
  outTradeNo: z.string(),
  tradeNo: z.string().optional(),
  tradeStatus: z.string(),
  totalAmount: z.string(),
});

const noticeOfTrade = (of: z.infer<typeof trade>): Notice | null => {
  const { outTradeNo: paymentId } = of;
  if (!isId(paymentId)) return null;
  switch (of.tradeStatus) {
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED': {
      const amount: Money | null = parseMoney(of.totalAmount, cny);
      const chargeRef = of.tradeNo ?? null;
      return amount === null
        ? null
        : { kind: 'payment-settled', paymentId, chargeRef, amount, fee: null };
    }
    // Also said of a trade that was refunded whole: a settled payment stays settled.
    case 'TRADE_CLOSED':
      return { kind: 'payment-canceled', paymentId };
    default:
      return null;
  }
};

/** What Alipay sends again within a day has the time of its first sending. */
const toleranceMs = 25 * 3_600_000;

/** The parameters of a notification that Alipay has signed; a form may name each of them once. */
export const signedParameters = (
  sdk: Pick<Alipay.AlipaySdk, 'checkNotifySign' | 'checkNotifySignV2'>,
  rawBody: string,
): Readonly<Record<string, string>> => {
  const form = new URLSearchParams(rawBody);
  const parameters = Object.fromEntries(form);
  if (
    [...form.keys()].length !== Object.keys(parameters).length ||
    parameters['sign'] === undefined
  )
    throw new DeliveryRefused('not signed');
  const isSigned = sdk.checkNotifySign(parameters, true) || sdk.checkNotifySignV2(parameters);
  if (!isSigned) throw new DeliveryRefused('not signed');
  return parameters;
};

const verify = (
  sdk: Alipay.AlipaySdk,
  appId: string,
  { rawBody, now }: Delivery,
): VerifiedDelivery => {
  const parameters = signedParameters(sdk, rawBody);
  const sentAt = fromBeijingTime(parameters['notify_time'] ?? '').getTime();
  if (!(Math.abs(now.getTime() - sentAt) <= toleranceMs)) throw new DeliveryRefused('stale');
  if (parameters['app_id'] !== appId) throw new DeliveryRefused('for another app');
  const eventId = parameters['notify_id'];
  if (eventId === undefined) throw new DeliveryRefused('a notification without an id');
  const parsed = trade.safeParse({
    outTradeNo: parameters['out_trade_no'],
    tradeNo: parameters['trade_no'],
    tradeStatus: parameters['trade_status'],
    totalAmount: parameters['total_amount'],
  });
  return {
    eventId,
    type: parameters['trade_status'] ?? parameters['notify_type'] ?? '',
    notice: noticeOfAgreement(parameters) ??
      (parsed.success ? noticeOfTrade(parsed.data) : null) ?? { kind: 'ignored' },
  };
};
