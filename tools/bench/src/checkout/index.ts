import { setTimeout as delay } from 'node:timers/promises';
import { generateSigningKey } from '@lyceum/identity/app';
import type { EmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import { Client } from 'pg';
import { absolute, quantile, type Figure } from '../figures';

const ordersASecond = 5;
const secondsARound = 20;
const buyers = 16;
/** A course is bought once: as many as nobody buys twice. */
const courses = 60;
const lookEveryMs = 5;

/**
 * How long a buyer waits for what was bought, through public HTTP: the gateway, payments, the sandbox's page, its signed
 * webhook, the queue and the worker, each a process of its own, on PostgreSQL alone. Orders begin at a steady rate, however
 * long the others take.
 */
export const runCheckoutBench = async (
  postgres: EmbeddedPostgres,
  { rounds }: { rounds: number },
): Promise<readonly Figure[]> => {
  const databases = ['identity', 'content', 'payments', 'reputation', 'queue'];
  for (const name of databases) await postgres.ensureDatabase(name);
  const { startServices } = await import('@lyceum/standalone/app'); // the whole platform: only when needed
  const services = await startServices({
    port: 0,
    host: '127.0.0.1',
    databaseUrls: Object.fromEntries(databases.map((name) => [name, postgres.url(name)])),
    gatewaySecret: 'b'.repeat(32),
    signingKeys: JSON.stringify([await generateSigningKey()]),
    onLine: () => undefined,
  });
  const db = new Client({ connectionString: postgres.url('payments') });
  await db.connect();
  try {
    return await measure(await openShop(services.url), db, rounds);
  } finally {
    await db.end();
    await services.stop();
  }
};

interface Shop {
  readonly url: string;
  readonly tokens: readonly string[];
  readonly priceIds: readonly string[];
}

const openShop = async (url: string): Promise<Shop> => {
  const owner = await register(url, 'owner');
  const community = await ask<{ id: string }>(url, owner, {
    text: createCommunity,
    input: { slug: 'bench', name: 'Bench', rulePreset: 'STACK_EXCHANGE' },
  });
  const priceIds: string[] = [];
  while (priceIds.length < courses) {
    const prices = [{ amount: { amountMinor: '1000', currency: 'CNY' } }];
    const input = { communityId: community.id, kind: 'COURSE', title: 'Ownership', prices };
    const product = await ask<{ prices?: { id: string }[] }>(url, owner, { text: sell, input });
    const [price] = product.prices ?? [];
    if (price === undefined)
      await delay(50); // payments hears of the community in a moment
    else priceIds.push(price.id);
  }
  const tokens: string[] = [];
  while (tokens.length < buyers) tokens.push(await register(url, `buyer${String(tokens.length)}`));
  return { url, tokens, priceIds };
};

const measure = async (shop: Shop, db: Client, rounds: number): Promise<readonly Figure[]> => {
  let next = 0;
  const round = async (seconds: number): Promise<readonly Wait[]> => {
    const waiting = new Map<string, (at: number) => void>();
    const looking = look(db, waiting);
    const startedAt = performance.now();
    const orders: Promise<Wait>[] = [];
    for (let n = 0; n < seconds * ordersASecond; n += 1) {
      const dueAt = startedAt + (n / ordersASecond) * 1_000;
      await delay(Math.max(0, dueAt - performance.now()));
      orders.push(buyOnce(shop, { n: next, dueAt, waiting }));
      next += 1;
    }
    const waits = await Promise.all(orders);
    await looking.stop();
    return waits;
  };
  await round(3); // warm
  const whole: number[] = [];
  const paid: number[] = [];
  for (let n = 0; n < Math.min(rounds, maxRounds); n += 1) {
    const waits = await round(secondsARound);
    whole.push(
      quantile(
        waits.map(({ wholeMs }) => wholeMs),
        0.99,
      ),
    );
    paid.push(
      quantile(
        waits.map(({ paidMs }) => paidMs),
        0.99,
      ),
    );
  }
  const at = `at ${String(ordersASecond)} orders/s`;
  return [
    absolute({ name: `checkout → entitlement, p99 ${at}`, unit: 'ms', atMost: 1_000 }, whole),
    absolute({ name: `paid → entitlement, p99 ${at}`, unit: 'ms', atMost: 1_000 }, paid),
  ];
};

/** After that everybody has bought everything. */
const maxRounds = Math.floor((buyers * courses) / (ordersASecond * secondsARound)) - 1;

interface Wait {
  /** From the moment at which the checkout was due. */
  readonly wholeMs: number;
  /** From the moment at which the buyer paid. */
  readonly paidMs: number;
}

const buyOnce = async (
  { url, tokens, priceIds }: Shop,
  order: { n: number; dueAt: number; waiting: Map<string, (at: number) => void> },
): Promise<Wait> => {
  const { n, dueAt, waiting } = order;
  const token = tokens[n % buyers] ?? '';
  const priceId = priceIds[Math.floor(n / buyers)];
  const session = await ask<{ orderId: string; paymentUrl: string }>(url, token, {
    text: buy,
    input: { priceId, idempotencyKey: String(n) },
  });
  const entitled = new Promise<number>((resolve) => waiting.set(session.orderId, resolve));
  const paidAt = performance.now();
  const answer = await fetch(`${url}${session.paymentUrl}`, {
    method: 'POST',
    body: new URLSearchParams({ choice: 'success' }),
    redirect: 'manual',
  });
  if (answer.status !== 303) throw new Error(`the page answered ${String(answer.status)}`);
  const at = await entitled;
  return { wholeMs: at - dueAt, paidMs: at - paidAt };
};

/** Looks for what was given to whom is waiting. */
const look = (
  db: Client,
  waiting: Map<string, (at: number) => void>,
): { stop(): Promise<void> } => {
  let isOver = false;
  const lookOn = async (): Promise<void> => {
    while (!isOver) {
      const { rows } = await db.query<{ id: string }>(
        'SELECT source_id AS id FROM entitlement WHERE source_id = ANY($1::uuid[])',
        [[...waiting.keys()]],
      );
      for (const { id } of rows) {
        waiting.get(id)?.(performance.now());
        waiting.delete(id);
      }
      await delay(lookEveryMs);
    }
  };
  const looking = lookOn();
  return {
    stop: () => {
      isOver = true;
      return looking;
    },
  };
};

const createCommunity = `mutation ($input: CreateCommunityInput!) { createCommunity(input: $input) {
  ... on Community { id } ... on UserError { code } } }`;
const registerText = `mutation ($input: RegisterInput!) { register(input: $input) {
  ... on AuthPayload { accessToken } ... on UserError { code message } } }`;
const sell = `mutation ($input: CreateProductInput!) { createProduct(input: $input) {
  ... on Product { prices { id } } ... on UserError { code } } }`;
const buy = `mutation ($input: CheckoutInput!) { checkout(input: $input) {
  ... on CheckoutSession { orderId paymentUrl } ... on UserError { code } } }`;

const register = async (url: string, handle: string): Promise<string> => {
  const email = `${handle}@example.org`;
  const input = { handle, displayName: handle, email, password: 'correct horse battery' };
  return (await ask<{ accessToken: string }>(url, null, { text: registerText, input })).accessToken;
};

/** The one field that was asked for. */
const ask = async <Field>(
  url: string,
  token: string | null,
  { text, input }: { text: string; input: object },
): Promise<Field> => {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: text, variables: { input } }),
  });
  const { data, errors } = (await answer.json()) as {
    data?: Record<string, Field> | null;
    errors?: unknown;
  };
  const [field] = Object.values(data ?? {});
  if (errors !== undefined || field === undefined) throw new Error(JSON.stringify(errors));
  return field;
};
