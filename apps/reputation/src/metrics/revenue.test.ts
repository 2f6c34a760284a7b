import {
  importedId,
  newId,
  OrderPaid,
  OrderRefunded,
  type CommunityId,
  type MemberId,
} from '@lyceum/contracts';
import type { Ctx, Deps } from '@lyceum/platform';
import { askEntities } from '../ask.factory';
import { anEvent, communityCreated } from '../deliver.factory';
import { aLivedInWorld, asked, type LivedIn } from '../lived-in.factory';
import { metricNamed } from './catalogue';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

const paid = (
  communityId: CommunityId,
  order: { member: MemberId | null; minor: string; currency?: string; at: string; n: string },
) =>
  anEvent(
    OrderPaid,
    {
      communityId,
      orderId: importedId<'Order'>('order', order.n),
      buyerId: importedId<'Account'>('buyer', order.n),
      buyerMemberId: order.member,
      purposes: ['product'],
      productIds: [],
      totalMinor: order.minor,
      currency: order.currency ?? 'CNY',
    },
    { occurredAt: order.at },
  );

const refunded = (
  communityId: CommunityId,
  refund: { order: string; minor: string; at: string; n: string },
) =>
  anEvent(
    OrderRefunded,
    {
      communityId,
      orderId: importedId<'Order'>('order', refund.order),
      buyerId: newId<'Account'>(),
      sourceType: 'refund',
      sourceId: refund.n,
      amountMinor: refund.minor,
      refundedMinor: refund.minor,
      currency: 'CNY',
      isFull: false,
    },
    { occurredAt: refund.at },
  );

const as = (role: string): Ctx => {
  const ctx = lived.world.as(newId<'Account'>());
  const deps: Deps = {
    ...ctx.deps,
    graph: {
      query: <Data>() =>
        Promise.resolve({ internalMembership: { role, status: 'active' } } as Data),
    },
  };
  const actor = ctx.actor.kind === 'user' ? { ...ctx.actor, scopes: ['*'] } : ctx.actor;
  return { ...ctx, deps, actor };
};

it('is what was paid less what went back, each once and on its own day, in whatever order it is told', async () => {
  const id = newId<'Community'>();
  const [ada, bob] = [newId<'Member'>(), newId<'Member'>()];
  const n = (name: string) => `${id} ${name}`;
  const events = [
    refunded(id, { order: n('a'), minor: '400', at: '2021-05-02T00:00:00Z', n: n('r') }),
    paid(id, { member: ada, minor: '1000', at: '2021-04-30T20:00:00Z', n: n('a') }),
    paid(id, { member: ada, minor: '500', at: '2021-05-01T00:00:00Z', n: n('b') }),
    paid(id, { member: bob, minor: '0', at: '2021-05-01T00:00:00Z', n: n('c') }),
    paid(id, {
      member: null,
      minor: '700',
      currency: 'EUR',
      at: '2021-05-03T00:00:00Z',
      n: n('d'),
    }),
  ];
  await lived.receive([
    communityCreated(id, { timeZone: 'Asia/Shanghai' }),
    asked(id, ada),
    asked(id, bob),
  ]);
  await lived.receive(events);
  await lived.receive(events.map((event) => ({ ...event, id: newId<'Event'>() })));

  const [found] = await askEntities<{ revenue: unknown }>(
    { schema: lived.schema, ctx: as('owner') },
    [{ __typename: 'Community', id }],
    '... on Community { revenue(from: "2021-04-01", to: "2021-05-31", interval: MONTH) { date currency netMinor payingMembers perActiveMember } }',
  );
  // In Shanghai it was May already when the first order was paid.
  expect(found?.revenue).toEqual([
    {
      date: '2021-05-01',
      currency: 'CNY',
      netMinor: '1100',
      payingMembers: 1,
      perActiveMember: 550,
    },
    {
      date: '2021-05-01',
      currency: 'EUR',
      netMinor: '700',
      payingMembers: 0,
      perActiveMember: 350,
    },
  ]);
  const series = (name: string) =>
    metricNamed(name).series(lived.world.db, {
      ...{ communityId: id, from: '2021-04-01', to: '2021-05-31', interval: 'month' },
      ...{ tag: null, segment: null, today: '2021-06-01' },
    });
  expect(await series('revenue_per_active_member')).toEqual([
    { date: '2021-04-01', value: null },
    { date: '2021-05-01', value: 550 },
  ]);
  expect((await series('paying_members')).map(({ value }) => value)).toEqual([0, 1]);
});

it('is for analysts, with a token that may read money', async () => {
  const field = '... on Community { revenue(from: "2021-04-01", to: "2021-05-31") { netMinor } }';
  const ask = (ctx: Ctx) =>
    askEntities(
      { schema: lived.schema, ctx },
      [{ __typename: 'Community', id: newId<'Community'>() }],
      field,
    );
  await expect(ask(as('moderator'))).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  const owner = as('owner');
  const narrow =
    owner.actor.kind === 'user'
      ? { ...owner.actor, scopes: ['read', 'analytics:read'] }
      : owner.actor;
  await expect(ask({ ...owner, actor: narrow })).rejects.toMatchObject({
    extensions: { code: 'FORBIDDEN' },
  });
});
