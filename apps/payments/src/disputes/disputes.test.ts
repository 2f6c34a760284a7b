import { newId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import { inTransaction } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import fc from 'fast-check';
import { createApp } from '../app';
import { askGraph } from '../graph/ask.factory';
import { kitOf } from '../kit';
import { moveMoney } from '../ledger/move-money';
import {
  anArticleOnSale,
  paymentsWorld,
  sandboxOwner,
  settledNotice,
  type PaymentsWorld,
} from '../payments-world.factory';
import type { Capabilities, Notice } from '../providers/provider';
import { refundOrder } from '../refunds/refund-order';

describe('disputes', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  afterAll(() => world.close());

  const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);
  const access = async (orderId: string) =>
    (
      await world.db.query<{ status: string }[]>(
        'SELECT status FROM entitlement WHERE source_id = $1',
        [orderId],
      )
    )[0]?.status;
  const disputeOf = async (orderId: string) => {
    const [row] = await world.db.query<{ id: string; status: string }[]>(
      'SELECT id, status FROM dispute WHERE order_id = $1',
      [orderId],
    );
    return row;
  };
  const holders = async (memberId: string) => [
    await world.balance('creator-earnings', memberId),
    await world.balance('platform-fee', null),
    await world.balance('provider-balance', sandboxOwner),
  ];

  it('freezes money and access, and gives both back when it is won', async () => {
    const { owner, product } = await anArticleOnSale(world);
    const order = await world.buy(world.buyer(), product);
    const before = await holders(owner.memberId);
    await world.choose({ orderId: order.id }, 'dispute');

    const dispute = await disputeOf(order.id);
    expect(dispute?.status).toBe('open');
    expect(await access(order.id)).toBe('suspended');
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(0n);
    expect(await world.balance('disputes', dispute?.id ?? '')).toBe(1000n);
    expect(
      await refundOrder(world.as(owner), {
        orderId: order.id,
        reason: '',
        idempotencyKey: newId(),
      }),
    ).toMatchObject({ code: 'NOT_REFUNDABLE' });

    await world.choose({ orderId: order.id }, 'dispute-won');
    expect(await holders(owner.memberId)).toEqual(before);
    expect(await access(order.id)).toBe('active');
    expect(await world.balance('disputes', dispute?.id ?? '')).toBe(0n);
  });

  it('takes money and access when it is lost; what was spent is a debt that later income settles', async () => {
    const { owner, product } = await anArticleOnSale(world);
    const order = await world.buy(world.buyer(), product);
    const earned = await world.balance('creator-earnings', owner.memberId);
    // The creator has had it all: paid out, here to a wallet.
    await inTransaction(world.service, (tx) =>
      moveMoney(tx, {
        key: newId(),
        kind: 'payout',
        movements: [
          { code: 'creator-earnings', ownerId: owner.memberId, amount: cny(-earned) },
          { code: 'member-wallet', ownerId: owner.memberId, amount: cny(earned) },
        ],
      }),
    );
    await world.choose({ orderId: order.id }, 'dispute');
    await world.choose({ orderId: order.id }, 'dispute-lost');

    expect(await world.orderOf(order)).toMatchObject({
      status: 'charged-back',
      refundedMinor: 1000n,
    });
    expect(await access(order.id)).toBe('revoked');
    const debt = await world.balance('creator-earnings', owner.memberId);
    expect(debt).toBe(-earned);
    await world.buy(world.buyer(), product);
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(0n);
    const told = (await emitted(world.db)).map(({ type, payload }) => [type, payload['status']]);
    expect(told).toContainEqual(['payments.entitlement.changed.v1', 'revoked']);
  });

  it('comes to the same in every order and however often everything is told', async () => {
    const final = async (
      order: (notices: Notice[]) => Notice[],
      decision: 'dispute-won' | 'dispute-lost',
    ) => {
      const { owner, product } = await anArticleOnSale(world);
      const session = await world.order(world.buyer(), product);
      const payment = await world.paymentOf(session);
      const dispute = (kind: 'dispute-opened' | typeof decision): Notice => ({
        kind,
        disputeRef: `dp-${session.orderId}`,
        paymentId: payment.id,
        chargeRef: null,
        amount: payment.amount,
        reason: 'fraudulent',
      });
      const notices: Notice[] = [
        settledNotice(payment),
        { kind: 'payment-declined', paymentId: payment.id },
        dispute('dispute-opened'),
        dispute(decision),
      ];
      for (const notice of order(notices)) await world.deliver(notice);
      await world.settleDown();
      return {
        order: (await world.orderOf(session)).status,
        refunded: (await world.orderOf(session)).refundedMinor,
        access: await access(session.orderId),
        dispute: (await disputeOf(session.orderId))?.status,
        payment: (await world.paymentOf(session)).status,
        creator: await world.balance('creator-earnings', owner.memberId),
        clearing: await world.balance('provider-clearing', sandboxOwner),
      };
    };
    for (const decision of ['dispute-won', 'dispute-lost'] as const) {
      const expected = await final((notices) => notices, decision);
      await fc.assert(
        fc.asyncProperty(
          fc.shuffledSubarray(
            [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3].map((n, i) => [n, i] as const),
            {
              minLength: 12,
            },
          ),
          async (sequence) => {
            const state = await final((all) => sequence.flatMap(([n]) => all[n] ?? []), decision);
            expect(state).toEqual(expected);
          },
        ),
        { numRuns: 12 },
      );
    }
  });

  const capabilitiesWith = (disputeFee: Capabilities['disputeFee']): Capabilities => {
    const sandbox = kitOf(world).providers.get('sandbox');
    if (sandbox === undefined) throw new Error('no sandbox');
    return { ...sandbox.capabilities, disputeFee };
  };
  /** What the platform and the provider have more than before, once a dispute has ended so. */
  const costOf = async (end: 'dispute-won' | 'dispute-lost', fee?: Money) => {
    const { product } = await anArticleOnSale(world);
    const order = await world.buy(world.buyer(), product);
    const payment = await world.paymentOf(order);
    const told = (kind: 'dispute-opened' | typeof end, stated?: Money) =>
      world.deliver({
        kind,
        disputeRef: `dp-${order.id}`,
        paymentId: payment.id,
        chargeRef: null,
        amount: payment.amount,
        reason: '',
        fee: stated ?? null,
      });
    const currency = fee?.currency ?? 'CNY';
    const kept = () => world.balance('provider-fee', sandboxOwner, currency);
    const before = await kept();
    await told('dispute-opened');
    expect(await kept()).toBe(before); // nothing before it is decided
    await told(end, fee);
    await told(end, fee);
    return (await kept()) - before;
  };

  it('costs what the provider says, or usually takes, and nothing where it is given back', async () => {
    const usual = cny(500n);
    world.withSandbox({ capabilities: capabilitiesWith({ usual, returnedWhenWon: true }) });
    expect(await costOf('dispute-lost')).toBe(500n);
    expect(await costOf('dispute-won')).toBe(0n);
    expect(await costOf('dispute-lost', money(1_500n, 'USD' as Currency))).toBe(1_500n);
    world.withSandbox({ capabilities: capabilitiesWith({ usual, returnedWhenWon: false }) });
    expect(await costOf('dispute-won')).toBe(500n);
    world.withSandbox({ capabilities: capabilitiesWith(null) });
    expect(await costOf('dispute-lost')).toBe(0n);
  });

  it('shows its fee on the order, before and after', async () => {
    const usual = cny(500n);
    world.withSandbox({ capabilities: capabilitiesWith({ usual, returnedWhenWon: true }) });
    const { owner, product } = await anArticleOnSale(world);
    const order = await world.buy(world.buyer(), product);
    const shown = async () => {
      const source = `query ($id: ID!) { order(id: $id) { disputes { status fee { amountMinor } } } }`;
      const of = { schema: createApp().schema, ctx: world.as(owner) };
      return (await askGraph(of, source, { id: order.id })).data.order.disputes as unknown;
    };
    await world.choose({ orderId: order.id }, 'dispute');
    expect(await shown()).toEqual([{ status: 'OPEN', fee: { amountMinor: '500' } }]);
    await world.choose({ orderId: order.id }, 'dispute-won');
    expect(await shown()).toEqual([{ status: 'WON', fee: { amountMinor: '0' } }]);
  });

  it('waits for the payment that it is about', async () => {
    const notice: Notice = {
      kind: 'dispute-opened',
      disputeRef: newId(),
      paymentId: newId(),
      chargeRef: null,
      amount: money(1n, 'CNY' as Currency),
      reason: '',
    };
    expect(await world.deliver(notice)).toBe('waits');
  });
});
