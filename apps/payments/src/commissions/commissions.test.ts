import assert from 'node:assert/strict';
import { newId, type AccountId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import fc from 'fast-check';
import { aMember } from '../communities/membership.factory';
import { NotNow } from '../holds/not-now';
import { expireOrders } from '../orders/expire-orders.job';
import {
  paymentsWorld,
  sandboxOwner,
  settledNotice,
  type PaymentsWorld,
} from '../payments-world.factory';
import { refundOrder } from '../refunds/refund-order';
import { NotRefundable } from '../refunds/refund-terms';
import { acceptCommissions } from './accept-due.job';
import { acceptQuote } from './accept-quote';
import {
  acceptDelivery,
  cancelCommission,
  commissionCancelPreview,
  contestDelivery,
  decideCommission,
  deliverCommission,
  requestRevision,
} from './carry-out';
import {
  Commission,
  CommissionNotFound,
  CommissionSide,
  commissionsOf,
  InvalidCommission,
  selectCommissions,
} from './commission.type';
import {
  declineCommission,
  quoteCommission,
  requestCommission,
  type QuoteCommissionInput,
} from './request-commission';

type Person = Awaited<ReturnType<typeof aMember>>;
interface Sides {
  readonly owner: Person;
  readonly client: Person;
  readonly creator: Person;
  readonly id: string;
}

describe('commissions', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(() => world.setNow('2026-01-01T00:00:00Z'));
  afterAll(() => world.close());

  const requested = async (): Promise<Sides> => {
    const owner = await aMember(world.db, { role: 'owner' });
    const { communityId } = owner;
    const client = await aMember(world.db, { communityId });
    const creator = await aMember(world.db, { communityId });
    const commission = await requestCommission(world.as(client), {
      communityId,
      creatorId: creator.memberId,
      title: 'A cover',
      brief: 'With a crab.',
      idempotencyKey: newId(),
    });
    assert(commission instanceof Commission, JSON.stringify(commission));
    return { owner, client, creator, id: commission.id };
  };
  const quote = (by: { id: AccountId }, id: string, input: Partial<QuoteCommissionInput> = {}) =>
    quoteCommission(world.as(by.id), {
      commissionId: id,
      amount: { amountMinor: '1000', currency: 'CNY' },
      deliverDays: 10,
      acceptDays: 7,
      revisions: 1,
      keptBasisPoints: 2_000,
      ...input,
    });
  const accept = (by: { id: AccountId }, commissionId: string, quoteNumber = 1) =>
    acceptQuote(world.as(by.id), { commissionId, quoteNumber, idempotencyKey: newId() });
  const working = async (input: Partial<QuoteCommissionInput> = {}) => {
    const all = await requested();
    assert((await quote(all.creator, all.id, input)) instanceof Commission);
    const session = await accept(all.client, all.id);
    assert('paymentUrl' in session, JSON.stringify(session));
    await world.choose(session, 'success');
    return { ...all, orderId: session.orderId };
  };
  const deliver = (by: { id: AccountId }, commissionId: string, delivery = 'Here it is.') =>
    deliverCommission(world.as(by.id), { commissionId, delivery });
  const delivered = async (input: Partial<QuoteCommissionInput> = {}) => {
    const all = await working(input);
    assert((await deliver(all.creator, all.id)) instanceof Commission);
    return all;
  };
  const of = async (id: string): Promise<Commission> =>
    (await selectCommissions(world.db, 'id = $1', [id]))[0] ?? assert.fail();
  const sums = async ({ creator, id }: Sides) => ({
    held: await world.balance('escrow', id),
    earned: await world.balance('creator-earnings', creator.memberId),
    platform: await world.balance('platform-fee', null),
    refunds: await world.balance('refunds', null),
  });
  const run = (job: typeof expireOrders) =>
    job.run({ deps: world.deps, ctx: world.service, signal: new AbortController().signal }, {});

  it('holds the money from the payment until the work is accepted, and divides it then', async () => {
    const all = await working();
    expect(await sums(all)).toMatchObject({ held: 994n, earned: 0n });
    expect(await of(all.id)).toMatchObject({
      status: 'working',
      dueAt: new Date('2026-01-11T00:00:00Z'),
    });
    await deliver(all.creator, all.id);
    expect(await sums(all)).toMatchObject({ held: 994n, earned: 0n });
    const commissionId = all.id;
    for (let again = 0; again < 2; again += 1)
      expect(await acceptDelivery(world.as(all.client), { commissionId })).toMatchObject({
        status: 'accepted',
      });
    expect(await sums(all)).toMatchObject({ held: 0n, earned: 895n });
    const listed = await commissionsOf(world.as(all.creator), CommissionSide.CREATOR, { first: 5 });
    expect(listed.edges.map(({ node }) => node.id)).toEqual([all.id]);
  });

  it('is accepted by itself when nobody complains, and not a moment before', async () => {
    const all = await delivered();
    world.setNow('2026-01-07T23:59:59Z');
    await run(acceptCommissions);
    expect(await of(all.id)).toMatchObject({ status: 'delivered' });
    world.setNow('2026-01-08T00:00:00Z');
    await run(acceptCommissions);
    expect(await of(all.id)).toMatchObject({ status: 'accepted', outcome: 'Nobody complained.' });
    expect(await sums(all)).toMatchObject({ held: 0n, earned: 895n });
  });

  it('pays once when both the client and the clock accept', async () => {
    const all = await delivered();
    world.setNow('2026-01-08T00:00:00Z');
    const client = world.as(all.client);
    await Promise.all([
      run(acceptCommissions),
      acceptDelivery(client, { commissionId: all.id }),
      acceptDelivery(client, { commissionId: all.id }),
    ]);
    expect(await sums(all)).toMatchObject({ held: 0n, earned: 895n });
  });

  it('is revised as often as was agreed, and then accepted or contested', async () => {
    const all = await delivered();
    const input = { commissionId: all.id, objection: 'The crab is a lobster.' };
    const client = world.as(all.client);
    expect(await requestRevision(client, { ...input, objection: ' ' })).toBeInstanceOf(
      InvalidCommission,
    );
    expect(await requestRevision(client, input)).toMatchObject({ status: 'working', revised: 1 });
    await deliver(all.creator, all.id, 'A crab.');
    expect(await requestRevision(client, input)).toBeInstanceOf(NotNow);
    expect(await contestDelivery(client, input)).toMatchObject({ status: 'contested' });
    world.setNow('2026-03-01T00:00:00Z');
    await run(acceptCommissions);
    expect(await sums(all)).toMatchObject({ held: 994n, earned: 0n });

    const decide = (by: { id: AccountId }, backBasisPoints = 5_000) =>
      decideCommission(world.as(by.id), { commissionId: all.id, backBasisPoints });
    for (const by of [all.client, all.creator]) expect(await decide(by)).toBeInstanceOf(NotNow);
    expect(await decide(all.owner, -1)).toBeInstanceOf(InvalidCommission);
    expect(await decide(all.owner)).toMatchObject({ status: 'accepted' });
    expect(await world.orderOf({ id: all.orderId })).toMatchObject({ refundedMinor: 500n });
    // Of 497 that remain the creator has nine tenths.
    expect(await sums(all)).toMatchObject({ held: 0n, earned: 447n });
  });

  it('does with the money exactly what its preview says, whoever cancels it and whenever', async () => {
    const anyCase = fc.record({
      amount: fc.bigInt({ min: 1n, max: 1_000_000n }),
      kept: fc.integer({ min: 0, max: 10_000 }),
      by: fc.constantFrom('client' as const, 'creator' as const, 'owner' as const),
      isLate: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ amount, kept, by, isLate }) => {
        world.setNow('2026-01-01T00:00:00Z');
        const amountMinor = amount.toString();
        const all = await working({
          amount: { amountMinor, currency: 'CNY' },
          keptBasisPoints: kept,
        });
        if (isLate) world.setNow('2026-01-11T00:00:01Z');
        const ctx = world.as(all[by]);
        const before = await sums(all);
        const preview = await commissionCancelPreview(ctx, all.id);
        assert(!(preview instanceof UserError), JSON.stringify(preview));
        expect(await cancelCommission(ctx, { commissionId: all.id })).toMatchObject({
          status: 'canceled',
        });
        const after = await sums(all);
        const keeps = by === 'client' && !isLate ? BigInt(kept) : 0n;
        expect(preview.buyerGets.amountMinor).toBe(
          ((amount * (10_000n - keeps)) / 10_000n).toString(),
        );
        expect({
          held: after.held,
          buyer: (after.refunds - before.refunds).toString(),
          creators: (after.earned - before.earned).toString(),
          platform: (after.platform - before.platform).toString(),
        }).toEqual({
          held: 0n,
          buyer: preview.buyerGets.amountMinor,
          creators: preview.creatorsGet.amountMinor,
          platform: preview.platformGets.amountMinor,
        });
      }),
      { numRuns: 10 },
    );
  }, 120_000);

  it('waits while the payment is disputed, goes on when it is won, and is over when it is lost', async () => {
    const all = await delivered();
    const { id, amount } = await world.paymentOf({ orderId: all.orderId });
    const dispute = (kind: 'dispute-opened' | 'dispute-won' | 'dispute-lost', ref: string) =>
      world.deliver({ kind, disputeRef: ref, paymentId: id, chargeRef: null, amount, reason: '' });
    await dispute('dispute-opened', `a-${id}`);
    const acceptNow = () => acceptDelivery(world.as(all.client), { commissionId: all.id });
    expect(await acceptNow()).toBeInstanceOf(NotNow);
    world.setNow('2026-02-01T00:00:00Z');
    await run(acceptCommissions);
    expect(await of(all.id)).toMatchObject({ status: 'delivered' });
    await dispute('dispute-won', `a-${id}`);
    expect(await sums(all)).toMatchObject({ held: 994n });
    await dispute('dispute-opened', `b-${id}`);
    await dispute('dispute-lost', `b-${id}`);
    expect(await of(all.id)).toMatchObject({ status: 'canceled' });
    expect(await sums(all)).toMatchObject({ held: 0n, earned: 0n });
  });

  it('is paid late only as long as what was agreed is what is quoted', async () => {
    const all = await requested();
    await quote(all.creator, all.id);
    const first = await accept(all.client, all.id);
    assert('paymentUrl' in first);
    world.setNow('2026-01-01T01:00:00Z');
    await run(expireOrders);
    expect(await of(all.id)).toMatchObject({ status: 'quoted' });
    await quote(all.creator, all.id, { deliverDays: 99 });
    await world.deliver(settledNotice(await world.paymentOf(first)));
    expect(await of(all.id)).toMatchObject({ status: 'quoted' });
    expect(await world.balance('provider-clearing', sandboxOwner)).toBe(0n);
    expect(await world.balance('escrow', all.id)).toBe(0n);

    expect(await accept(all.client, all.id, 1)).toBeInstanceOf(NotNow);
    const second = await accept(all.client, all.id, 2);
    assert('paymentUrl' in second);
    world.setNow('2026-01-01T02:00:00Z');
    await run(expireOrders);
    await world.deliver(settledNotice(await world.paymentOf(second)));
    expect(await of(all.id)).toMatchObject({ status: 'working' });
  });

  it('orders a quote once, however often and however simultaneously it is accepted', async () => {
    const all = await requested();
    await quote(all.creator, all.id);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => accept(all.client, all.id)),
    );
    expect(outcomes.filter((outcome) => 'paymentUrl' in outcome)).toHaveLength(1);
    const orders = await world.db.query('SELECT FROM sales_order WHERE buyer_id = $1', [
      all.client.id,
    ]);
    expect(orders).toHaveLength(1);
  });

  it('ends before it is paid by either side’s word, and not after', async () => {
    const [one, other] = [await requested(), await requested()];
    const end = (by: Person, commissionId: string) =>
      declineCommission(world.as(by), { commissionId });
    expect(await end(one.creator, one.id)).toMatchObject({ status: 'declined' });
    expect(await end(one.creator, one.id)).toMatchObject({ status: 'declined' });
    expect(await quote(one.creator, one.id)).toBeInstanceOf(NotNow);
    expect(await end(other.client, other.id)).toMatchObject({ status: 'withdrawn' });
    const paid = await working();
    expect(await end(paid.creator, paid.id)).toBeInstanceOf(NotNow);
  });

  it('gives nothing back but on its terms, unless the community does', async () => {
    const all = await working();
    const refund = () => ({ orderId: all.orderId, reason: '', idempotencyKey: newId() });
    expect(await refundOrder(world.as(all.client), refund())).toBeInstanceOf(NotRefundable);
    await refundOrder(world.as(all.owner), refund());
    expect(await of(all.id)).toMatchObject({ status: 'canceled' });
    expect(await sums(all)).toMatchObject({ held: 0n, earned: 0n });
  });

  it('lets each side do its own, and nobody else anything', async () => {
    const asked = await requested();
    const open = await delivered();
    const stranger = await aMember(world.db);
    const bystander = await aMember(world.db, { communityId: open.owner.communityId });
    const about = { commissionId: open.id, objection: 'x' };
    for (const by of [stranger, bystander]) {
      const ctx = world.as(by);
      for (const outcome of [
        await quote(by, asked.id),
        await accept(by, asked.id),
        await deliver(by, open.id),
        await acceptDelivery(ctx, about),
        await requestRevision(ctx, about),
        await contestDelivery(ctx, about),
        await cancelCommission(ctx, about),
        await declineCommission(ctx, about),
        await commissionCancelPreview(ctx, open.id),
        await decideCommission(ctx, { ...about, backBasisPoints: 0 }),
      ])
        expect(outcome).toEqual(new CommissionNotFound());
    }
    for (const by of [asked.client, asked.owner])
      expect(await quote(by, asked.id)).toBeInstanceOf(NotNow);
    for (const by of [open.creator, open.owner]) {
      const ctx = world.as(by);
      expect(await acceptDelivery(ctx, about)).toBeInstanceOf(NotNow);
      expect(await requestRevision(ctx, about)).toBeInstanceOf(NotNow);
      expect(await contestDelivery(ctx, about)).toBeInstanceOf(NotNow);
    }
    expect(await deliver(open.client, open.id)).toBeInstanceOf(NotNow);
    expect(await cancelCommission(world.as(open.client), about)).toBeInstanceOf(NotNow);
    await expect(acceptDelivery(world.as(null), about)).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it('refuses what is no request or quote, and asks once for a key', async () => {
    const { owner, client, creator, id } = await requested();
    const outside = await aMember(world.db);
    const request = {
      communityId: owner.communityId,
      creatorId: creator.memberId,
      title: 'A cover',
      brief: 'x',
      idempotencyKey: newId(),
    };
    for (const input of [
      { title: ' ' },
      { title: 'x'.repeat(201) },
      { brief: '' },
      { creatorId: client.memberId },
      { creatorId: outside.memberId },
      { creatorId: 'nonsense' },
      { communityId: outside.communityId },
      { idempotencyKey: '' },
    ])
      expect(await requestCommission(world.as(client), { ...request, ...input })).toBeInstanceOf(
        InvalidCommission,
      );
    const first = await requestCommission(world.as(client), request);
    expect(await requestCommission(world.as(client), request)).toEqual(first);
    expect(await requestCommission(world.as(client), { ...request, brief: 'y' })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    for (const input of [
      { amount: { amountMinor: '0', currency: 'CNY' } },
      { amount: { amountMinor: '-1', currency: 'CNY' } },
      { amount: { amountMinor: '1', currency: 'XXQ' } },
      { deliverDays: 0 },
      { acceptDays: 61 },
      { revisions: 21 },
      { keptBasisPoints: 10_001 },
    ])
      expect(await quote(creator, id, input)).toBeInstanceOf(InvalidCommission);
  });

  it('has the database refuse an illegal move, and work without an order', async () => {
    const { id } = await requested();
    for (const status of ['accepted', 'working', 'nonsense'])
      await expect(
        world.db.query('UPDATE commission SET status = $2 WHERE id = $1', [id, status]),
      ).rejects.toMatchObject({ code: '23514' });
  });
});
