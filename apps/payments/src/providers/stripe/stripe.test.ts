import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { describeWithSharedData, sharedData } from '@lyceum/testing';
import Stripe from 'stripe';
import type { PaymentProvider } from '../provider';
import { DeliveryRefused, ProviderUnavailable } from '../provider';
import { StubServer } from '../stub-server.factory';
import { createStripe } from './stripe-provider';

const webhookSecret = 'whsec_test';
const now = new Date('2026-01-01T00:00:00Z');
const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);

describe('stripe', () => {
  const stub = new StubServer();
  let stripe: PaymentProvider;
  beforeAll(async () => {
    stripe = createStripe(
      { secretKey: 'sk_test_x', webhookSecret, apiUrl: await stub.start() },
      () => now,
    );
  });
  beforeEach(() => stub.seen.splice(0));
  afterAll(() => stub.stop());

  const signed = (body: string, at = now, secret = webhookSecret) => {
    const timestamp = Math.floor(at.getTime() / 1000);
    const v1 = createHmac('sha256', secret)
      .update(`${String(timestamp)}.${body}`)
      .digest('hex');
    return { 'stripe-signature': `t=${String(timestamp)},v1=${v1}` };
  };
  const event = (type: string, object: object) =>
    JSON.stringify({ id: 'evt_1', object: 'event', type, data: { object } });
  const verified = (type: string, object: object) => {
    const rawBody = event(type, object);
    return stripe.verify({ rawBody, headers: signed(rawBody), now });
  };
  const paymentId = newId<'Payment'>();
  const order = {
    paymentId,
    orderId: newId(),
    amount: cny(1234n),
    title: 'Ownership',
    returnUrl: 'https://shop.example/a',
    notifyUrl: 'https://shop.example/webhooks/stripe',
    expiresAt: new Date('2026-01-01T00:30:00Z'),
  };

  it('opens a Checkout session with the payment’s id as its key', async () => {
    stub.answer = () => ({
      body: { id: 'cs_1', object: 'checkout.session', url: 'https://checkout.stripe.com/x' },
    });
    expect(await stripe.startPayment(order)).toEqual({
      providerRef: 'cs_1',
      paymentUrl: 'https://checkout.stripe.com/x',
    });
    const [request] = stub.seen;
    expect([request?.method, request?.path]).toEqual(['POST', '/v1/checkout/sessions']);
    expect(request?.headers['idempotency-key']).toBe(`payment-${paymentId}`);
    const form = new URLSearchParams(request?.body);
    expect(form.get('line_items[0][price_data][unit_amount]')).toBe('1234');
    expect(form.get('line_items[0][price_data][currency]')).toBe('cny');
    expect(form.get('payment_intent_data[metadata][paymentId]')).toBe(paymentId);
    expect(Number(form.get('expires_at'))).toBeGreaterThanOrEqual(now.getTime() / 1000 + 1_800);
  });

  it('refunds with the refund’s id as its key, and tells accepted from done and from refused', async () => {
    const refundId = newId();
    const refund = {
      refundId,
      paymentId,
      providerRef: 'cs_1',
      chargeRef: 'pi_1',
      amount: cny(100n),
      total: cny(1234n),
      reason: '',
    };
    const metadata = { refundId };
    stub.answer = () => ({ body: { id: 're_1', object: 'refund', status: 'pending', metadata } });
    expect(await stripe.refund(refund)).toEqual({ status: 'pending', providerRef: 're_1' });
    expect(stub.seen[0]?.headers['idempotency-key']).toBe(`refund-${refundId}`);
    expect(new URLSearchParams(stub.seen[0]?.body).get('amount')).toBe('100');
    stub.answer = () => ({ body: { id: 're_1', object: 'refund', status: 'succeeded', metadata } });
    expect(await stripe.refund(refund)).toEqual({ status: 'settled', providerRef: 're_1' });
    expect(await stripe.findRefund({ refundId, paymentId, providerRef: 're_1' })).toEqual({
      kind: 'refund-settled',
      refundId,
    });
    stub.answer = () => ({
      status: 400,
      body: {
        error: { type: 'invalid_request_error', code: 'charge_already_refunded', message: 'x' },
      },
    });
    expect(await stripe.refund(refund)).toEqual({
      status: 'failed',
      reason: 'charge_already_refunded',
    });
  });

  it('asks for what it has not heard, and says when Stripe is away', async () => {
    stub.answer = () => ({
      body: {
        id: 'cs_1',
        object: 'checkout.session',
        metadata: { paymentId },
        payment_status: 'paid',
        payment_intent: 'pi_1',
        amount_total: 1234,
        currency: 'cny',
      },
    });
    expect(await stripe.findPayment({ paymentId, providerRef: 'cs_1' })).toEqual({
      kind: 'payment-settled',
      paymentId,
      chargeRef: 'pi_1',
      amount: cny(1234n),
      fee: null,
      method: null,
    });
    const away = createStripe(
      { secretKey: 'sk', webhookSecret, apiUrl: 'http://127.0.0.1:9' },
      () => now,
    );
    await expect(away.findPayment({ paymentId, providerRef: 'cs_1' })).rejects.toThrow(
      ProviderUnavailable,
    );
  }, 20_000);

  it('keeps what is paid with by the buyer’s consent only', async () => {
    stub.answer = () => ({ body: { id: 'cs_1', object: 'checkout.session', url: 'https://x' } });
    const sent = async (savesMethod: boolean) => {
      await stripe.startPayment({ ...order, savesMethod });
      const form = new URLSearchParams(stub.seen.pop()?.body);
      return [form.get('customer_creation'), form.get('payment_intent_data[setup_future_usage]')];
    };
    expect(await sent(true)).toEqual(['always', 'off_session']);
    expect(await sent(false)).toEqual([null, null]);
  });

  it.each<[string, object, object]>([
    [
      'checkout.session.completed',
      {
        metadata: { paymentId },
        payment_status: 'paid',
        payment_intent: 'pi_1',
        amount_total: 1234,
        currency: 'cny',
      },
      { kind: 'payment-settled', paymentId, chargeRef: 'pi_1', amount: cny(1234n) },
    ],
    [
      'checkout.session.completed',
      { metadata: { paymentId }, payment_status: 'unpaid' },
      { kind: 'ignored' },
    ],
    [
      'checkout.session.completed',
      { metadata: {}, payment_status: 'paid', amount_total: 1, currency: 'cny' },
      { kind: 'ignored' },
    ],
    [
      'checkout.session.expired',
      { metadata: { paymentId }, payment_status: 'unpaid', status: 'expired' },
      { kind: 'payment-canceled', paymentId },
    ],
    [
      'payment_intent.succeeded',
      { id: 'pi_1', metadata: { paymentId }, amount_received: 1234, currency: 'cny' },
      { kind: 'payment-settled', paymentId, chargeRef: 'pi_1', amount: cny(1234n) },
    ],
    [
      'payment_intent.succeeded',
      {
        id: 'pi_1',
        metadata: { paymentId },
        amount_received: 1234,
        currency: 'cny',
        setup_future_usage: 'off_session',
        customer: 'cus_1',
        payment_method: 'pm_1',
      },
      { kind: 'payment-settled', method: { token: 'cus_1:pm_1' } },
    ],
    [
      'setup_intent.succeeded',
      { metadata: { setupId: paymentId }, customer: 'cus_1', payment_method: 'pm_1' },
      { kind: 'method-saved', setupId: paymentId, method: { token: 'cus_1:pm_1' } },
    ],
    [
      'setup_intent.succeeded',
      { metadata: {}, customer: 'cus_1', payment_method: 'pm_1' },
      { kind: 'ignored' },
    ],
    [
      'charge.dispute.closed',
      {
        id: 'dp_1',
        payment_intent: 'pi_1',
        amount: 1234,
        currency: 'cny',
        reason: 'x',
        status: 'lost',
        balance_transactions: [{ fee: 1500, currency: 'usd' }],
      },
      { kind: 'dispute-lost', fee: money(1500n, 'USD' as Currency) },
    ],
    [
      'payment_intent.payment_failed',
      { id: 'pi_1', metadata: { paymentId } },
      { kind: 'payment-declined', paymentId },
    ],
    [
      'charge.dispute.created',
      {
        id: 'dp_1',
        payment_intent: 'pi_1',
        amount: 1234,
        currency: 'cny',
        reason: 'fraudulent',
        status: 'needs_response',
      },
      { kind: 'dispute-opened', disputeRef: 'dp_1', chargeRef: 'pi_1', amount: cny(1234n) },
    ],
    [
      'charge.dispute.closed',
      {
        id: 'dp_1',
        payment_intent: 'pi_1',
        amount: 1234,
        currency: 'cny',
        reason: 'x',
        status: 'lost',
      },
      { kind: 'dispute-lost' },
    ],
    [
      'charge.dispute.closed',
      {
        id: 'dp_1',
        payment_intent: 'pi_1',
        amount: 1234,
        currency: 'cny',
        reason: 'x',
        status: 'warning_closed',
      },
      { kind: 'dispute-won' },
    ],
    [
      'refund.updated',
      { id: 're_1', status: 'failed', metadata: { refundId: paymentId } },
      { kind: 'refund-failed', refundId: paymentId },
    ],
    ['customer.created', { id: 'cus_1' }, { kind: 'ignored' }],
  ])('understands %s %#', async (type, object, notice) => {
    expect(await verified(type, object)).toMatchObject({ eventId: 'evt_1', type, notice });
  });

  it('hears that a card is gone, and whose it was', async () => {
    const rawBody = JSON.stringify({
      id: 'evt_2',
      object: 'event',
      type: 'payment_method.detached',
      data: { object: { id: 'pm_1', customer: null }, previous_attributes: { customer: 'cus_1' } },
    });
    expect(await stripe.verify({ rawBody, headers: signed(rawBody), now })).toMatchObject({
      notice: { kind: 'method-ended', token: 'cus_1:pm_1' },
    });
  });

  it.each<[string, (body: string) => Record<string, string>]>([
    ['unsigned', () => ({})],
    ['signed with another secret', (body) => signed(body, now, 'whsec_other')],
    ['stale', (body) => signed(body, new Date(now.getTime() - 301_000))],
    ['of another body', (body) => signed(`${body} `)],
  ])('refuses what is %s', (_, headers) => {
    const rawBody = event('customer.created', {});
    expect(() => stripe.verify({ rawBody, headers: headers(rawBody), now })).toThrow(
      DeliveryRefused,
    );
  });

  describeWithSharedData('with Stripe’s own data', () => {
    const folder = join(sharedData, 'pay-stripe');

    it('signs as its vectors say', () => {
      const { secret, vectors } = JSON.parse(
        readFileSync(join(folder, 'hmac-vectors.json'), 'utf8'),
      ) as {
        secret: string;
        vectors: { payload: string; hmacSha256: string }[];
      };
      for (const { payload, hmacSha256 } of vectors)
        expect(Stripe.createNodeCryptoProvider().computeHMACSignature(payload, secret)).toBe(
          hmacSha256,
        );
    });

    it('takes every kind of event there is, signed, and finds none that is ours', async () => {
      const fixtures = readdirSync(join(folder, 'webhook_fixtures')).filter((name) =>
        name.endsWith('.json'),
      );
      expect(fixtures.length).toBeGreaterThan(80);
      for (const name of fixtures) {
        const rawBody = readFileSync(join(folder, 'webhook_fixtures', name), 'utf8');
        const { notice } = await stripe.verify({ rawBody, headers: signed(rawBody), now });
        // What they name, an intent or a card, may be ours: that is for the payments and methods to say.
        expect([name, notice.kind]).toEqual([
          name,
          expect.stringMatching(/^(ignored|method-ended|dispute-\w+)$/),
        ]);
      }
    });
  });
});
