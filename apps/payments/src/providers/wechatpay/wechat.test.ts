import { createCipheriv, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { describeWithSharedData, sharedData } from '@lyceum/testing';
import { DeliveryRefused, ProviderUnavailable, type PaymentProvider } from '../provider';
import { StubServer, type SeenRequest, type StubAnswer } from '../stub-server.factory';
import { isRsaSigned, publicKeyOf, signedText, signRsa, unseal } from './wechat-crypto';
import { fromNumber, toNumber } from '../number';
import { openNotification } from './wechat-notices';
import { createWechatPay } from './wechat-provider';

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const [merchant, platform] = [pair(), pair()];
const apiV3Key = 'a'.repeat(32);
const now = new Date('2026-01-01T00:00:00Z');
const seconds = Math.floor(now.getTime() / 1000);
const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);

describe('WeChat Pay', () => {
  const stub = new StubServer();
  let wechat: PaymentProvider;
  beforeAll(async () => {
    wechat = createWechatPay(
      {
        appId: 'wx1',
        merchantId: '1900000001',
        serial: 'OURS',
        privateKey: merchant.privateKey,
        apiV3Key,
        platformKeys: new Map([['THEIRS', platform.publicKey]]),
        apiUrl: await stub.start(),
      },
      () => now,
    );
  });
  beforeEach(() => stub.seen.splice(0));
  afterAll(() => stub.stop());

  const signedHeaders = (body: string, at = seconds, key = platform.privateKey) => ({
    'wechatpay-serial': 'THEIRS',
    'wechatpay-timestamp': String(at),
    'wechatpay-nonce': 'n',
    'wechatpay-signature': signRsa(key, signedText(String(at), 'n', body)),
  });
  const signedAnswer = (content: object, status = 200): StubAnswer => {
    const body = JSON.stringify(content);
    return { status, body, headers: signedHeaders(body) };
  };
  /** As WeChat Pay checks it. */
  const isAuthorized = ({ method, path, body, headers }: SeenRequest): boolean => {
    const fields = Object.fromEntries(
      [...(headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    ) as Record<string, string>;
    const text = `${method}\n${path}\n${fields['timestamp'] ?? ''}\n${fields['nonce_str'] ?? ''}\n${body}\n`;
    return (
      fields['mchid'] === '1900000001' &&
      isRsaSigned(createPublicKey(merchant.publicKey), text, fields['signature'] ?? '')
    );
  };
  const seal = (text: string, key = apiV3Key) => {
    const cipher = createCipheriv('aes-256-gcm', key, 'nonce1234567');
    cipher.setAAD(Buffer.from('transaction'));
    const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return {
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: bytes.toString('base64'),
      nonce: 'nonce1234567',
      associated_data: 'transaction',
    };
  };
  const notification = (event_type: string, content: object, key?: string) =>
    JSON.stringify({
      id: 'EV-1',
      event_type,
      resource_type: 'encrypt-resource',
      resource: seal(JSON.stringify(content), key),
    });

  const paymentId = newId();
  const order = {
    paymentId,
    orderId: newId(),
    amount: cny(1234n),
    title: '所有权',
    returnUrl: 'https://shop.example/',
    notifyUrl: 'https://shop.example/webhooks/wechatpay',
    expiresAt: new Date('2026-01-01T00:30:00Z'),
  };

  it('makes a native order, signed, and believes only a signed answer', async () => {
    stub.answer = () => signedAnswer({ code_url: 'weixin://wxpay/x' });
    expect(await wechat.startPayment(order)).toEqual({
      providerRef: toNumber(paymentId),
      paymentUrl: 'weixin://wxpay/x',
    });
    const request = stub.seen[0];
    expect(request && isAuthorized(request)).toBe(true);
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      out_trade_no: toNumber(paymentId),
      amount: { total: 1234, currency: 'CNY' },
      time_expire: '2026-01-01T00:30:00+00:00',
    });
    stub.answer = () => ({ body: { code_url: 'weixin://forged' } });
    await expect(wechat.startPayment(order)).rejects.toThrow(ProviderUnavailable);
    stub.answer = () => ({ status: 503, body: {} });
    await expect(wechat.startPayment(order)).rejects.toThrow(ProviderUnavailable);
  });

  it('makes a JSAPI order for a payer, with signed parameters for the bridge', async () => {
    stub.answer = () => signedAnswer({ prepay_id: 'wx2' });
    const { paymentUrl } = await wechat.startPayment({ ...order, payer: 'openid-1' });
    expect(JSON.parse(stub.seen[0]?.body ?? '')).toMatchObject({ payer: { openid: 'openid-1' } });
    expect(stub.seen[0]?.path).toBe('/v3/pay/transactions/jsapi');
    const bridge = JSON.parse(paymentUrl) as Record<string, string>;
    const text = `wx1\n${bridge['timeStamp'] ?? ''}\n${bridge['nonceStr'] ?? ''}\nprepay_id=wx2\n`;
    expect(isRsaSigned(createPublicKey(merchant.publicKey), text, bridge['paySign'] ?? '')).toBe(
      true,
    );
  });

  it('refunds under the same number on every try', async () => {
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
    stub.answer = () => ({ status: 500, body: {} });
    await expect(wechat.refund(refund)).rejects.toThrow(ProviderUnavailable);
    stub.answer = () =>
      signedAnswer({ out_refund_no: toNumber(refundId), refund_id: '50', status: 'PROCESSING' });
    expect(await wechat.refund(refund)).toEqual({ status: 'pending', providerRef: '50' });
    expect(
      new Set(
        stub.seen.map(({ body }) => (JSON.parse(body) as { out_refund_no: string }).out_refund_no),
      ),
    ).toEqual(new Set([toNumber(refundId)]));
    stub.answer = () => ({ status: 403, body: { code: 'NOT_ENOUGH', message: 'x' } });
    expect(await wechat.refund(refund)).toEqual({ status: 'failed', reason: 'NOT_ENOUGH' });
    stub.answer = () => ({ status: 429, body: { code: 'FREQUENCY_LIMITED' } });
    await expect(wechat.refund(refund)).rejects.toThrow(ProviderUnavailable);
    stub.answer = () => signedAnswer({ out_refund_no: toNumber(refundId), status: 'SUCCESS' });
    expect(await wechat.findRefund({ refundId, paymentId, providerRef: null })).toEqual({
      kind: 'refund-settled',
      refundId,
    });
    stub.answer = () => ({ status: 404, body: { code: 'RESOURCE_NOT_EXISTS' } });
    expect(await wechat.findRefund({ refundId, paymentId, providerRef: null })).toBeNull();
  });

  it('asks what became of a payment', async () => {
    stub.answer = () => signedAnswer({ out_trade_no: toNumber(paymentId), trade_state: 'NOTPAY' });
    expect(await wechat.findPayment({ paymentId, providerRef: null })).toBeNull();
    stub.answer = () =>
      signedAnswer({
        out_trade_no: toNumber(paymentId),
        transaction_id: 't',
        trade_state: 'SUCCESS',
        amount: { total: 1234 },
      });
    expect(await wechat.findPayment({ paymentId, providerRef: null })).toMatchObject({
      kind: 'payment-settled',
      amount: cny(1234n),
    });
  });

  it('opens notifications of payments and refunds', async () => {
    const deliver = (body: string) =>
      wechat.verify({ rawBody: body, headers: signedHeaders(body), now });
    expect(
      await deliver(
        notification('TRANSACTION.SUCCESS', {
          out_trade_no: toNumber(paymentId),
          transaction_id: 't',
          trade_state: 'SUCCESS',
          amount: { total: 1234, currency: 'CNY', payer_total: 1200 },
        }),
      ),
    ).toEqual({
      eventId: 'EV-1',
      type: 'TRANSACTION.SUCCESS',
      notice: { kind: 'payment-settled', paymentId, chargeRef: 't', amount: cny(1234n), fee: null },
    });
    for (const [event, status, kind] of [
      ['REFUND.SUCCESS', 'SUCCESS', 'refund-settled'],
      ['REFUND.ABNORMAL', 'ABNORMAL', 'refund-failed'],
      ['REFUND.CLOSED', 'CLOSED', 'refund-failed'],
    ] as const)
      expect(
        await deliver(
          notification(event, { out_refund_no: toNumber(paymentId), refund_status: status }),
        ),
      ).toMatchObject({
        notice: { kind, refundId: paymentId },
      });
    expect(
      await deliver(
        notification('TRANSACTION.SUCCESS', {
          out_trade_no: 'of-another-shop',
          trade_state: 'SUCCESS',
        }),
      ),
    ).toMatchObject({ notice: { kind: 'ignored' } });
  });

  it.each<[string, (body: string) => Record<string, string>]>([
    ['unsigned', () => ({})],
    ['signed by somebody else', (body) => signedHeaders(body, seconds, merchant.privateKey)],
    ['stale', (body) => signedHeaders(body, seconds - 301)],
    ['of another body', (body) => signedHeaders(`${body} `)],
    [
      'signed with a key we do not know',
      (body) => ({ ...signedHeaders(body), 'wechatpay-serial': 'X' }),
    ],
    [
      'a probe',
      (body) => ({ ...signedHeaders(body), 'wechatpay-signature': 'WECHATPAY/SIGNTEST/x' }),
    ],
  ])('refuses what is %s', (_, headers) => {
    const rawBody = notification('TRANSACTION.SUCCESS', {});
    expect(() => wechat.verify({ rawBody, headers: headers(rawBody), now })).toThrow(
      DeliveryRefused,
    );
  });

  it('refuses what is sealed with another key', () => {
    const rawBody = notification('TRANSACTION.SUCCESS', {}, 'b'.repeat(32));
    expect(() => wechat.verify({ rawBody, headers: signedHeaders(rawBody), now })).toThrow(
      DeliveryRefused,
    );
  });

  it('turns ids into numbers and back', () => {
    expect(toNumber(paymentId)).toMatch(/^[0-9a-f]{32}$/);
    expect(fromNumber(toNumber(paymentId))).toBe(paymentId);
    expect(fromNumber('x')).toBeNull();
  });

  describeWithSharedData('with WeChat Pay’s own vectors', () => {
    const read = (name: string) => readFileSync(join(sharedData, 'pay-wechat', name), 'utf8');

    it('verifies and opens a real notification, within its five minutes', () => {
      const vector = JSON.parse(read('notify-payscore.json')) as {
        mchAPIv3Key: string;
        headers: Record<string, string>;
        body: string;
        expectedPlaintext: string;
      };
      const headers = Object.fromEntries(
        Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const keys = {
        apiV3Key: vector.mchAPIv3Key,
        platformKeys: new Map([
          [headers['wechatpay-serial'] ?? '', read('wechatpay-go-platform-cert.pem')],
        ]),
      };
      const at = Number(headers['wechatpay-timestamp']) * 1000;
      const delivery = { rawBody: vector.body, headers, now: new Date(at + 299_000) };
      expect(openNotification(keys, delivery).plaintext).toBe(vector.expectedPlaintext);
      expect(() => openNotification(keys, { ...delivery, now: new Date(at + 301_000) })).toThrow(
        DeliveryRefused,
      );
      expect(() => openNotification(keys, { ...delivery, rawBody: `${vector.body} ` })).toThrow(
        DeliveryRefused,
      );
    });

    it('seals and signs as its vectors say', () => {
      const { aead, rsaSha256 } = JSON.parse(read('java-vectors.json')) as {
        aead: {
          apiV3Key: string;
          nonce: string;
          associatedData: string;
          ciphertext: string;
          plaintext: string;
          mustFail: Record<string, string>[];
        };
        rsaSha256: { message: string; signature: string; cert: string; invalidWith: string };
      };
      const sealed = {
        ciphertext: aead.ciphertext,
        nonce: aead.nonce,
        associated_data: aead.associatedData,
      };
      expect(unseal(aead.apiV3Key, sealed)).toBe(aead.plaintext);
      for (const { associatedData, nonce } of aead.mustFail)
        expect(() =>
          unseal(aead.apiV3Key, {
            ...sealed,
            nonce: nonce ?? aead.nonce,
            associated_data: associatedData ?? aead.associatedData,
          }),
        ).toThrow();
      expect(
        isRsaSigned(publicKeyOf(read(rsaSha256.cert)), rsaSha256.message, rsaSha256.signature),
      ).toBe(true);
      expect(
        isRsaSigned(
          publicKeyOf(read(rsaSha256.invalidWith)),
          rsaSha256.message,
          rsaSha256.signature,
        ),
      ).toBe(false);
    });
  });
});
