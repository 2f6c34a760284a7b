import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import fastify, { type FastifyInstance } from 'fastify';
import {
  anArticleOnSale,
  paymentsWorld,
  settledNotice,
  type PaymentsWorld,
} from '../payments-world.factory';
import { sandboxRoutes } from '../providers/sandbox/routes';
import { sandboxSecret } from '../providers/sandbox/sandbox-events';
import { signedHeaders } from '../providers/standard-webhook';
import { retryDelayMs } from './process-webhook.job';
import { webhookRoutes } from './routes';

describe('webhooks of providers', () => {
  let world: PaymentsWorld;
  let server: FastifyInstance;
  let secret: string;
  beforeAll(async () => {
    world = await paymentsWorld();
    server = fastify();
    webhookRoutes(server, world.deps);
    sandboxRoutes(server, world.deps);
    await server.ready();
    secret = await sandboxSecret(world.deps);
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    await world.db.query('TRUNCATE provider_webhook');
    world.queued.clear();
  });
  afterAll(async () => {
    await server.close();
    await world.close();
  });

  const stored = () =>
    world.db.query<{ status: string; type: string; raw: string }[]>(
      'SELECT status, type, raw_body AS raw FROM provider_webhook ORDER BY id',
    );
  const at = () => Math.floor(world.deps.now().getTime() / 1000);
  const post = (body: string, headers: Record<string, string>, provider = 'sandbox') =>
    server.inject({
      method: 'POST',
      url: `/webhooks/${provider}`,
      payload: body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  const anEvent = (data = {}) => {
    const id = `evt-${newId()}`;
    const body = `{ "id":"${id}",  "type":"payment.declined", "data":${JSON.stringify({ paymentId: newId(), ...data })}}`;
    return {
      id,
      body,
      headers: (seconds = at()) => signedHeaders(secret, { id, timestampSeconds: seconds, body }),
    };
  };

  it('stores a signed one once, as it came, and processes it by a job', async () => {
    const event = anEvent();
    for (let n = 0; n < 3; n += 1) {
      const answer = await post(event.body, event.headers());
      expect([answer.statusCode, answer.json()]).toEqual([200, { received: true }]);
    }
    expect(await stored()).toEqual([
      { status: 'received', type: 'payment.declined', raw: event.body },
    ]);
    expect(world.queued.get('jobs-payments-process-webhook')).toHaveLength(1);
  });

  it.each<[string, (event: ReturnType<typeof anEvent>) => [string, Record<string, string>]]>([
    ['unsigned', ({ body }) => [body, {}]],
    ['signed for another body', ({ body, headers }) => [`${body} `, headers()]],
    ['older than five minutes', ({ body, headers }) => [body, headers(at() - 301)]],
    ['from the future', ({ body, headers }) => [body, headers(at() + 301)]],
    [
      'signed with another secret',
      ({ id, body }) => [body, signedHeaders('b3RoZXI=', { id, timestampSeconds: at(), body })],
    ],
    ['with another id', ({ body, headers }) => [body, { ...headers(), 'webhook-id': 'evt-other' }]],
    [
      'without a timestamp',
      ({ body, headers }) => [body, { ...headers(), 'webhook-timestamp': '' }],
    ],
    ['empty', () => ['', {}]],
  ])('refuses with 401 one that is %s, and stores nothing', async (_, make) => {
    const [body, headers] = make(anEvent());
    expect((await post(body, headers)).statusCode).toBe(401);
    expect(await stored()).toEqual([]);
    expect(world.queued.size).toBe(0);
  });

  it('takes a good signature among several, and no unknown provider', async () => {
    const event = anEvent();
    const headers = event.headers();
    const rotated = {
      ...headers,
      'webhook-signature': `v1,bad ${headers['webhook-signature'] ?? ''}`,
    };
    expect((await post(event.body, rotated)).statusCode).toBe(200);
    expect((await post(event.body, headers, 'nobody')).statusCode).toBe(404);
    expect(
      (
        await server.inject({
          method: 'POST',
          url: '/webhooks/sandbox',
          payload: 'x'.repeat(300_000),
        })
      ).statusCode,
    ).toBe(413);
  });

  it('keeps as failed what states another amount, and gives nothing for it', async () => {
    const { product } = await anArticleOnSale(world);
    const session = await world.order(world.buyer(), product);
    const payment = await world.paymentOf(session);
    const wrong = { ...settledNotice(payment), amount: money(999n, 'CNY' as Currency) } as never;
    expect(await world.deliver(wrong)).toBe('failed');
    const foreign = { ...settledNotice(payment), amount: money(1000n, 'USD' as Currency) } as never;
    expect(await world.deliver(foreign)).toBe('failed');
    expect(await world.orderOf(session)).toMatchObject({ status: 'awaiting-payment' });
  });

  it('waits longer and longer for what it is about', () => {
    expect([0, 1, 5, 30].map(retryDelayMs)).toEqual([1_000, 2_000, 32_000, 3_600_000]);
  });

  it.each(['success', 'duplicate', 'reorder'] as const)(
    'ends paid on the sandbox’s page: %s',
    async (choice) => {
      const { product } = await anArticleOnSale(world, '1234', {
        title: '<script>alert(1)</script>',
      });
      const session = await world.order(world.buyer(), product, {
        returnPath: '/a?b="c'.replace('"', '%22'),
      });
      const url = session.paymentUrl ?? '';
      const page = await server.inject({ method: 'GET', url });
      expect(page.headers['content-security-policy']).toContain("default-src 'none'");
      expect(page.body).toContain('12.34 CNY');
      expect(page.body).not.toContain('<script>');
      const chosen = await server.inject({
        method: 'POST',
        url,
        payload: `choice=${choice}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect([chosen.statusCode, chosen.headers.location]).toEqual([303, url]);
      await world.settleDown();
      expect(await world.orderOf(session)).toMatchObject({ status: 'paid' });
      expect((await server.inject({ method: 'GET', url })).body).toContain('Paid');
    },
  );

  it('leaves the order open when the page says no, and takes nothing from nobody’s page', async () => {
    const { product } = await anArticleOnSale(world);
    const session = await world.order(world.buyer(), product);
    const url = session.paymentUrl ?? '';
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await server.inject({ method: 'POST', url, payload: 'choice=decline', headers: form });
    await world.settleDown();
    expect(await world.paymentOf(session)).toMatchObject({ status: 'declined' });
    expect(await world.orderOf(session)).toMatchObject({ status: 'awaiting-payment' });
    expect(
      (await server.inject({ method: 'POST', url, payload: 'choice=x', headers: form })).statusCode,
    ).toBe(400);
    for (const wrong of [`/pay/sandbox/${newId()}`, '/pay/sandbox/x', "/pay/sandbox/'--"])
      expect((await server.inject({ method: 'GET', url: wrong })).statusCode).toBe(404);
    await server.inject({ method: 'POST', url, payload: 'choice=delay', headers: form });
    await world.settleDown();
    expect(await world.orderOf(session)).toMatchObject({ status: 'awaiting-payment' });
    world.setNow('2026-01-01T00:00:05Z');
    await world.settleDown();
    expect(await world.orderOf(session)).toMatchObject({ status: 'paid' });
  });
});
