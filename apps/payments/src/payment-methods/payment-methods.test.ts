import { newId, type AccountId } from '@lyceum/contracts';
import { money } from '@lyceum/money';
import { inTransaction, UserError } from '@lyceum/platform';
import { askGraph } from '../graph/ask.factory';
import { createApp } from '../app';
import { kitOf, openKit } from '../kit';
import {
  anArticleOnSale,
  paymentsWorld,
  sandboxOwner,
  type PaymentsWorld,
} from '../payments-world.factory';
import type { PaymentProvider } from '../providers/provider';
import { choose, type Choice } from '../providers/sandbox/choose';
import { sandboxPayment } from '../providers/sandbox/sandbox-payment';
import { addDays } from '../subscriptions/calendar';
import { payInvoice } from '../subscriptions/pay-invoice';
import { selectInvoices, selectSubscriptions } from '../subscriptions/rows';
import {
  aMembership,
  aSubscriber,
  giveCard,
  letTimeWork,
} from '../subscriptions/subscription.factory';
import { describeMethods, removeMethods } from './agree-with-providers.job';
import { PaymentMethodNotFound, ProviderKeepsNoMethods } from './manage-payment-methods';
import { selectPaymentMethods } from './payment-method';
import { savePaymentMethod } from './save-payment-method';

const start = new Date('2026-04-01T00:00:00.000Z');
const day = (n: number) => addDays(start, n);

describe('payment methods', () => {
  let world: PaymentsWorld;
  let kit: ReturnType<typeof kitOf>;
  const { schema } = createApp();
  beforeAll(async () => {
    world = await paymentsWorld();
    kit = kitOf(world);
  });
  beforeEach(() => {
    world.setNow(start);
    world.withSandbox({ ...kit.providers.get('sandbox') });
  });
  afterAll(() => world.close());

  const methodsOf = (accountId: AccountId) =>
    selectPaymentMethods(world.db, 'account_id = $1 ORDER BY preferred_at DESC, id DESC', [
      accountId,
    ]);
  const now = async (id: string) =>
    (await selectSubscriptions(world.db, 'subscription.id = $1', [id]))[0];
  const lastInvoice = async (id: string) =>
    (await selectInvoices(world.db, 'subscription_id = $1 ORDER BY id DESC', [id]))[0];
  const at = async (time: Date) => {
    world.setNow(time);
    await letTimeWork(world);
  };
  /** Subscribes without anything to pay with, and pays the first month on the sandbox's page. */
  const subscriber = async (choice: Choice, savesPaymentMethod = true) => {
    const { month } = await aMembership(world);
    const accountId = newId<'Account'>();
    const { id } = await aSubscriber(world, accountId, { priceId: month.id });
    const paying = { subscriptionId: id, savesPaymentMethod };
    const session = await payInvoice(world.as(accountId), paying);
    if (session instanceof UserError) throw new Error(session.code);
    await world.choose(session, choice);
    return { id, accountId };
  };
  /** Completes the setup's page of the sandbox. */
  const completeSetup = async (url: string, choice: Choice = 'success') => {
    const page = await sandboxPayment(world.deps, url.split('/').at(-1) ?? '');
    if (page === null) throw new Error('no page');
    await choose(world.deps, page, choice);
    await world.settleDown();
  };
  const ask = (accountId: AccountId, source: string, variables: object = {}) =>
    askGraph({ schema, ctx: world.as(accountId) }, source, variables);
  const add = `mutation ($input: AddPaymentMethodInput!) {
    addPaymentMethod(input: $input) { ... on PaymentMethodSetup { url } ... on UserError { code } } }`;
  const addMethod = async (accountId: AccountId, choice: Choice = 'success') => {
    const input = { provider: 'sandbox', currency: 'CNY' };
    const { data } = await ask(accountId, add, { input });
    await completeSetup(data.addPaymentMethod.url, choice);
  };

  it('are kept by consent when something is paid, and renew it without the buyer', async () => {
    const { id, accountId } = await subscriber('success');
    expect(await methodsOf(accountId)).toMatchObject([
      { provider: 'sandbox', isDefault: true, consentedAt: start },
    ]);
    await at(day(30));
    expect(await now(id)).toMatchObject({ status: 'active', paidThrough: day(61) });
    expect(await lastInvoice(id)).toMatchObject({ status: 'paid', problem: null });
    expect(await world.balance('provider-clearing', sandboxOwner)).toBe(0n);
  });

  it('are not kept without consent, nor by a provider that cannot', async () => {
    const { id, accountId } = await subscriber('success', false);
    expect(await methodsOf(accountId)).toEqual([]);
    await at(day(30));
    expect(await now(id)).toMatchObject({ status: 'past_due' });
    expect(await lastInvoice(id)).toMatchObject({ problem: 'no-method' });

    const { capabilities } = kit.providers.get('sandbox') ?? {};
    if (capabilities === undefined) throw new Error('no sandbox');
    world.withSandbox({ capabilities: { ...capabilities, savedMethods: null } });
    const other = await subscriber('success');
    expect(await methodsOf(other.accountId)).toEqual([]);
    const input = { provider: 'sandbox', currency: 'CNY' };
    expect((await ask(other.accountId, add, { input })).data.addPaymentMethod).toEqual({
      code: new ProviderKeepsNoMethods().code,
    });
  });

  it('are kept from any checkout, once, and not again when its owner has removed them', async () => {
    const { product } = await anArticleOnSale(world);
    const buyer = world.buyer();
    const session = await world.order(buyer, product, { savesPaymentMethod: true });
    await world.choose(session, 'duplicate');
    const [method, ...others] = await methodsOf(buyer.id);
    expect([method?.isDefault, others]).toEqual([true, []]);
    const remove = `mutation ($input: PaymentMethodInput!) {
      removePaymentMethod(input: $input) { __typename } }`;
    await ask(buyer.id, remove, { input: { paymentMethodId: method?.id } });
    const payment = await world.paymentOf(session);
    await world.deliver({
      kind: 'payment-settled',
      paymentId: payment.id,
      chargeRef: null,
      amount: payment.amount,
      fee: null,
      method: { token: method?.token ?? '' },
    });
    expect(await methodsOf(buyer.id)).toEqual([]);
  });

  it.each<[Choice, string]>([
    ['later-decline', 'declined'],
    ['later-confirm', 'needs-confirmation'],
    ['later-expired', 'method-expired'],
  ])(
    'say what is wrong when %s is chosen, and another one pays at once',
    async (choice, problem) => {
      const { id, accountId } = await subscriber(choice);
      await at(day(30));
      expect(await now(id)).toMatchObject({ status: 'past_due' });
      expect(await lastInvoice(id)).toMatchObject({
        status: 'open',
        problem,
        nextAttemptAt: day(32),
      });
      await at(day(31));
      await addMethod(accountId);
      await letTimeWork(world);
      expect(await now(id)).toMatchObject({ status: 'active', paidThrough: day(61) });
      expect(await lastInvoice(id)).toMatchObject({ status: 'paid', problem: null });
    },
  );

  it('can be confirmed on a page by their owner instead', async () => {
    const { id, accountId } = await subscriber('later-confirm');
    await at(day(30));
    const session = await payInvoice(world.as(accountId), { subscriptionId: id });
    if (session instanceof UserError) throw new Error(session.code);
    await world.choose(session, 'success');
    expect(await now(id)).toMatchObject({ status: 'active', paidThrough: day(61) });
  });

  it('settle a charge that was pending when the provider tells, once', async () => {
    world.withSandbox({
      chargeSaved: ({ chargeId }) => Promise.resolve({ status: 'pending', providerRef: chargeId }),
    });
    const { month, owner } = await aMembership(world);
    const accountId = newId<'Account'>();
    await giveCard(world, accountId);
    const { id } = await aSubscriber(world, accountId, { priceId: month.id });
    const invoice = await lastInvoice(id);
    expect(await now(id)).toMatchObject({ status: 'incomplete' });
    expect(invoice).toMatchObject({ chargeRef: invoice?.chargeId });
    const told = (amountMinor: bigint) =>
      world.deliver({
        kind: 'payment-settled',
        paymentId: invoice?.chargeId ?? '',
        chargeRef: 'pi_9',
        amount: money(amountMinor, month.currency),
        fee: null,
      });
    expect(await told(999n)).toBe('failed');
    expect([await told(1000n), await told(1000n)]).toEqual(['processed', 'ignored']);
    expect(await now(id)).toMatchObject({ status: 'active', paidThrough: day(30) });
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(895n);
    await letTimeWork(world);
    expect(await lastInvoice(id)).toMatchObject({ status: 'paid' });
  });

  it('ask nobody else for a charge that is not decided, whatever is the default by then', async () => {
    const sandbox = kit.providers.get('sandbox');
    if (sandbox === undefined) throw new Error('no sandbox');
    const asked: string[] = [];
    const pending = (name: string): PaymentProvider => ({
      ...sandbox,
      name,
      chargeSaved: ({ chargeId, providerRef }) => {
        asked.push(`${name} ${providerRef === null ? 'first' : 'again'}`);
        return Promise.resolve({ status: 'pending', providerRef: chargeId });
      },
    });
    const providers = new Map(['sandbox', 'other'].map((name) => [name, pending(name)]));
    openKit(world.deps, { ...kit, providers });
    const accountId = newId<'Account'>();
    await giveCard(world, accountId);
    const { month } = await aMembership(world);
    await aSubscriber(world, accountId, { priceId: month.id });
    world.setNow(new Date(start.getTime() + 1_000));
    await inTransaction(world.service, (tx) =>
      savePaymentMethod(tx, {
        accountId,
        provider: 'other',
        method: { token: 'ok-y' },
        consentedAt: tx.now,
      }),
    );
    await at(new Date(start.getTime() + 600_000));
    expect(asked).toEqual(['sandbox first', 'sandbox again']);
  });

  it('hear that a pending charge was declined, and of nothing that is not theirs', async () => {
    const { id, accountId } = await subscriber('success');
    world.withSandbox({
      chargeSaved: ({ chargeId }) => Promise.resolve({ status: 'pending', providerRef: chargeId }),
    });
    await at(day(30));
    const chargeId = (await lastInvoice(id))?.chargeId ?? '';
    expect(await world.deliver({ kind: 'payment-declined', paymentId: chargeId })).toBe(
      'processed',
    );
    expect(await world.deliver({ kind: 'payment-declined', paymentId: chargeId })).toBe('ignored');
    expect(await world.deliver({ kind: 'payment-declined', paymentId: newId() })).toBe('ignored');
    expect(await now(id)).toMatchObject({ status: 'past_due', accountId });
  });

  it('are listed, made the default and removed by their owner alone, and then at the provider', async () => {
    const accountId = newId<'Account'>();
    await addMethod(accountId);
    await addMethod(accountId);
    const list = `{ myPaymentMethods(first: 5) { edges { node { id label isDefault provider } } } }`;
    const listed = async () =>
      (await ask(accountId, list)).data.myPaymentMethods.edges.map(
        ({ node }: { node: { id: string } }) => node,
      ) as { id: string; isDefault: boolean; label: string | null }[];
    const [newest, older] = await listed();
    expect([newest?.isDefault, older?.isDefault, older?.label]).toEqual([true, false, null]);
    await describeMethods(world.service);
    expect((await listed())[0]?.label).toBe('Sandbox card');

    const prefer = `mutation ($input: PaymentMethodInput!) { setDefaultPaymentMethod(input: $input) {
      ... on PaymentMethod { id isDefault } ... on UserError { code } } }`;
    const remove = `mutation ($input: PaymentMethodInput!) { removePaymentMethod(input: $input) {
      ... on PaymentMethodRemoved { paymentMethodId } ... on UserError { code } } }`;
    const input = { paymentMethodId: older?.id };
    const stranger = newId<'Account'>();
    const code = new PaymentMethodNotFound().code;
    expect((await ask(stranger, prefer, { input })).data.setDefaultPaymentMethod).toEqual({ code });
    expect((await ask(stranger, remove, { input })).data.removePaymentMethod).toEqual({ code });
    const wrong = { input: { paymentMethodId: 'x' } };
    expect((await ask(accountId, remove, wrong)).data.removePaymentMethod).toEqual({ code });
    expect((await ask(accountId, prefer, { input })).data.setDefaultPaymentMethod).toEqual({
      id: older?.id,
      isDefault: true,
    });
    expect((await listed()).map(({ id }) => id)).toEqual([older?.id, newest?.id]);

    const removed: string[] = [];
    let isAway = true;
    const removeMethod: PaymentProvider['removeMethod'] = (token) => {
      if (isAway) return Promise.reject(new Error('away'));
      removed.push(token);
      return Promise.resolve();
    };
    world.withSandbox({ removeMethod });
    const [kept] = await methodsOf(accountId);
    expect((await ask(accountId, remove, { input })).data.removePaymentMethod).toEqual(input);
    await removeMethods(world.service);
    isAway = false;
    await removeMethods(world.service);
    expect(removed).toEqual([]); // not before its time
    world.setNow(addDays(start, 1));
    await removeMethods(world.service);
    await removeMethods(world.service);
    expect(removed.filter((token) => token === kept?.token)).toHaveLength(1);
    expect((await listed()).map(({ isDefault }) => isDefault)).toEqual([true]);
  });

  it('are forgotten when they were ended at the provider, or are the same card again', async () => {
    const accountId = newId<'Account'>();
    await addMethod(accountId);
    await addMethod(accountId);
    const [second] = await methodsOf(accountId);
    const details = { label: 'visa', fingerprint: 'same', expiresAt: day(900) };
    world.withSandbox({ describeMethod: () => Promise.resolve(details) });
    await describeMethods(world.service);
    expect(await methodsOf(accountId)).toMatchObject([{ id: second?.id, label: 'visa' }]);
    const ended = { kind: 'method-ended', token: second?.token ?? '' } as const;
    expect(await world.deliver(ended)).toBe('processed');
    expect(await methodsOf(accountId)).toEqual([]);
  });

  it('take a setup of nobody’s for none, and one told twice for one', async () => {
    const method = { token: 'ok-x' };
    const notice = { kind: 'method-saved', setupId: newId(), method } as const;
    expect(await world.deliver(notice)).toBe('waits');
    const accountId = newId<'Account'>();
    await addMethod(accountId, 'cancel');
    expect(await methodsOf(accountId)).toEqual([]);
  });

  it('charge the first one that takes the currency', async () => {
    const accountId = newId<'Account'>();
    await giveCard(world, accountId);
    await inTransaction(world.service, (tx) =>
      savePaymentMethod(tx, {
        accountId,
        provider: 'nobody',
        method: { token: 't' },
        consentedAt: tx.now,
      }),
    );
    const { month } = await aMembership(world);
    const { status } = await aSubscriber(world, accountId, { priceId: month.id });
    expect(status).toBe('active');
  });
});
