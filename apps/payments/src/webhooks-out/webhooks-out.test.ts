import assert from 'node:assert/strict';
import { newId } from '@lyceum/contracts';
import { aMember } from '../communities/membership.factory';
import { anArticleOnSale, paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { isMessageSigned } from '../providers/standard-webhook';
import { WebhookDelivery, WebhookEndpoint } from './endpoint.type';
import { createWebhookEndpoint, removeWebhookEndpoint, replayWebhook } from './manage-endpoints';
import { isPublicAddress, isPublicUrl } from './public-address';
import { maxAttempts, pausesMs, sendDue, sendOutside, type DueDelivery } from './send-messages.job';

type Manager = Awaited<ReturnType<typeof aMember>>;

describe('webhooks to others', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    await world.db.query('TRUNCATE webhook_delivery, webhook_message, webhook_endpoint');
  });
  afterAll(() => world.close());

  const anEndpoint = async (
    owner: Manager,
    types = ['order.paid', 'order.refunded', 'entitlement.changed'],
  ) => {
    const endpoint = await createWebhookEndpoint(world.as(owner), {
      communityId: owner.communityId,
      url: 'https://hooks.example.com/lyceum',
      types,
    });
    assert(endpoint instanceof WebhookEndpoint);
    return endpoint;
  };
  /** A receiver that answers this, and remembers what it got. */
  const receiver = (answer: (delivery: DueDelivery) => number | Error) => {
    const got: { body: string; headers: Record<string, string>; type: string }[] = [];
    const send = (delivery: DueDelivery, headers: Record<string, string>) => {
      const result = answer(delivery);
      got.push({
        body: delivery.body,
        headers,
        type: (JSON.parse(delivery.body) as { type: string }).type,
      });
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
    };
    return { got, send };
  };
  const log = () =>
    world.db.query<{ id: string; status: string; attempts: number; lastProblem: string | null }[]>(
      'SELECT id, status, attempts, last_problem AS "lastProblem" FROM webhook_delivery ORDER BY position',
    );

  it('tells who wants to know, signed, once, and nobody else', async () => {
    const { owner, product } = await anArticleOnSale(world);
    const other = await anArticleOnSale(world);
    const endpoint = await anEndpoint(owner, ['order.paid']);
    await anEndpoint(other.owner);
    const order = await world.buy(world.buyer(), product);
    const { got, send } = receiver(() => 200);

    expect(await sendDue(world.service, send)).toBe(1);
    expect(await sendDue(world.service, send)).toBe(0);
    expect(got).toHaveLength(1);
    const [message] = got;
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      type: 'order.paid',
      data: { orderId: order.id, totalMinor: '1000' },
    });
    const delivery = {
      headers: message?.headers ?? {},
      rawBody: message?.body ?? '',
      now: world.deps.now(),
    };
    expect(isMessageSigned(endpoint.secret ?? '', delivery)).toBe(true);
    expect(isMessageSigned(endpoint.secret ?? '', { ...delivery, rawBody: '{}' })).toBe(false);
  });

  it('tries eleven times, later and later, and then gives up; a replay begins anew', async () => {
    expect(maxAttempts).toBeGreaterThanOrEqual(10);
    const { owner, product } = await anArticleOnSale(world);
    await anEndpoint(owner, ['order.paid']);
    await world.buy(world.buyer(), product);
    const { got, send } = receiver(() => 503);
    let now = world.deps.now().getTime();
    for (const pauseMs of pausesMs) {
      await sendDue(world.service, send);
      await sendDue(world.service, send);
      now += Math.max(pauseMs, 20_000);
      world.setNow(new Date(now));
    }
    await sendDue(world.service, send);
    expect(got).toHaveLength(maxAttempts);
    expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const [failed] = await log();
    expect(failed).toMatchObject({
      status: 'failed',
      attempts: maxAttempts,
      lastProblem: 'answered 503',
    });

    const again = await replayWebhook(world.as(owner), { deliveryId: failed?.id ?? '' });
    expect(again).toBeInstanceOf(WebhookDelivery);
    const later = receiver(() => 204);
    expect(await sendDue(world.service, later.send)).toBe(1);
    expect((await log())[0]).toMatchObject({ status: 'delivered', attempts: 1 });
  });

  it('keeps the order of what is about one object, and holds up nothing else', async () => {
    const { owner, product } = await anArticleOnSale(world);
    await anEndpoint(owner, ['entitlement.changed']);
    const order = await world.buy(world.buyer(), product);
    await world.choose({ orderId: order.id }, 'dispute');
    await world.choose({ orderId: order.id }, 'dispute-won');
    await world.buy(world.buyer(), product);
    const first = receiver(() => new Error('connection refused'));
    await sendDue(world.service, first.send);
    expect(first.got).toHaveLength(2); // the first of each entitlement
    world.setNow('2026-01-01T00:01:00Z');
    const { got, send } = receiver(() => 200);
    while ((await sendDue(world.service, send)) > 0);
    const ofOne = got
      .map(
        ({ body }) =>
          (JSON.parse(body) as { data: { status: string; version: number; accountId: string } })
            .data,
      )
      .filter(({ accountId }) => accountId === order.buyerId);
    expect(ofOne.map(({ status, version }) => [status, version])).toEqual([
      ['active', 1],
      ['suspended', 2],
      ['active', 3],
    ]);
  });

  it('is set up, removed and replayed by who manages the catalogue alone', async () => {
    const { owner, product } = await anArticleOnSale(world);
    const endpoint = await anEndpoint(owner);
    const member = await aMember(world.db, { communityId: owner.communityId });
    const { communityId } = owner;
    const url = 'https://hooks.example.com/x';
    const create = (by: { id: Manager['id'] }, input: object) =>
      createWebhookEndpoint(world.as(by), { communityId, url, types: ['order.paid'], ...input });
    expect(await create(member, {})).toMatchObject({ code: 'NOT_CATALOGUE_MANAGER' });
    expect(await create(owner, { types: ['everything'] })).toMatchObject({
      code: 'INVALID_ENDPOINT',
    });
    expect(await create(owner, { types: [] })).toMatchObject({ code: 'INVALID_ENDPOINT' });
    expect(await create(owner, { url: 'https://127.0.0.1/x' })).toMatchObject({
      code: 'INVALID_ENDPOINT',
    });
    await expect(
      createWebhookEndpoint(world.as(null), { communityId, url, types: ['order.paid'] }),
    ).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    await world.buy(world.buyer(), product);
    const [delivery] = await log();
    expect(await replayWebhook(world.as(member), { deliveryId: delivery?.id ?? '' })).toMatchObject(
      {
        code: 'ENDPOINT_NOT_FOUND',
      },
    );
    expect(await removeWebhookEndpoint(world.as(member), { id: endpoint.id })).toMatchObject({
      code: 'ENDPOINT_NOT_FOUND',
    });
    expect(await removeWebhookEndpoint(world.as(owner), { id: endpoint.id })).toBeInstanceOf(
      WebhookEndpoint,
    );
    const { got, send } = receiver(() => 200);
    await sendDue(world.service, send);
    expect(got).toEqual([]);
  });

  it.each([
    'http://example.com/',
    'https://localhost/',
    'https://db.internal/',
    'https://10.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:192.168.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://user:pass@example.com/',
    'https://2130706433/',
    'file:///etc/passwd',
    'nonsense',
  ])('never knocks at %s', async (url) => {
    expect(isPublicUrl(url)).toBe(false);
    const delivery = { id: newId(), url, secret: 's', messageId: newId(), body: '{}', attempts: 0 };
    await expect(sendOutside(delivery, {})).rejects.toThrow('not a public address');
  });

  it('knows addresses inside from those outside', () => {
    expect(['8.8.8.8', '2001:4860:4860::8888'].map(isPublicAddress)).toEqual([true, true]);
    expect(
      ['127.0.0.1', '::1', 'fd00::1', 'fe80::1', '::ffff:10.0.0.1', '100.64.0.1', 'x'].map(
        isPublicAddress,
      ),
    ).toEqual(Array<boolean>(7).fill(false));
  });
});
