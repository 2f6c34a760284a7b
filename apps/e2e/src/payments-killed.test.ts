import { allChecks, runChecks, type Databases } from '@lyceum/checks';
import { newId } from '@lyceum/contracts';
import { waitFor } from '@lyceum/testing';
import { buy, letShop, openShop, type Diary, type Fate, type Shop } from './shoppers';
import { startPaymentsAlone, type PaymentsAlone } from './payments-alone';

/*
 * Payments and its PostgreSQL are killed again and again while people shop, and nothing that was answered is lost or
 * done twice. `KILL_CYCLES=200` kills more often. A kill keeps what the kernel has of a file: what fsync is for,
 * a power cut, cannot be tried in a process.
 */
const cycles = Number(process.env['KILL_CYCLES'] ?? 20);
const victims = ['payments', 'postgres', 'payments-worker', 'postgres'] as const;
const tickets = 40;

interface Ids {
  readonly orderId: string;
  readonly paymentId: string;
  readonly disputeId: string | null;
  readonly hasFrozen: boolean | null;
}

jest.setTimeout(120_000 + cycles * 30_000);

describe('payments, killed while people shop', () => {
  let system: PaymentsAlone;
  let shop: Shop;
  beforeAll(async () => {
    system = await startPaymentsAlone();
    shop = await openShop(system, tickets);
  });
  afterAll(() => system.stop());

  const kill = async (victim: (typeof victims)[number]): Promise<void> => {
    if (victim === 'postgres') return system.killPostgres();
    await system.services.kill(victim);
    await system.services.restart(victim);
  };
  const column = async (sql: string): Promise<string[]> =>
    (await system.db.query<{ id: string }[]>(sql)).map(({ id }) => id).sort();
  const standingChecks = async (): Promise<void> => {
    // What is for other subgraphs waits in the outbox: there are none here.
    const checks = allChecks.filter(
      (check) => check.in === 'payments' && check.name !== 'payments.outbox-is-young',
    );
    const databases = { payments: system.db } as unknown as Databases; // all that these checks ask for
    const results = await runChecks(databases, { checks });
    expect(results.filter(({ broken }) => broken > 0)).toEqual([]);
  };
  /** Asks for everything again that was answered since. */
  const askAgain = async (diary: Diary, from: number): Promise<void> => {
    for (const { accountId, query, variables, answer } of diary.checkouts.slice(from))
      expect(await waitFor(() => tryTo(() => system.ask(accountId, query, variables)))).toBe(
        answer,
      );
  };
  const tryTo = <T>(attempt: () => Promise<T>): Promise<T | null> => attempt().catch(() => null);

  it(`loses nothing and does nothing twice in ${String(cycles)} kills`, async () => {
    const diary: Diary = { checkouts: [], purchases: [], payouts: [], answers: 0, soldOut: 0 };
    const shopping = letShop(system, { shop, diary, shoppers: 8 });
    const recoveries = await killAgainAndAgain(diary).finally(() => shopping.stop());
    await settled(diary);

    await standingChecks();
    expect(await column('SELECT id FROM sales_order')).toEqual(
      diary.purchases.map(({ orderId }) => orderId).sort(),
    );
    expect(await column('SELECT id FROM payout')).toEqual(diary.payouts.map(({ id }) => id).sort());
    expect(await column('SELECT idempotency_key AS id FROM ledger_transfer')).toEqual(
      await transfersOf(diary),
    );
    expect(await accessOf(diary)).toEqual([]);
    expect(await providerHolds()).toBe(providerShouldHold(diary));
    const [stock] = await system.db.query<{ sold: number; held: number }[]>(
      'SELECT sold, held FROM product_stock',
    );
    expect((stock?.sold ?? 0) + (stock?.held ?? 0)).toBeLessThanOrEqual(tickets);
    await askAgain(diary, Math.max(0, diary.checkouts.length - 100));
    // Enough happened for all of this to mean something.
    expect(new Set(diary.purchases.map(({ fate }) => fate)).size).toBeGreaterThan(4);
    expect(diary.payouts.length).toBeGreaterThan(0);
    process.stderr.write(`${report(diary, recoveries)}\n`);
  });

  /** How long each time until somebody could order again, in milliseconds. */
  const killAgainAndAgain = async (diary: Diary): Promise<readonly number[]> => {
    const recoveries: number[] = [];
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      const [ordered, answered] = [diary.checkouts.length, diary.answers];
      const load = 20 + Math.random() * 40;
      await waitFor(() => diary.answers > answered + load, { timeoutMs: 60_000 });
      const killedAt = performance.now();
      await kill(victims[cycle % victims.length] ?? 'payments');
      const [sold, told] = [diary.checkouts.length, diary.answers];
      await waitFor(() => diary.answers > told, { timeoutMs: 60_000 });
      recoveries.push(performance.now() - killedAt);
      await standingChecks();
      await askAgain(diary, Math.max(ordered, sold - 5));
    }
    return recoveries;
  };

  /** Everything that was begun is finished: by jobs that were lost with their process, too. */
  const settled = (diary: Diary): Promise<unknown> =>
    waitFor(
      async () => {
        const [open] = await system.db.query<{ n: number }[]>(
          `SELECT (SELECT count(*) FROM provider_webhook WHERE status = 'received')::int
             + (SELECT count(*) FROM refund WHERE status IN ('requested', 'pending'))::int
             + (SELECT count(*) FROM sandbox_delivery WHERE sent_at IS NULL)::int
             + (SELECT count(*) FROM ledger_unsealed)::int
             + (SELECT count(*) FROM ledger_hot_delta)::int AS n`,
        );
        const paid = diary.purchases.filter(({ fate }) => fate !== 'unpaid').map((p) => p.orderId);
        const waiting = await system.db.query<unknown[]>(
          `SELECT FROM sales_order WHERE id = ANY($1) AND status = 'awaiting-payment'`,
          [paid],
        );
        return (open?.n ?? 1) + waiting.length;
      },
      { timeoutMs: 90_000, until: (n) => n === 0 },
    );

  /** The keys of all the transfers there must be, and no others. */
  const transfersOf = async (diary: Diary): Promise<string[]> => {
    const ids = await system.db.query<Ids[]>(
      `SELECT payment.order_id AS "orderId", payment.id AS "paymentId", dispute.id AS "disputeId", taken <> '[]' AS "hasFrozen"
       FROM payment LEFT JOIN dispute ON dispute.payment_id = payment.id`,
    );
    const byOrder = new Map(ids.map((row) => [row.orderId, row]));
    const purchases = diary.purchases.flatMap(({ orderId, fate, refund }) => {
      const { paymentId = '', disputeId, hasFrozen } = byOrder.get(orderId) ?? {};
      const keys = fate === 'unpaid' ? [] : [`payment:${paymentId}`, `order:${orderId}`];
      if (refund !== null) keys.push(`refund:${refund.id}`, `refund-settled:${refund.id}`);
      const isDecided = fate === 'won' || fate === 'lost';
      if (fate === 'lost') keys.push(`dispute-fee:${String(disputeId)}`);
      // One that was told to be won before it was told of has frozen nothing.
      if (fate === 'won' && hasFrozen !== true) return keys;
      if (isDecided || fate === 'disputed') keys.push(`dispute:${String(disputeId)}`);
      if (isDecided) keys.push(`dispute-${fate}:${String(disputeId)}`);
      return keys;
    });
    const payouts = diary.payouts.flatMap(({ id, decision }) => [
      `payout:${id}`,
      ...(decision === null ? [] : [`payout-${decision === 'FAILED' ? 'failed' : 'paid'}:${id}`]),
      ...(decision === 'REVERSED' ? [`payout-reversed:${id}`] : []),
    ]);
    return [...purchases, ...payouts].sort();
  };

  /** Whose access is not what their purchase says. */
  const accessOf = async (diary: Diary): Promise<unknown[]> => {
    const rights: Readonly<Record<Fate, string | null>> = {
      unpaid: null,
      paid: 'active',
      'partly-refunded': 'active',
      won: 'active',
      disputed: 'suspended',
      refunded: 'revoked',
      lost: 'revoked',
    };
    const rows = await system.db.query<{ orderId: string; status: string }[]>(
      'SELECT source_id AS "orderId", status FROM entitlement',
    );
    const statuses = new Map(rows.map(({ orderId, status }) => [orderId, status]));
    return diary.purchases.filter(
      ({ orderId, fate }) => (statuses.get(orderId) ?? null) !== rights[fate],
    );
  };

  const providerHolds = async (): Promise<bigint> => {
    const [row] = await system.db.query<{ n: string }[]>(
      `SELECT sum(amount_minor)::text AS n FROM ledger_entry AS entry
         JOIN ledger_account AS account ON account.id = entry.account_id
         JOIN ledger_transfer AS transfer ON transfer.id = entry.transfer_id
       WHERE account.code = 'provider-balance' AND transfer.kind NOT LIKE 'payout%'`,
    );
    return BigInt(row?.n ?? 0);
  };
  const providerShouldHold = ({ purchases }: Diary): bigint =>
    purchases.reduce((held, { totalMinor, fate, refund }) => {
      const back = fate === 'lost' ? totalMinor : (refund?.amountMinor ?? 0n);
      return fate === 'unpaid' ? held : held - totalMinor + back;
    }, 0n);

  const report = (diary: Diary, recoveries: readonly number[]): string => {
    const sorted = [...recoveries].sort((a, b) => a - b);
    const at = (q: number): string =>
      `${(sorted[Math.floor(q * (sorted.length - 1))] ?? 0).toFixed(0)} ms`;
    return `${String(cycles)} kills: ${String(diary.answers)} answers, ${String(diary.purchases.length)} orders, ${String(
      diary.payouts.length,
    )} payouts; from a kill to the next answer ${at(0.5)} (median), ${at(1)} (at most)`;
  };

  it('gives fifty who ask at once with one key one answer, byte for byte, though it is killed meanwhile', async () => {
    const [buyerId, idempotencyKey] = [newId(), newId()];
    const [course, other] = shop.products;
    const variables = { input: { priceId: course?.priceId, idempotencyKey } };
    const ask = () =>
      waitFor(() => tryTo(() => system.ask(buyerId, buy, variables)), { timeoutMs: 60_000 });
    const asking = Promise.all(Array.from({ length: 50 }, ask));
    await new Promise((resolve) => setTimeout(resolve, 30));
    await kill('payments');

    const answers = await asking;
    await kill('postgres');
    expect(new Set([...answers, await ask()]).size).toBe(1);
    expect(answers[0]).toContain('"CheckoutSession"');
    const orders = `SELECT id FROM sales_order WHERE buyer_id = '${buyerId}'`;
    expect(await column(orders)).toHaveLength(1);
    const changed = { input: { priceId: other?.priceId, idempotencyKey } };
    expect(await system.ask(buyerId, buy, changed)).toContain('IDEMPOTENCY_KEY_REUSED');
    expect(await column(orders)).toHaveLength(1);
  });
});
