import { newId, type AccountId } from '@lyceum/contracts';
import { openKit, kitOf } from '../kit';
import type { ChargeAnswer } from '../providers/provider';
import { sandboxOwner, paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { addDays } from './calendar';
import { aMembership, aSubscriber, giveCard, letTimeWork } from './subscription.factory';

const size = Number(process.env['SUBSCRIPTIONS'] ?? 1_000);
const start = new Date('2026-01-01T00:00:00.000Z');
const end = new Date('2027-01-01T00:00:00.000Z');

describe('a year of a thousand subscriptions', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  afterAll(() => world.close());

  const one = async <T>(sql: string, parameters: readonly unknown[] = []): Promise<T> => {
    const [row] = await world.db.query<T[]>(sql, [...parameters]);
    if (row === undefined) throw new Error('no row');
    return row;
  };

  /** When the clock has something to do next. */
  const nextDue = async (): Promise<Date | null> => {
    const { at } = await one<{ at: Date | null }>(
      `SELECT least((SELECT min(next_action_at) FROM subscription),
         (SELECT min(next_attempt_at) FROM subscription_invoice WHERE status = 'open')) AS at`,
    );
    return at;
  };

  /** Charges that were told to fail do so once; their retry succeeds. */
  const flaky = (declines: Set<string>) => {
    const kit = kitOf({ db: world.db });
    const sandbox = kit.providers.get('sandbox');
    if (sandbox === undefined) throw new Error('no sandbox');
    const chargeSaved = async (
      charge: Parameters<NonNullable<typeof sandbox.chargeSaved>>[0],
    ): Promise<ChargeAnswer> => {
      if (declines.delete(charge.accountId))
        return { status: 'declined', isHard: false, problem: 'declined', reason: 'no funds' };
      return (
        (await sandbox.chargeSaved?.(charge)) ?? {
          status: 'declined',
          isHard: true,
          problem: 'declined',
          reason: '',
        }
      );
    };
    openKit(world.deps, { ...kit, providers: new Map([['sandbox', { ...sandbox, chargeSaved }]]) });
  };

  it('makes exactly the money it should, to the cent, in seconds', async () => {
    world.setNow(start);
    const { owner, month, product } = await aMembership(world);
    const accounts: AccountId[] = Array.from({ length: size }, () => newId<'Account'>());
    const startedAt = performance.now();
    for (let n = 0; n < size; n += 8)
      await Promise.all(
        accounts.slice(n, n + 8).map(async (accountId) => {
          await giveCard(world, accountId);
          await aSubscriber(world, accountId, { priceId: month.id });
        }),
      );
    const subscribedAt = performance.now();
    const declines = new Set<string>();
    flaky(declines);
    const cpuBefore = process.cpuUsage();
    for (let now = await nextDue(); now !== null && now <= end; now = await nextDue()) {
      world.setNow(now);
      if (now.getTime() === addDays(start, 31).getTime())
        accounts.slice(0, size / 10).forEach((id) => declines.add(id)); // the second month, of a tenth
      await letTimeWork(world);
    }
    const cpu = process.cpuUsage(cpuBefore);
    const cpuSeconds = (cpu.user + cpu.system) / 1_000_000;
    const seconds = (performance.now() - subscribedAt) / 1_000;

    // The first payment and twelve renewals each: 1 January to 1 January.
    const payments = BigInt(size) * 13n;
    const gross = payments * 1_000n;
    const fee = payments * 6n; // 60 basis points of 1000
    const net = gross - fee;
    const platform = payments * 99n; // 994 in 9 : 1 is 894.6 : 99.4 → 895 : 99
    expect(await world.balance('provider-balance', sandboxOwner)).toBe(-gross);
    expect(await world.balance('provider-clearing', sandboxOwner)).toBe(0n);
    expect(await world.balance('provider-fee', sandboxOwner)).toBe(fee);
    expect(await world.balance('platform-fee', null)).toBe(platform);
    expect(await world.balance('creator-earnings', owner.memberId)).toBe(net - platform);
    expect(await one('SELECT sum(amount_minor)::int AS sum FROM ledger_entry')).toEqual({ sum: 0 });
    expect(
      await one(
        `SELECT count(*)::int AS orders, sum(total_minor)::int AS total FROM sales_order WHERE status = 'paid'`,
      ),
    ).toEqual({ orders: size * 13, total: size * 13_000 });
    expect(
      await one(
        `SELECT sum(amount_minor)::int AS revenue FROM product_revenue WHERE product_id = $1`,
        [product.id],
      ),
    ).toEqual({ revenue: size * 13_000 });
    const states = await world.db.query<unknown[]>(
      'SELECT status, count(*)::int AS n FROM subscription GROUP BY status',
    );
    expect(states).toEqual([{ status: 'active', n: size }]);
    expect(
      await one(
        `SELECT count(*)::int AS n FROM entitlement WHERE source_type = 'subscription' AND status = 'active' AND ends_at = $1`,
        [new Date('2027-02-08T00:00:00.000Z')],
      ),
    ).toEqual({ n: size });
    expect(await one('SELECT max(declines) AS most FROM subscription_invoice')).toEqual({
      most: 1,
    });
    process.stdout.write(
      `${String(size)} subscribed in ${((subscribedAt - startedAt) / 1_000).toFixed(1)} s, their year took ${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of CPU)\n`,
    );
    // Of this process's own time: how long it takes besides depends on who else is at work here.
    expect(cpuSeconds).toBeLessThan(60);
  }, 600_000);
});
