import { newId } from '@lyceum/contracts';
import { waitFor } from '@lyceum/testing';
import type { PaymentsAlone } from './payments-alone';
import { sandboxTells } from './sandbox-tells';

/** How a purchase ended, as far as its shopper was told. */
export type Fate = 'unpaid' | 'paid' | 'refunded' | 'partly-refunded' | 'disputed' | 'won' | 'lost';

/** What was asked for and answered; asked again, it is answered so again. */
export interface Acknowledged {
  readonly accountId: string;
  readonly query: string;
  readonly variables: object;
  readonly answer: string;
}

export interface Purchase {
  readonly buyerId: string;
  readonly productId: string;
  readonly orderId: string;
  readonly totalMinor: bigint;
  fate: Fate;
  refund: { readonly id: string; readonly amountMinor: bigint } | null;
}

export interface PaidOut {
  readonly id: string;
  decision: 'PAID' | 'FAILED' | 'REVERSED' | null;
}

/** Everything that was acknowledged. */
export interface Diary {
  readonly checkouts: Acknowledged[];
  readonly purchases: Purchase[];
  readonly payouts: PaidOut[];
  /** Answers of any kind. */
  answers: number;
  soldOut: number;
}

export interface Shop {
  readonly ownerId: string;
  readonly communityId: string;
  readonly sandboxSecret: string;
  /** The last one has only so many. */
  readonly products: readonly { readonly id: string; readonly priceId: string }[];
}

const sell = `mutation ($input: CreateProductInput!) { createProduct(input: $input) {
  ... on Product { id prices { id } } ... on UserError { code message } } }`;
export const buy = `mutation ($input: CheckoutInput!) { checkout(input: $input) { __typename
  ... on CheckoutSession { orderId status provider paymentUrl expiresAt total { amountMinor currency } }
  ... on UserError { code } } }`;
const look = `query ($id: ID!) { order(id: $id) { status payments { id } } }`;
const giveBack = `mutation ($input: RefundOrderInput!) { refundOrder(input: $input) { __typename
  ... on Refund { id amount { amountMinor } } ... on UserError { code message } } }`;
const setTerms = `mutation ($input: SetPayoutTermsInput!) { setPayoutTerms(input: $input) { __typename } }`;
const payOut = `mutation ($input: RequestPayoutInput!) { requestPayout(input: $input) { __typename
  ... on Payout { id } ... on UserError { code } } }`;
const decide = `mutation ($input: DecidePayoutInput!) { decidePayout(input: $input) { __typename
  ... on Payout { id status } ... on UserError { code message } } }`;

interface Sold {
  readonly id: string;
  readonly prices: readonly { readonly id: string }[];
}

/** A community that sells courses, and as many tickets as `tickets` says. */
export const openShop = async (system: PaymentsAlone, tickets: number): Promise<Shop> => {
  const [ownerId, communityId] = [newId(), newId()];
  await system.db.query(`INSERT INTO community (id, slug, visibility) VALUES ($1, $2, 'public')`, [
    communityId,
    `c-${communityId}`,
  ]);
  await system.db.query(
    `INSERT INTO membership (member_id, account_id, community_id, role, status, version)
     VALUES ($1, $2, $3, 'owner', 'active', 1)`,
    [newId(), ownerId, communityId],
  );
  const products = [];
  for (const [kind, amountMinor, capacity] of [
    ['COURSE', '1000', null],
    ['COURSE', '4999', null],
    ['EVENT_TICKET', '300', tickets],
  ] as const) {
    const prices = [{ amount: { amountMinor, currency: 'CNY' } }];
    const input = { communityId, kind, title: 'Ownership', prices, capacity };
    const { id, prices: made } = dataOf<Sold>(await system.ask(ownerId, sell, { input }));
    products.push({ id, priceId: made[0]?.id ?? '' });
  }
  const terms = { communityId, holdDays: 0, minimumMinor: '100' };
  await system.ask(ownerId, setTerms, { input: terms });
  const [row] = await system.db.query<{ secret: string }[]>('SELECT secret FROM sandbox_secret');
  return { ownerId, communityId, products, sandboxSecret: row?.secret ?? '' };
};

/** The one field that was asked for. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the shape that was asked for
const dataOf = <T>(answer: string): T => {
  const { data } = JSON.parse(answer) as { data: Record<string, T> };
  const [field] = Object.values(data);
  if (field === undefined) throw new Error(answer);
  return field;
};

const pick = <T>(from: readonly T[]): T => {
  const one = from[Math.floor(Math.random() * from.length)];
  if (one === undefined) throw new Error('nothing to choose from');
  return one;
};

/** People who buy, pay, are told, want their money back, dispute, and are paid out, until they are told to stop. */
export const letShop = (
  system: PaymentsAlone,
  { shop, diary, shoppers }: { shop: Shop; diary: Diary; shoppers: number },
): { stop(): Promise<void> } => {
  let isOpen = true;
  const shopper = async (): Promise<void> => {
    while (isOpen) await shopOnce(system, shop, diary);
  };
  const creator = async (): Promise<void> => {
    while (isOpen) await payOutOnce(system, shop, diary);
  };
  const all = Promise.all([...Array.from({ length: shoppers }, shopper), creator()]);
  all.catch(() => undefined); // told of by `stop`
  return {
    stop: async () => {
      isOpen = false;
      await all;
    },
  };
};

/** The same again until there is an answer, as a client does whose connection broke. */
const insist = async <T>(diary: Diary, attempt: () => Promise<T>): Promise<T> => {
  const deadline = Date.now() + 90_000;
  for (;;) {
    try {
      const answer = await attempt();
      diary.answers += 1;
      return answer;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
};

interface Session {
  readonly code?: string;
  readonly orderId: string;
  readonly paymentUrl: string;
  readonly total: { readonly amountMinor: string };
}

const shopOnce = async (system: PaymentsAlone, shop: Shop, diary: Diary): Promise<void> => {
  const product = pick(shop.products);
  const buyerId = newId();
  const variables = { input: { priceId: product.priceId, idempotencyKey: newId() } };
  const answer = await insist(diary, () => system.ask(buyerId, buy, variables));
  const checkout = dataOf<Session>(answer);
  if (checkout.code === 'SOLD_OUT') {
    diary.soldOut += 1;
    return;
  }
  diary.checkouts.push({ accountId: buyerId, query: buy, variables, answer });
  const purchase: Purchase = {
    buyerId,
    productId: product.id,
    orderId: checkout.orderId,
    totalMinor: BigInt(checkout.total.amountMinor),
    fate: 'unpaid',
    refund: null,
  };
  diary.purchases.push(purchase);
  const choose = async (choice: string): Promise<void> => {
    const form = (): URLSearchParams => new URLSearchParams({ choice });
    const status = await insist(diary, () => system.post(checkout.paymentUrl, form()));
    if (status !== 303) throw new Error(`the page answered ${String(status)}`);
  };
  const first = pick(['success', 'success', 'duplicate', 'reorder', 'decline', 'cancel']);
  await choose(first);
  if (first === 'cancel') return;
  if (first === 'decline') await choose('success');
  purchase.fate = 'paid';
  await goOn(system, { shop, diary, purchase, choose });
};

interface Seen {
  readonly status: string;
  readonly payments: readonly { readonly id: string }[];
}

interface Made {
  readonly id?: string;
  readonly status?: string;
}

interface Going {
  readonly shop: Shop;
  readonly diary: Diary;
  readonly purchase: Purchase;
  readonly choose: (choice: string) => Promise<void>;
}

const goOn = async (system: PaymentsAlone, { shop, diary, purchase, choose }: Going) => {
  const what = pick(['told', 'told', 'keeps', 'keeps', 'back', 'part', 'dispute', 'won', 'lost']);
  if (what === 'keeps') return;
  const see = async (): Promise<Seen> =>
    dataOf(await insist(diary, () => system.ask(purchase.buyerId, look, { id: purchase.orderId })));
  if (what === 'told') {
    const [payment] = (await see()).payments;
    const delivery = sandboxTells(shop.sandboxSecret, {
      ...purchase,
      paymentId: payment?.id ?? '',
    });
    for (let n = 0; n < 3; n += 1)
      await insist(diary, () =>
        system.post('/webhooks/sandbox', delivery.body, delivery.headers()),
      );
    return;
  }
  await waitFor(async () => (await see()).status === 'PAID', { timeoutMs: 90_000 });
  if (what === 'back' || what === 'part') {
    const amountMinor = what === 'back' ? purchase.totalMinor : purchase.totalMinor / 3n;
    const amount = { amountMinor: amountMinor.toString(), currency: 'CNY' };
    const input = { orderId: purchase.orderId, amount, idempotencyKey: newId() };
    const answer = await insist(diary, () => system.ask(shop.ownerId, giveBack, { input }));
    const { id } = dataOf<Made>(answer);
    if (id === undefined) throw new Error(answer);
    purchase.refund = { id, amountMinor };
    purchase.fate = what === 'back' ? 'refunded' : 'partly-refunded';
    return;
  }
  await choose('dispute');
  purchase.fate = 'disputed';
  if (what === 'dispute') return;
  await choose(`dispute-${what}`);
  purchase.fate = what === 'won' ? 'won' : 'lost';
};

const payOutOnce = async (system: PaymentsAlone, shop: Shop, diary: Diary): Promise<void> => {
  const amount = { amountMinor: '100', currency: 'CNY' };
  const input = { communityId: shop.communityId, amount, idempotencyKey: newId() };
  const ask = async (): Promise<Made> =>
    dataOf(await insist(diary, () => system.ask(shop.ownerId, payOut, { input })));
  const { id } = await ask();
  if (id === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 200)); // nothing to be had yet
    return;
  }
  if ((await ask()).id !== id) throw new Error('one key, two payouts');
  const payout: PaidOut = { id, decision: null };
  diary.payouts.push(payout);
  const last = pick(['PAID', 'FAILED', 'REVERSED', null] as const);
  for (const decision of last === 'REVERSED' ? (['PAID', 'REVERSED'] as const) : [last]) {
    if (decision === null) return;
    const verdict = { input: { payoutId: payout.id, decision, reference: 'a bank said so' } };
    const answer = await insist(diary, () => system.ask(shop.ownerId, decide, verdict));
    if (dataOf<Made>(answer).status !== decision) throw new Error(answer);
    payout.decision = decision;
  }
};
