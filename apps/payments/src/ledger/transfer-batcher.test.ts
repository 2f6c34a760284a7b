import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { database } from '../database';
import { balanceOf } from './accounts';
import { aTransfer, anAccount } from './ledger.factory';
import { TransferBatcher } from './transfer-batcher';
import type { LedgerAccountId } from './transfer';

describe('posting in batches', () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database });
  });
  afterAll(() => world.close());

  it('gives each caller its own outcome, refusals and repeats included, in few transactions', async () => {
    const batcher = new TransferBatcher(world.deps, { windowMs: 5 });
    const [from, to, empty] = [
      await anAccount(world.db, 'creator-earnings'),
      await anAccount(world.db, 'creator-earnings'),
      await anAccount(world.db),
    ];
    const repeated = aTransfer([from, to, 7n]);
    const outcomes = await Promise.all([
      ...Array.from({ length: 250 }, () => batcher.post(aTransfer([from, to, 1n]))),
      batcher.post(repeated),
      batcher.post(repeated),
      batcher.post(aTransfer([empty, to, 1n])),
    ]);
    const count = (status: string) =>
      outcomes.filter((outcome) => outcome.status === status).length;
    expect(count('posted')).toBe(251);
    expect(count('already-posted')).toBe(1);
    expect(outcomes.at(-1)).toEqual({ status: 'insufficient-funds', accountId: empty });
    expect((await balanceOf(world.db, to)).amountMinor).toBe(257n);
    const [{ n } = { n: 0 }] = await world.db.query<{ n: number }[]>(
      'SELECT count(DISTINCT xmin::text)::int AS n FROM ledger_transfer',
    );
    expect(n).toBeLessThanOrEqual(6);
  });

  it('keeps a caller’s mistake from spoiling what came with it', async () => {
    const batcher = new TransferBatcher(world.deps);
    const [from, to] = [
      await anAccount(world.db, 'creator-earnings'),
      await anAccount(world.db, 'creator-earnings'),
    ];
    const lost = newId<'LedgerAccount'>() as LedgerAccountId;
    const [good, bad] = await Promise.allSettled([
      batcher.post(aTransfer([from, to, 5n])),
      batcher.post(aTransfer([lost, to, 5n])),
    ]);
    expect(good).toMatchObject({ value: { status: 'posted' } });
    expect(bad.status).toBe('rejected');
    const uneven = {
      ...aTransfer([from, to, 1n]),
      entries: [{ accountId: from, amount: money(1n, 'CNY' as Currency) }],
    };
    expect(() => batcher.post(uneven)).toThrow();
  });
});
