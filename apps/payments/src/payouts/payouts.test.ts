import { newId } from '@lyceum/contracts';
import { UserError, type Ctx } from '@lyceum/platform';
import { askGraph } from '../graph/ask.factory';
import { createApp } from '../app';
import { NotCatalogueManager } from '../catalogue/catalogue.errors';
import { aMember } from '../communities/membership.factory';
import { providerOwner } from '../ledger/move-money';
import { anArticleOnSale, paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { addDays } from '../subscriptions/calendar';
import { decidePayout, PayoutDecision, PayoutIsDecided, PayoutNotFound } from './decide-payout';
import { Payout } from './payout.type';
import { InvalidPayout, NotCleared, NothingEarned, requestPayout } from './request-payout';
import { setPayoutTerms } from './set-payout-terms';

const start = new Date('2026-05-01T00:00:00.000Z');

describe('payouts', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(() => {
    world.setNow(start);
  });
  afterAll(() => world.close());

  /** A creator who has sold an article for ¥100: 9940 after the fee, of which nine tenths are the creator's. */
  const aSale = async () => {
    const { owner, product } = await anArticleOnSale(world, '10000');
    await world.buy(world.buyer(), product);
    return { owner, product };
  };
  const earned = 8_946n;
  const ask = (communityId: string, amountMinor: string, idempotencyKey: string = newId()) => ({
    communityId,
    amount: { amountMinor, currency: 'CNY' },
    idempotencyKey,
  });
  const decide = (payoutId: string, decision: PayoutDecision, reference = 'bank 1') => ({
    payoutId,
    decision,
    reference,
  });
  const asked = async (ctx: Ctx, input: ReturnType<typeof ask>): Promise<Payout> => {
    const payout = await requestPayout(ctx, input);
    if (!(payout instanceof Payout)) throw new Error('refused');
    return payout;
  };

  it('pays cleared earnings only, once for a key', async () => {
    const { owner } = await aSale();
    const ctx = world.as(owner);
    const input = ask(owner.communityId, earned.toString());
    world.setNow(addDays(start, 6));
    expect(await requestPayout(ctx, input)).toMatchObject({ cleared: { amountMinor: '0' } });
    world.setNow(addDays(start, 7));
    const payout = await asked(ctx, input);
    expect(await asked(ctx, input)).toEqual(payout);
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(0n);
    expect(await world.balance('payouts', null)).toBe(earned);

    const paid = await decidePayout(ctx, decide(payout.id, PayoutDecision.PAID));
    expect(paid).toMatchObject({ status: 'paid', reference: 'bank 1' });
    expect(await decidePayout(ctx, decide(payout.id, PayoutDecision.PAID))).toEqual(paid);
    expect(await decidePayout(ctx, decide(payout.id, PayoutDecision.FAILED))).toEqual(
      new PayoutIsDecided(),
    );
    expect(await world.balance('payouts', null)).toBe(0n);
    expect(await world.balance('provider-balance', providerOwner('bank'))).toBe(earned);

    await decidePayout(ctx, decide(payout.id, PayoutDecision.REVERSED));
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(earned);
    expect(await world.balance('provider-balance', providerOwner('bank'))).toBe(0n);
    await asked(ctx, ask(owner.communityId, earned.toString())); // it had been cleared
  });

  it('gives back what could not be sent', async () => {
    const { owner } = await aSale();
    world.setNow(addDays(start, 8));
    const ctx = world.as(owner);
    const payout = await asked(ctx, ask(owner.communityId, '5000'));
    await decidePayout(ctx, decide(payout.id, PayoutDecision.FAILED, 'no such account'));
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(earned);
    await expect(
      world.db.query(`UPDATE payout SET status = 'paid' WHERE id = $1`, [payout.id]),
    ).rejects.toMatchObject({ code: '23514' });
  });

  it('pays what is there once, of twenty simultaneous requests', async () => {
    const { owner } = await aSale();
    world.setNow(addDays(start, 8));
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () =>
        requestPayout(world.as(owner), ask(owner.communityId, '3000')),
      ),
    );
    expect(outcomes.filter((outcome) => outcome instanceof Payout)).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome instanceof NotCleared)).toHaveLength(18);
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(earned - 6_000n);
  });

  it('refuses too little, what is no money, and who has earned nothing', async () => {
    const { owner } = await aSale();
    world.setNow(addDays(start, 8));
    const ctx = world.as(owner);
    for (const amount of ['999', '0', '-1000', 'x'])
      expect(await requestPayout(ctx, ask(owner.communityId, amount))).toBeInstanceOf(
        InvalidPayout,
      );
    const dollars = {
      ...ask(owner.communityId, '5000'),
      amount: { amountMinor: '5000', currency: 'USD' },
    };
    expect(await requestPayout(ctx, dollars)).toBeInstanceOf(NotCleared);
    const stranger = world.as(newId<'Account'>());
    expect(await requestPayout(stranger, ask(owner.communityId, '5000'))).toEqual(
      new NothingEarned(),
    );
    const terms = { communityId: owner.communityId, holdDays: 0, minimumMinor: '1' };
    expect(await setPayoutTerms(stranger, terms)).toEqual(new NotCatalogueManager());
    expect(await setPayoutTerms(ctx, terms)).toMatchObject({ holdDays: 0 });
    expect(await setPayoutTerms(ctx, { ...terms, holdDays: 121 })).toBeInstanceOf(InvalidPayout);
    expect(await requestPayout(ctx, ask(owner.communityId, '1'))).not.toBeInstanceOf(UserError);
  });

  it('is decided by who manages the community alone', async () => {
    const { owner } = await aSale();
    world.setNow(addDays(start, 8));
    const payout = await asked(world.as(owner), ask(owner.communityId, '5000'));
    const member = await aMember(world.db, { communityId: owner.communityId });
    for (const actor of [member, { id: newId<'Account'>() }])
      expect(await decidePayout(world.as(actor), decide(payout.id, PayoutDecision.PAID))).toEqual(
        new PayoutNotFound(),
      );
  });

  it('is on the statement, like everything else, with why; as a list and as a file', async () => {
    const { owner } = await aSale();
    world.setNow(addDays(start, 8));
    const payout = await asked(world.as(owner), ask(owner.communityId, '5000'));
    expect(payout.status).toBe('requested');
    const { schema } = createApp();
    const read = async (contextValue: Ctx, after: string | null = null) => {
      const { data, codes } = await askGraph(
        { schema, ctx: contextValue },
        `query ($communityId: ID!, $after: String) { myEarnings(communityId: $communityId, first: 1, after: $after) {
          balances { balance { amountMinor currency } cleared { amountMinor } held { amountMinor } }
          statement { edges { cursor node { kind why amount { amountMinor } balance { amountMinor } } } pageInfo { hasNextPage } } csv } }`,
        { communityId: owner.communityId, after },
      );
      return { earnings: data?.myEarnings, codes };
    };
    const { earnings } = await read(world.as(owner));
    expect(earnings.balances).toEqual([
      {
        balance: { amountMinor: '3946', currency: 'CNY' },
        cleared: { amountMinor: '3946' },
        held: { amountMinor: '0' },
      },
    ]);
    const [edge] = earnings.statement.edges;
    expect(edge.node).toEqual({
      kind: 'payout',
      why: 'Paid out to you',
      amount: { amountMinor: '-5000' },
      balance: { amountMinor: '3946' },
    });
    const next = await read(world.as(owner), edge.cursor);
    expect(next.earnings.statement).toMatchObject({
      edges: [{ node: { kind: 'purchase', why: 'Your share of a sale of “Ownership in Rust”' } }],
      pageInfo: { hasNextPage: false },
    });
    const lines = (earnings.csv as string).split('\r\n');
    expect(lines[0]).toBe('posted_at,kind,why,amount,balance,currency,order_id');
    expect(lines[1]).toMatch(
      /^2026-05-01T00:00:00.000Z,purchase,.*,89\.46,89\.46,CNY,[0-9a-f-]{36}$/,
    );
    expect(lines[2]).toBe('2026-05-09T00:00:00.000Z,payout,Paid out to you,-50.00,39.46,CNY,');
    expect((await read(world.as(newId<'Account'>()))).codes).toEqual(['NOT_FOUND']);
    expect((await read(world.as(null))).codes).toEqual(['UNAUTHENTICATED']);
  });
});
