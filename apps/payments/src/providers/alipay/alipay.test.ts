import { Socket } from 'node:net';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { describeWithSharedData, sharedData } from '@lyceum/testing';
import { DeliveryRefused, ProviderUnavailable, type PaymentProvider } from '../provider';
import { StubServer } from '../stub-server.factory';
import { createAlipay, signedParameters } from './alipay-provider';
import { loadAlipaySdk } from './load-sdk';

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const [merchant, platform] = [pair(), pair()];
const now = new Date('2026-01-01T00:00:00Z');
const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);
const sign = (text: string, key = platform.privateKey) =>
  createSign('RSA-SHA256').update(text, 'utf8').sign(key, 'base64');

describe('alipay', () => {
  const stub = new StubServer();
  let alipay: PaymentProvider;
  beforeAll(async () => {
    alipay = createAlipay({
      appId: '2021',
      privateKey: merchant.privateKey,
      alipayPublicKey: platform.publicKey,
      gateway: `${await stub.start()}/gateway.do`,
      agreements: { scene: 'INDUSTRY|DIGITAL_MEDIA', largestCharge: '500.00' },
    });
  });
  beforeEach(() => stub.seen.splice(0));
  afterAll(() => stub.stop());

  const answers = (method: string, content: object) => {
    const node = `${method.replaceAll('.', '_')}_response`;
    const text = JSON.stringify(content);
    stub.answer = () => ({ body: `{"${node}":${text},"sign":"${sign(text)}"}` });
  };
  const paymentId = newId();
  const refundId = newId();
  const refund = {
    refundId,
    paymentId,
    providerRef: '',
    chargeRef: null,
    amount: cny(100n),
    total: cny(1234n),
    reason: '',
  };

  it('signs the address of its page, and asks nobody for it', async () => {
    const { providerRef, paymentUrl } = await alipay.startPayment({
      paymentId,
      orderId: newId(),
      amount: cny(1234n),
      title: '所有权 / a=b',
      returnUrl: 'https://shop.example/',
      notifyUrl: 'https://shop.example/webhooks/alipay',
      expiresAt: new Date('2026-01-01T00:30:00Z'),
    });
    expect(providerRef).toBe(paymentId);
    const url = new URL(paymentUrl);
    expect(JSON.parse(url.searchParams.get('biz_content') ?? '')).toMatchObject({
      out_trade_no: paymentId,
      total_amount: '12.34',
      time_expire: '2026-01-01 08:30:00',
    });
    expect(url.searchParams.get('sign')).not.toBeNull();
    expect(stub.seen).toEqual([]);
  });

  it('refunds under the same number, and tells what it was told', async () => {
    answers('alipay.trade.refund', { code: '10000', msg: 'Success', fund_change: 'Y' });
    expect(await alipay.refund(refund)).toEqual({ status: 'settled', providerRef: refundId });
    const sent = new URLSearchParams(
      `${stub.seen[0]?.path.split('?')[1] ?? ''}&${stub.seen[0]?.body ?? ''}`,
    );
    expect(JSON.parse(sent.get('biz_content') ?? '{}')).toMatchObject({
      out_request_no: refundId,
      refund_amount: '1.00',
    });
    answers('alipay.trade.refund', { code: '10000', msg: 'Success', fund_change: 'N' });
    expect(await alipay.refund(refund)).toMatchObject({ status: 'pending' });
    answers('alipay.trade.refund', {
      code: '40004',
      msg: 'Business Failed',
      sub_code: 'ACQ.TRADE_HAS_FINISHED',
    });
    expect(await alipay.refund(refund)).toEqual({
      status: 'failed',
      reason: 'ACQ.TRADE_HAS_FINISHED',
    });
    answers('alipay.trade.refund', { code: '20000', msg: 'Service Currently Unavailable' });
    await expect(alipay.refund(refund)).rejects.toThrow(ProviderUnavailable);
    answers('alipay.trade.fastpay.refund.query', {
      code: '10000',
      msg: 'Success',
      refund_status: 'REFUND_SUCCESS',
    });
    expect(await alipay.findRefund({ refundId, paymentId, providerRef: null })).toEqual({
      kind: 'refund-settled',
      refundId,
    });
  });

  it('asks what became of a payment, and believes no unsigned answer', async () => {
    const paid = {
      code: '10000',
      msg: 'Success',
      out_trade_no: paymentId,
      trade_no: 't',
      trade_status: 'TRADE_SUCCESS',
      total_amount: '12.34',
    };
    answers('alipay.trade.query', paid);
    expect(await alipay.findPayment({ paymentId, providerRef: null })).toEqual({
      kind: 'payment-settled',
      paymentId,
      chargeRef: 't',
      amount: cny(1234n),
      fee: null,
    });
    stub.answer = () => ({ body: { alipay_trade_query_response: paid, sign: 'forged' } });
    await expect(alipay.findPayment({ paymentId, providerRef: null })).rejects.toThrow(
      ProviderUnavailable,
    );
  });

  const sentContent = () => {
    const { path = '', body = '' } = stub.seen.at(-1) ?? {};
    const sent = new URLSearchParams(`${path.split('?')[1] ?? ''}&${body}`);
    return JSON.parse(sent.get('biz_content') ?? '{}') as object;
  };
  const charge = {
    chargeId: paymentId,
    accountId: newId<'Account'>(),
    token: 'agreement-1',
    amount: cny(1234n),
    title: 'a/b',
    notifyUrl: 'https://shop.example/webhooks/alipay',
    providerRef: null,
  };

  it('has an agreement signed, when Alipay has one for the merchant', async () => {
    const setupId = newId();
    const setup = {
      setupId,
      currency: 'CNY' as Currency,
      returnUrl: 'https://shop.example/',
      notifyUrl: 'https://shop.example/webhooks/alipay',
      now,
    };
    const started = await alipay.startSetup?.(setup);
    const url = new URL(started?.paymentUrl ?? '');
    expect(url.searchParams.get('method')).toBe('alipay.user.agreement.page.sign');
    expect(JSON.parse(url.searchParams.get('biz_content') ?? '')).toMatchObject({
      sign_scene: 'INDUSTRY|DIGITAL_MEDIA',
      external_agreement_no: setupId.replaceAll('-', ''),
      period_rule_params: { execute_time: '2026-01-01', single_amount: '500.00' },
    });
    expect(await verify(agreementForm({ setupId, notify_type: 'dut_user_sign' }))).toMatchObject({
      notice: { kind: 'method-saved', setupId, method: { token: 'agreement-1' } },
    });
    expect(await verify(agreementForm({ setupId, notify_type: 'dut_user_unsign' }))).toMatchObject({
      notice: { kind: 'method-ended', token: 'agreement-1' },
    });
    const without = createAlipay({
      appId: '2021',
      privateKey: merchant.privateKey,
      alipayPublicKey: platform.publicKey,
    });
    expect([without.capabilities.savedMethods, without.chargeSaved]).toEqual([null, undefined]);
  });

  const agreementForm = ({ setupId, notify_type }: { setupId: string; notify_type: string }) =>
    form({
      notify_type,
      external_agreement_no: setupId.replaceAll('-', ''),
      agreement_no: 'agreement-1',
      status: notify_type === 'dut_user_sign' ? 'NORMAL' : 'UNSIGN',
    });

  it('charges what was agreed to, and says why when it cannot', async () => {
    const answered = async (answer: object) => {
      answers('alipay.trade.pay', answer);
      return alipay.chargeSaved?.(charge);
    };
    expect(await answered({ code: '10000', msg: 'Success' })).toEqual({
      status: 'settled',
      providerRef: paymentId,
      fee: null,
    });
    expect(sentContent()).toMatchObject({
      out_trade_no: paymentId,
      product_code: 'CYCLE_PAY_AUTH',
      agreement_params: { agreement_no: 'agreement-1' },
      total_amount: '12.34',
      subject: 'a b',
    });
    expect(await answered({ code: '10003', msg: 'order success pay inprocess' })).toEqual({
      status: 'pending',
      providerRef: paymentId,
    });
    expect(await answered({ code: '20000', msg: 'Unavailable' })).toMatchObject({
      status: 'pending',
    });
    const refused = (sub_code: string) => answered({ code: '40004', msg: 'Failed', sub_code });
    expect(await refused('ACQ.BUYER_BALANCE_NOT_ENOUGH')).toMatchObject({ problem: 'declined' });
    expect(await refused('ACQ.AGREEMENT_NOT_EXIST')).toMatchObject({ problem: 'no-method' });
  });

  it('asks what became of a charge that was in progress', async () => {
    const found = async (answer: object) => {
      answers('alipay.trade.query', answer);
      return alipay.chargeSaved?.({ ...charge, providerRef: paymentId });
    };
    const paid = { code: '10000', msg: 'Success', trade_status: 'TRADE_SUCCESS' };
    expect(await found(paid)).toMatchObject({ status: 'settled' });
    expect(await found({ ...paid, trade_status: 'WAIT_BUYER_PAY' })).toMatchObject({
      status: 'pending',
    });
    expect(
      await found({ code: '40004', msg: 'Failed', sub_code: 'ACQ.TRADE_NOT_EXIST' }),
    ).toMatchObject({ status: 'declined' });
  });

  it('ends an agreement, once or twice', async () => {
    answers('alipay.user.agreement.unsign', { code: '10000', msg: 'Success' });
    await alipay.removeMethod?.('agreement-1');
    expect(sentContent()).toMatchObject({ agreement_no: 'agreement-1' });
    const gone = { code: '40004', msg: 'Failed', sub_code: 'USER_AGREEMENT_NOT_EXIST' };
    answers('alipay.user.agreement.unsign', gone);
    await expect(alipay.removeMethod?.('agreement-1')).resolves.toBeUndefined();
    answers('alipay.user.agreement.unsign', { code: '20000', msg: 'Unavailable' });
    await expect(alipay.removeMethod?.('agreement-1')).rejects.toThrow(ProviderUnavailable);
  });

  const form = (change: Record<string, string> = {}, key = platform.privateKey) => {
    const parameters: Record<string, string> = {
      app_id: '2021',
      notify_id: 'n-1',
      notify_time: '2026-01-01 08:00:00',
      notify_type: 'trade_status_sync',
      out_trade_no: paymentId,
      trade_no: 't',
      trade_status: 'TRADE_SUCCESS',
      total_amount: '12.34',
      subject: '所有权 & more',
      ...change,
    };
    const text = Object.keys(parameters)
      .sort()
      .map((name) => `${name}=${parameters[name] ?? ''}`)
      .join('&');
    return new URLSearchParams({
      ...parameters,
      sign_type: 'RSA2',
      sign: sign(text, key),
    }).toString();
  };
  const verify = (rawBody: string) => alipay.verify({ rawBody, headers: {}, now });

  it.each<[string, object]>([
    [
      'TRADE_SUCCESS',
      { kind: 'payment-settled', paymentId, chargeRef: 't', amount: cny(1234n), fee: null },
    ],
    ['TRADE_FINISHED', { kind: 'payment-settled' }],
    ['TRADE_CLOSED', { kind: 'payment-canceled', paymentId }],
    ['WAIT_BUYER_PAY', { kind: 'ignored' }],
  ])('understands %s', async (trade_status, notice) => {
    expect(await verify(form({ trade_status }))).toMatchObject({ eventId: 'n-1', notice });
  });

  it.each<[string, () => string]>([
    ['unsigned', () => form().replace(/&sign=.*/, '')],
    ['signed by somebody else', () => form({}, merchant.privateKey)],
    ['changed', () => form().replace('12.34', '0.01')],
    ['of the day before yesterday', () => form({ notify_time: '2025-12-30 08:00:00' })],
    ['without a time', () => form({ notify_time: '' })],
    ['for another app', () => form({ app_id: '2022' })],
    ['ambiguous', () => `${form()}&total_amount=99.00`],
    ['empty', () => ''],
  ])('refuses what is %s', (_, body) => {
    expect(() => verify(body())).toThrow(DeliveryRefused);
  });

  describeWithSharedData('with Alipay’s own notifications', () => {
    const folder = join(sharedData, 'pay-alipay');
    interface Sample {
      readonly title: string;
      readonly rule: string;
      readonly publicKey: string;
      readonly params: Record<string, unknown>;
      readonly expected: {
        readonly checkNotifySign?: boolean;
        readonly checkNotifySignV2?: boolean;
      };
    }
    const samples = JSON.parse(
      readFileSync(join(folder, 'notify-samples.json'), 'utf8'),
    ) as Sample[];

    it.each(samples.map((sample) => [`${sample.title}, ${sample.rule}`, sample] as const))(
      '%s',
      (_, sample) => {
        const { AlipaySdk } = loadAlipaySdk();
        const sdk = new AlipaySdk({
          appId: 'x',
          privateKey: merchant.privateKey,
          alipayPublicKey: readFileSync(join(folder, sample.publicKey), 'utf8').replace(
            /-----[^-]+-----|\s/g,
            '',
          ),
        });
        const body = new URLSearchParams(
          Object.entries(sample.params).map(([name, value]): [string, string] => [
            name,
            typeof value === 'string' ? value : JSON.stringify(value),
          ]),
        ).toString();
        const isGood =
          sample.expected.checkNotifySign === true || sample.expected.checkNotifySignV2 === true;
        if (isGood) expect(signedParameters(sdk, body)).toHaveProperty('notify_id');
        else expect(() => signedParameters(sdk, body)).toThrow(DeliveryRefused);
      },
    );
  });
});

it('leaves the sockets of the process as they were', () => {
  const before = Socket.prototype.destroy;
  jest.isolateModules(() => loadAlipaySdk());
  expect(Socket.prototype.destroy).toBe(before);
});
