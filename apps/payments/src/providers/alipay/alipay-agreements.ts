import { formatDecimal } from '@lyceum/money';
import type * as Alipay from 'alipay-sdk';
import { fromNumber, toNumber } from '../number';
import {
  ProviderUnavailable,
  type ChargeAnswer,
  type ChargeProblem,
  type MethodSetup,
  type Notice,
  type SavedCharge,
  type StartedPayment,
} from '../provider';
import { ask, beijingTime, ok } from './ask';

/*
 * Periodic deduction (周期扣款): the buyer signs an agreement on Alipay's page, and what it allows is charged by its number.
 * Alipay lets a merchant use it who has contracted for it, and names the scene in which it may.
 */

export interface AgreementSettings {
  /** As the contract with Alipay has it: `INDUSTRY|…`. */
  readonly scene: string;
  /** What one charge may be at most, in CNY: `500.00`. The buyer reads it before signing. */
  readonly largestCharge: string;
}

const product = 'CYCLE_PAY_AUTH';

/**
 * The page to sign on. An agreement names a rhythm, and a charge outside of it is refused: every seven days is the
 * shortest there is, and has room for what is paid by the month and by the year.
 */
export const startAgreement = (
  sdk: Alipay.AlipaySdk,
  { scene, largestCharge }: AgreementSettings,
  { setupId, returnUrl, notifyUrl, now }: MethodSetup,
): StartedPayment => ({
  providerRef: setupId,
  paymentUrl: sdk.pageExecute('alipay.user.agreement.page.sign', 'GET', {
    bizContent: {
      product_code: product,
      personal_product_code: `${product}_P`,
      sign_scene: scene,
      external_agreement_no: toNumber(setupId),
      access_params: { channel: 'ALIPAYAPP' },
      period_rule_params: {
        period_type: 'DAY',
        period: '7',
        execute_time: beijingTime(now).slice(0, 10),
        single_amount: largestCharge,
      },
    },
    returnUrl,
    notifyUrl,
  }),
});

/** Our id is the trade's number, so the same charge again is the same trade. */
export const chargeAgreement = async (
  sdk: Alipay.AlipaySdk,
  { chargeId, token, amount, title, notifyUrl, providerRef }: SavedCharge,
): Promise<ChargeAnswer> => {
  if (providerRef !== null) return findCharge(sdk, chargeId);
  const answer = await ask(sdk, 'alipay.trade.pay', {
    bizContent: {
      out_trade_no: chargeId,
      product_code: product,
      subject: subjectOf(title),
      total_amount: formatDecimal(amount),
      agreement_params: { agreement_no: token },
    },
    notifyUrl,
  });
  if (answer.code === ok) return { status: 'settled', providerRef: chargeId, fee: null };
  if (answer.code === inProgress) return { status: 'pending', providerRef: chargeId };
  const reason = String(answer['subCode'] ?? answer.msg);
  if (answer.code !== refused || /SYSTEM_ERROR|TRADE_HAS_SUCCESS/.test(reason))
    return { status: 'pending', providerRef: chargeId };
  return declined(reason);
};

const inProgress = '10003';
const refused = '40004';

const declined = (reason: string): ChargeAnswer => ({
  status: 'declined',
  isHard: false,
  problem: problemOf(reason),
  reason,
});

const problemOf = (reason: string): ChargeProblem => {
  if (/AGREEMENT_(NOT_EXIST|INVALID)|USER_NOT_SIGN/.test(reason)) return 'no-method';
  return /NEED_CONFIRM|IDENTITY_AUTH/.test(reason) ? 'needs-confirmation' : 'declined';
};

/** What became of one that was in progress. */
const findCharge = async (sdk: Alipay.AlipaySdk, chargeId: string): Promise<ChargeAnswer> => {
  const answer = await ask(sdk, 'alipay.trade.query', {
    bizContent: { out_trade_no: chargeId },
  });
  switch (answer.code === ok ? answer['tradeStatus'] : answer['subCode']) {
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED':
      return { status: 'settled', providerRef: chargeId, fee: null };
    case 'TRADE_CLOSED':
    case 'ACQ.TRADE_NOT_EXIST':
      return declined('TRADE_CLOSED');
    default:
      return { status: 'pending', providerRef: chargeId };
  }
};

/** Alipay wants no `/`, `=` or `&` in what a trade is about. */
export const subjectOf = (title: string): string =>
  [...title.replace(/[/=&]/g, ' ')].slice(0, 200).join('');

export const endAgreement = async (sdk: Alipay.AlipaySdk, token: string): Promise<void> => {
  const answer = await ask(sdk, 'alipay.user.agreement.unsign', {
    bizContent: { agreement_no: token, personal_product_code: `${product}_P` },
  });
  const reason = String(answer['subCode'] ?? answer.msg);
  if (answer.code !== ok && !/AGREEMENT_(NOT_EXIST|INVALID|HAS_UNSIGN)/.test(reason))
    throw new ProviderUnavailable(`Alipay answers ${answer.code} ${reason}`);
};

/** What a notification says of an agreement; null for one about something else. */
export const noticeOfAgreement = (parameters: Readonly<Record<string, string>>): Notice | null => {
  const { notify_type: type, status, agreement_no: token = '' } = parameters;
  if (token === '') return null;
  if (type === 'dut_user_unsign') return { kind: 'method-ended', token };
  const setupId = fromNumber(parameters['external_agreement_no'] ?? '');
  return type === 'dut_user_sign' && status === 'NORMAL' && setupId !== null
    ? { kind: 'method-saved', setupId, method: { token } }
    : null;
};
