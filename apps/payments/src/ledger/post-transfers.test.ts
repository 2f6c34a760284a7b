import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { useCase } from '@lyceum/platform';
import { testWorld, type TestWorld } from '@lyceum/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { database } from '../database';
import { balanceOf, foldHotBalances, openAccount } from './accounts';
import { anAccount, aTransfer, post } from './ledger.factory';
import { postTransfers } from './post-transfers';
import type { LedgerAccountId, Transfer } from './transfer';

const cny = 'CNY' as Currency;

describe('postTransfers', () => {
  let world: TestWorld;
  let outside: LedgerAccountId;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database, now: '2026-03-01T00:00:00.000Z' });
    outside = await openAccount(world.db, {
      code: 'provider-clearing',
      ownerId: null,
      currency: cny,
    });
  });
  afterEach(() => expectBooksToBalance());
  afterAll(() => world.close());

  const ctx = () => world.as(null);
  const balance = async (account: LedgerAccountId) =>
    (await balanceOf(world.db, account)).amountMinor;
  const entriesOf = (account: LedgerAccountId) =>
    world.db.query<{ amount: string }[]>(
      'SELECT amount_minor AS amount FROM ledger_entry WHERE account_id = $1 ORDER BY transfer_id, line',
      [account],
    );

  /** What must hold after anything: nothing made or lost, and every balance the sum of its entries. */
  const expectBooksToBalance = async (): Promise<void> => {
    const sums = await world.db.query<{ total: string }[]>(
      'SELECT sum(amount_minor) AS total FROM ledger_entry GROUP BY transfer_id, currency HAVING sum(amount_minor) <> 0',
    );
    expect(sums).toEqual([]);
    const drift = await world.db.query<unknown[]>(
      `SELECT account.id, account.balance FROM ledger_account AS account
       WHERE account.balance + coalesce((SELECT sum(amount_minor) FROM ledger_hot_delta WHERE account_id = account.id), 0)
         <> coalesce((SELECT sum(amount_minor) FROM ledger_entry WHERE account_id = account.id), 0)`,
    );
    expect(drift).toEqual([]);
  };

  it('moves money from one account to another', async () => {
    const wallet = await anAccount(world.db);
    const before = await balance(outside);

    const [outcome] = await post(ctx(), [aTransfer([outside, wallet, 1234n], { kind: 'top-up' })]);

    expect(outcome).toMatchObject({ status: 'posted' });
    expect(await balance(wallet)).toBe(1234n);
    expect(await balance(outside)).toBe(before - 1234n);
    expect(await entriesOf(wallet)).toEqual([{ amount: '1234' }]);
  });

  it('splits one payment over several accounts', async () => {
    const [author, referrer] = [await anAccount(world.db), await anAccount(world.db)];
    const fee = await openAccount(world.db, { code: 'platform-fee', ownerId: null, currency: cny });
    const entries = [
      { accountId: outside, amount: money(-1000n, cny) },
      { accountId: author, amount: money(800n, cny) },
      { accountId: referrer, amount: money(50n, cny) },
      { accountId: fee, amount: money(150n, cny) },
    ];

    await post(ctx(), [aTransfer([outside, author, 0n], { entries })]);

    expect([await balance(author), await balance(referrer), await balance(fee)]).toEqual([
      800n,
      50n,
      150n,
    ]);
  });

  it('posts a key once, whoever asks again, and refuses another transfer under it', async () => {
    const wallet = await anAccount(world.db);
    const transfer = aTransfer([outside, wallet, 10n], { idempotencyKey: newId<'Order'>() });

    const [first] = await post(ctx(), [transfer]);
    const [again] = await post(ctx(), [transfer]);
    const [other] = await post(ctx(), [{ ...transfer, kind: 'refund' }]);

    expect(again).toEqual({ ...first, status: 'already-posted' });
    expect(other).toEqual({ status: 'key-taken' });
    expect(await balance(wallet)).toBe(10n);
  });

  it('posts a key once among twenty at the same time', async () => {
    const wallet = await anAccount(world.db);
    const transfer = aTransfer([outside, wallet, 10n]);

    const outcomes = await Promise.all(Array.from({ length: 20 }, () => post(ctx(), [transfer])));

    const statuses = outcomes.flat().map(({ status }) => status);
    expect(statuses.filter((status) => status === 'posted')).toHaveLength(1);
    expect(statuses.filter((status) => status === 'already-posted')).toHaveLength(19);
    expect(await balance(wallet)).toBe(10n);
  });

  it('never lets a wallet below zero, however many spend from it at once', async () => {
    const wallet = await anAccount(world.db);
    await post(ctx(), [aTransfer([outside, wallet, 100n])]);

    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () => post(ctx(), [aTransfer([wallet, outside, 10n])])),
    );

    const statuses = outcomes.flat().map(({ status }) => status);
    expect(statuses.filter((status) => status === 'posted')).toHaveLength(10);
    expect(statuses.filter((status) => status === 'insufficient-funds')).toHaveLength(20);
    expect(await balance(wallet)).toBe(0n);
  });

  it('refuses one of a batch and posts the others', async () => {
    const [rich, poor] = [await anAccount(world.db), await anAccount(world.db)];
    const outcomes = await post(ctx(), [
      aTransfer([outside, rich, 100n]),
      aTransfer([poor, rich, 1n]),
      aTransfer([rich, poor, 40n]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'posted',
      'insufficient-funds',
      'posted',
    ]);
    expect([await balance(rich), await balance(poor)]).toEqual([60n, 40n]);
  });

  it('judges a refused transfer anew when it is asked again', async () => {
    const wallet = await anAccount(world.db);
    const spend = aTransfer([wallet, outside, 10n]);
    expect(await post(ctx(), [spend])).toMatchObject([{ status: 'insufficient-funds' }]);
    await post(ctx(), [aTransfer([outside, wallet, 10n])]);
    expect(await post(ctx(), [spend])).toMatchObject([{ status: 'posted' }]);
  });

  it('leaves nothing of a use case that fails afterwards', async () => {
    const wallet = await anAccount(world.db);
    const failing = useCase(async (tx, transfer: Transfer) => {
      await postTransfers(tx, [transfer]);
      throw new Error('the order could not be written');
    });
    await expect(failing(ctx(), aTransfer([outside, wallet, 10n]))).rejects.toThrow('the order');
    expect(await balance(wallet)).toBe(0n);
    expect(await entriesOf(wallet)).toEqual([]);
  });

  it('needs three statements for a batch of any length', async () => {
    const wallet = await anAccount(world.db);
    const batch = Array.from({ length: 100 }, () => aTransfer([outside, wallet, 1n]));
    const query = jest.spyOn(Client.prototype, 'query');
    const outcomes = await post(ctx(), batch);
    const statements = query.mock.calls.map(([statement]: unknown[]) => statement);
    query.mockRestore();
    expect(statements.filter((statement) => typeof statement === 'object')).toMatchObject([
      { name: 'ledger.lock' },
      { name: 'ledger.posted' },
      { name: 'ledger.write' },
    ]);
    expect(statements).toHaveLength(5); // and the transaction's beginning and end
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['posted']));
    expect(await balance(wallet)).toBe(100n);
  });

  it('keeps the balance of a hot account while it is folded amid transfers', async () => {
    const wallet = await anAccount(world.db);
    await foldHotBalances(world.db);
    const before = await balance(outside);

    const posting = Array.from({ length: 40 }, (_, n) =>
      post(ctx(), [aTransfer([outside, wallet, BigInt(n + 1)])]),
    );
    const folding = Array.from({ length: 10 }, () => foldHotBalances(world.db, 7));
    await Promise.all([...posting, ...folding]);
    expect(await balance(outside)).toBe(before - 820n);

    while ((await foldHotBalances(world.db, 7)) > 0);
    expect(await balance(outside)).toBe(before - 820n);
    const [row] = await world.db.query<{ balance: string }[]>(
      'SELECT balance FROM ledger_account WHERE id = $1',
      [outside],
    );
    expect(BigInt(row?.balance ?? 0)).toBe(before - 820n);
  });

  it('opens an account once, however many ask for it at once', async () => {
    const name = { code: 'creator-earnings', ownerId: newId<'Member'>(), currency: cny } as const;
    const ids = await Promise.all(Array.from({ length: 10 }, () => openAccount(world.db, name)));
    expect(new Set(ids).size).toBe(1);
    expect(await openAccount(world.db, { ...name, ownerId: null })).not.toBe(ids[0]);
  });

  it('does with random batches, at the same time, what a list of numbers would', async () => {
    const accountCount = 4;
    const anyStep = fc.record({
      from: fc.nat({ max: accountCount - 1 }),
      to: fc.nat({ max: accountCount - 1 }),
      amountMinor: fc.bigInt({ min: 1n, max: 50n }),
      key: fc.nat({ max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyStep, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 }),
        async (batches) => {
          const scope = newId<'Run'>();
          const wallets = await Promise.all(
            Array.from({ length: accountCount }, () => anAccount(world.db)),
          );
          const walletAt = (index: number) => wallets[index] as LedgerAccountId;
          await post(
            ctx(),
            wallets.map((wallet) => aTransfer([outside, wallet, 100n])),
          );

          const asked = batches.map((batch) =>
            batch.map(({ from, to, amountMinor, key }) =>
              aTransfer([walletAt(from), walletAt(to), amountMinor], {
                idempotencyKey: `${scope}-${String(key)}`,
              }),
            ),
          );
          const outcomes = await Promise.all(asked.map((batch) => post(ctx(), batch)));

          // Each key posted at most once, and the wallets hold what the posted transfers say, none below zero.
          const held = new Map(wallets.map((wallet) => [wallet, 100n]));
          const postedKeys: string[] = [];
          outcomes.flat().forEach((outcome, index) => {
            const transfer = asked.flat()[index];
            if (outcome.status !== 'posted' || transfer === undefined) return;
            postedKeys.push(transfer.idempotencyKey);
            for (const { accountId, amount } of transfer.entries) {
              held.set(accountId, (held.get(accountId) ?? 0n) + amount.amountMinor);
            }
          });
          expect(new Set(postedKeys).size).toBe(postedKeys.length);
          for (const [wallet, amountMinor] of held) {
            expect(await balance(wallet)).toBe(amountMinor);
            expect(amountMinor >= 0n).toBe(true);
          }
          await expectBooksToBalance();
        },
      ),
      { numRuns: 25 },
    );
  });
});
