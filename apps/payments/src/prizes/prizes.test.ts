import {
  newId,
  PrizeAwarded,
  PrizePoolChanged,
  type CommunityId,
  type Envelope,
  type EventType,
  type MemberId,
} from '@lyceum/contracts';
import { inTransaction, serviceContext, UserError } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import { createApp } from '../app';
import { aMember } from '../communities/membership.factory';
import { askGraph } from '../graph/ask.factory';
import { paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { planRefund } from '../refunds/plan-refund';
import { NotRefundable } from '../refunds/refund-terms';
import {
  fundPrizePool,
  InvalidFunding,
  MayNotFundPrizes,
  PrizePoolNotFound,
} from './fund-prize-pool';
import { keepPrizePools } from './keep-prize-pools.consumer';
import { prizePoolById } from './prize-pool.type';

describe('pools for prizes', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  afterAll(() => world.close());

  const event = <Payload>(type: EventType<string, Payload>, payload: Payload): Envelope => ({
    ...{ id: newId<'Event'>(), type: type.name, occurredAt: '2026-01-01T00:00:00.000Z' },
    ...{ requestId: 'test', payload },
  });
  const hear = (...events: Envelope[]) =>
    inTransaction(serviceContext(world.deps, 'test'), (tx) => keepPrizePools.handle(tx, events));

  interface Pool {
    readonly poolId: string;
    readonly communityId: CommunityId;
  }
  const told = (pool: Pool, state: { isOpen: boolean; promisedMinor?: string; version?: number }) =>
    event(PrizePoolChanged, {
      ...{ ...pool, currency: 'CNY', title: 'May', promisedMinor: '0', version: 1 },
      ...state,
    });
  const prize = ({ poolId, communityId }: Pool, amountMinor: string, memberId: MemberId) =>
    event(PrizeAwarded, {
      ...{ prizeId: newId<'Prize'>(), communityId, memberId, title: 'May', points: null },
      ...{ sourceType: 'contest', sourceId: poolId },
      money: { poolId, amountMinor, currency: 'CNY' },
    });

  const aPool = async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const pool: Pool = { poolId: newId(), communityId: owner.communityId };
    await hear(told(pool, { isOpen: true }));
    return { owner, ...pool, pool };
  };
  type Person = Awaited<ReturnType<typeof aMember>>;
  const fund = async (who: Person, poolId: string, wish: object = {}) =>
    fundPrizePool(world.as(who.id), {
      ...{ poolId, amount: { amountMinor: '10000', currency: 'CNY' }, idempotencyKey: newId() },
      ...wish,
    });
  const paidIn = async (who: Person, poolId: string, wish: object = {}) => {
    const session = await fund(who, poolId, wish);
    if (session instanceof UserError) throw new Error(session.code);
    await world.choose(session, 'success');
    return session;
  };
  const inPool = (poolId: string) => world.balance('prize-pools', poolId);
  const earned = ({ memberId }: { memberId: MemberId }) =>
    world.balance('creator-earnings', memberId);

  it('hold what was paid in, less the fee, and tell of it, once for a key', async () => {
    const { owner, poolId } = await aPool();
    const idempotencyKey = newId();
    const first = await fund(owner, poolId, { idempotencyKey });
    const session = await paidIn(owner, poolId, { idempotencyKey });
    expect(first).toMatchObject({ orderId: session.orderId });
    expect(await inPool(poolId)).toBe(9_940n);
    expect(await earned(owner)).toBe(0n);
    const events = (await emitted(world.db)).filter(({ type }) => type.endsWith('pool.funded.v1'));
    expect(events.map(({ payload }) => payload).at(-1)).toMatchObject({
      ...{ poolId, fundedMinor: '9940', version: 1 },
    });
  });

  it('pay each prize once, in whatever order all of it is heard of', async () => {
    const { owner, pool, poolId } = await aPool();
    await paidIn(owner, poolId);
    const [ada, bob] = [newId<'Member'>(), newId<'Member'>()];
    const [first, second] = [prize(pool, '4000', ada), prize(pool, '2000', bob)];
    const closed = told(pool, { isOpen: false, promisedMinor: '6000', version: 2 });
    await hear(second, closed, first, second);
    await hear(closed, first, told(pool, { isOpen: true }));
    expect(await earned({ memberId: ada })).toBe(4_000n);
    expect(await earned({ memberId: bob })).toBe(2_000n);
    expect(await earned(owner)).toBe(3_940n);
    expect(await inPool(poolId)).toBe(0n);
    const paid = (await emitted(world.db)).filter(({ type }) => type === 'payments.prize.paid.v1');
    expect(paid.filter(({ payload }) => JSON.stringify(payload).includes(poolId))).toHaveLength(2);
  });

  it('wait with a prize for the pool and its money, and never pay more than came in', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const pool: Pool = { poolId: newId(), communityId: owner.communityId };
    const ada = newId<'Member'>();
    await hear(prize(pool, '9000', ada));
    await hear(told(pool, { isOpen: true }));
    expect(await earned({ memberId: ada })).toBe(0n);
    await paidIn(owner, pool.poolId);
    expect(await earned({ memberId: ada })).toBe(9_000n);
    await Promise.all([
      hear(prize(pool, '900', newId<'Member'>())),
      hear(prize(pool, '900', newId<'Member'>())),
    ]);
    expect(await inPool(pool.poolId)).toBe(40n);
    await expect(
      world.db.query('UPDATE prize_pool SET paid_minor = paid_minor + 41 WHERE id = $1', [
        pool.poolId,
      ]),
    ).rejects.toThrow('prize_pool_pays_what_it_has');
  });

  it('return all to those who paid it in, in proportion, when nothing was promised', async () => {
    const { owner, pool, poolId } = await aPool();
    const admin = await aMember(world.db, { role: 'admin', communityId: pool.communityId });
    await paidIn(owner, poolId);
    await paidIn(admin, poolId, { amount: { amountMinor: '5000', currency: 'CNY' } });
    await hear(told(pool, { isOpen: false, version: 2 }));
    expect([await earned(owner), await earned(admin)]).toEqual([9_940n, 4_970n]);
    expect(await inPool(poolId)).toBe(0n);
    expect(await prizePoolById(world.db, poolId)).toMatchObject({ returnedMinor: 14_910n });
  });

  it('take no money that arrives after they were closed: it goes back to its payer', async () => {
    const { owner, pool, poolId } = await aPool();
    const session = await fund(owner, poolId);
    if (session instanceof UserError) throw new Error(session.code);
    await hear(told(pool, { isOpen: false, version: 2 }));
    await world.choose(session, 'success');
    expect(await world.orderOf(session)).toMatchObject({ status: 'canceled' });
    expect([await inPool(poolId), await earned(owner)]).toEqual([0n, 0n]);
    expect(await fund(owner, poolId)).toEqual(new PrizePoolNotFound());
  });

  it('give nothing back by a refund, and let a dispute be a debt of the funder alone', async () => {
    const { owner, poolId } = await aPool();
    const session = await paidIn(owner, poolId);
    const { orderId } = session;
    const plan = await planRefund(world.as(owner.id), { orderId }, world.deps.now());
    expect(plan).toBeInstanceOf(NotRefundable);
    await world.choose(session, 'dispute');
    expect(await inPool(poolId)).toBe(9_940n);
    expect(await earned(owner)).toBeLessThan(0n);
  });

  it('are for owners and admins, in their own currency, of more than nothing', async () => {
    const { owner, poolId, communityId } = await aPool();
    for (const role of ['member', 'moderator', 'analyst'] as const) {
      const other = await aMember(world.db, { role, communityId });
      expect(await fund(other, poolId)).toEqual(new MayNotFundPrizes());
    }
    expect(await fund(owner, newId())).toEqual(new PrizePoolNotFound());
    expect(await fund(owner, 'nonsense')).toEqual(new PrizePoolNotFound());
    for (const amount of [
      { amountMinor: '99', currency: 'CNY' },
      { amountMinor: '1000', currency: 'USD' },
      { amountMinor: '-1000', currency: 'CNY' },
    ])
      expect(await fund(owner, poolId, { amount })).toBeInstanceOf(InvalidFunding);
    await expect(
      fundPrizePool(world.as(null), { poolId, amount: null as never, idempotencyKey: 'x' }),
    ).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it('are seen by owners and admins', async () => {
    const { owner, poolId, communityId } = await aPool();
    await paidIn(owner, poolId);
    const member = await aMember(world.db, { communityId });
    const { schema } = createApp(world.deps);
    const ask = async (who: Person) =>
      (
        await askGraph(
          { schema, ctx: world.as(who.id) },
          'query ($id: ID!) { prizePool(id: $id) { isOpen funded { amountMinor currency } paid { amountMinor } } }',
          { id: poolId },
        )
      ).data;
    expect(await ask(owner)).toEqual({
      prizePool: {
        isOpen: true,
        funded: { amountMinor: '9940', currency: 'CNY' },
        paid: { amountMinor: '0' },
      },
    });
    expect(await ask(member)).toEqual({ prizePool: null });
  });
});
