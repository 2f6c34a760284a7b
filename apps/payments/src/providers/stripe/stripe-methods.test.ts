import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import type { PaymentProvider } from '../provider';
import { StubServer } from '../stub-server.factory';
import { createStripe } from './stripe-provider';

const now = new Date('2026-01-01T00:00:00Z');
const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);

describe('what is left with stripe to pay with again', () => {
  const stub = new StubServer();
  let stripe: PaymentProvider;
  beforeAll(async () => {
    stripe = createStripe(
      { secretKey: 'sk_test_x', webhookSecret: 'whsec_test', apiUrl: await stub.start() },
      () => now,
    );
  });
  beforeEach(() => stub.seen.splice(0));
  afterAll(() => stub.stop());

  it('charges a saved card, and tells a hard decline from a soft one', async () => {
    const charge = {
      chargeId: newId(),
      accountId: newId<'Account'>(),
      token: 'cus_1:pm_1',
      amount: cny(500n),
      title: 'Membership',
      notifyUrl: 'https://shop.example/webhooks/stripe',
      providerRef: null,
    };
    stub.answer = () => ({ body: { id: 'pi_2', object: 'payment_intent', status: 'succeeded' } });
    expect(await stripe.chargeSaved?.(charge)).toEqual({
      status: 'settled',
      providerRef: 'pi_2',
      fee: null,
    });
    expect(new URLSearchParams(stub.seen[0]?.body).get('off_session')).toBe('true');
    const declined = (decline_code: string) => {
      stub.answer = () => ({
        status: 402,
        body: { error: { type: 'card_error', code: 'card_declined', decline_code } },
      });
      return stripe.chargeSaved?.(charge);
    };
    expect(await declined('stolen_card')).toMatchObject({ status: 'declined', isHard: true });
    expect(await declined('insufficient_funds')).toMatchObject({
      status: 'declined',
      isHard: false,
    });
    expect(await declined('expired_card')).toMatchObject({
      isHard: false,
      problem: 'method-expired',
    });
    stub.answer = () => ({
      status: 402,
      body: { error: { type: 'card_error', code: 'authentication_required' } },
    });
    expect(await stripe.chargeSaved?.(charge)).toMatchObject({ problem: 'needs-confirmation' });
    stub.answer = () => ({
      status: 400,
      body: { error: { type: 'invalid_request_error', code: 'resource_missing' } },
    });
    expect(await stripe.chargeSaved?.(charge)).toMatchObject({ problem: 'no-method' });
  });

  it('looks up a charge that was not decided, instead of making another', async () => {
    const charge = {
      chargeId: newId(),
      accountId: newId<'Account'>(),
      token: 'cus_1:pm_1',
      amount: cny(500n),
      title: 'Membership',
      notifyUrl: '',
      providerRef: 'pi_3',
    };
    const asked = async (status: string) => {
      stub.answer = () => ({ body: { id: 'pi_3', object: 'payment_intent', status } });
      return stripe.chargeSaved?.(charge);
    };
    expect(await asked('processing')).toEqual({ status: 'pending', providerRef: 'pi_3' });
    expect(await asked('succeeded')).toMatchObject({ status: 'settled', providerRef: 'pi_3' });
    expect(await asked('requires_action')).toMatchObject({ problem: 'needs-confirmation' });
    expect(await asked('requires_payment_method')).toMatchObject({ problem: 'declined' });
    expect(new Set(stub.seen.map(({ method, path }) => `${method} ${path}`))).toEqual(
      new Set(['GET /v1/payment_intents/pi_3']),
    );
  });

  it('asks for a payment method without a payment', async () => {
    stub.answer = () => ({ body: { id: 'cs_2', object: 'checkout.session', url: 'https://x' } });
    const setupId = newId();
    const started = await stripe.startSetup?.({
      setupId,
      currency: 'CNY' as Currency,
      returnUrl: 'https://shop.example/',
      notifyUrl: '',
      now,
    });
    expect(started).toEqual({ providerRef: 'cs_2', paymentUrl: 'https://x' });
    const form = new URLSearchParams(stub.seen[0]?.body);
    expect(form.get('mode')).toBe('setup');
    expect(form.get('setup_intent_data[metadata][setupId]')).toBe(setupId);
    expect(stub.seen[0]?.headers['idempotency-key']).toBe(`setup-${setupId}`);
  });

  it('describes what it keeps, and forgets it, once or twice', async () => {
    const card = { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2027, fingerprint: 'f' };
    stub.answer = () => ({
      body: { id: 'pm_1', object: 'payment_method', type: 'card', card },
    });
    expect(await stripe.describeMethod?.('cus_1:pm_1')).toEqual({
      label: 'visa •••• 4242',
      fingerprint: 'f',
      expiresAt: new Date('2028-01-01T00:00:00Z'),
    });
    await stripe.removeMethod?.('cus_1:pm_1');
    expect(stub.seen.at(-1)?.path).toBe('/v1/payment_methods/pm_1/detach');
    stub.answer = () => ({
      status: 400,
      body: { error: { type: 'invalid_request_error', message: 'not attached to a customer' } },
    });
    await expect(stripe.removeMethod?.('cus_1:pm_1')).resolves.toBeUndefined();
    expect(await stripe.describeMethod?.('cus_1:pm_1')).toBeNull();
  });
});
