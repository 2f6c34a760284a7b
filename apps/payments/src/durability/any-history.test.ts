import fc from 'fast-check';
import { kitOf } from '../kit';
import { foldHotBalances } from '../ledger/accounts';
import { sealTransfers } from '../ledger/seal-transfers.job';
import { expireOrders } from '../orders/expire-orders.job';
import { paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { sweepRefunds } from '../refunds/send-refund.job';
import {
  aMembership,
  aSubscriber,
  giveCard,
  letTimeWork,
} from '../subscriptions/subscription.factory';
import { mortal, type MortalProcess } from './crash.factory';
import { anyStep, castOf, settle, take, type Step } from './history.factory';
import { broken } from './invariants.factory';

/** How many histories; more are tried with `HISTORIES`. */
const histories = Number(globalThis.process.env['HISTORIES'] ?? 8);

const step = (what: Step['what'], { who = 0, part = 20 } = {}): Step => ({
  ...{ what, who, part },
  dies: null,
  isLate: false,
});

/** What is too rare to be met by chance, or must be met each time. */
const rare: Step[][] = [
  [
    ...[step('buy'), step('pay'), step('pay-out', { part: 50 }), step('payout-paid')],
    ...[step('payout-reversed'), step('pay-out', { part: 80 }), step('refund', { part: 100 })],
  ],
  [
    ...[step('subscribe', { who: 1, part: 51 }), step('days-pass'), step('upgrade', { who: 1 })],
    ...[step('days-pass', { part: 19 }), step('dispute-opened'), step('dispute-won')],
    step('end-subscription', { who: 1, part: 51 }),
  ],
  // A part is lost to a bank while a refund is under way that fails then.
  [
    ...[step('buy'), step('pay'), step('refund', { part: 50 })],
    ...[step('dispute-opened'), step('dispute-lost'), step('refund-failed', { part: 3 })],
  ],
  // Of two refunds that end the access one fails.
  [
    ...[step('buy'), step('pay'), step('refund', { part: 40 }), step('refund', { part: 50 })],
    step('refund-failed', { part: 3 }),
  ],
  // Nothing is left for a bank to take.
  [
    ...[step('buy'), step('pay'), step('refund', { who: 1, part: 100 })],
    ...[step('dispute-opened'), step('dispute-lost')],
  ],
];

describe('any history of money', () => {
  let world: PaymentsWorld;
  let process: MortalProcess;
  beforeAll(async () => {
    world = await paymentsWorld();
    process = mortal(world.deps.dataSource);
  });
  afterAll(() => world.close());

  const run = (job: typeof expireOrders) =>
    job.run({ deps: world.deps, ctx: world.service, signal: new AbortController().signal }, {});

  it('keeps every invariant, whoever dies in the middle of what', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 25, maxLength: 50 }), async (steps) => {
        world.setNow('2026-01-01T00:00:00Z');
        const cast = await castOf(world, process);
        for (const step of steps) await take(cast, step);
        expect(await broken(world.db)).toEqual({}); // while things are under way, too
        for (const job of [sweepRefunds, expireOrders]) {
          await process.survive(9, () => run(job));
          await settle(cast);
        }
        await foldHotBalances(world.db);
        await sealTransfers(world.service, undefined);
        expect(await broken(world.db)).toEqual({});
      }),
      // Each takes seconds: none is made shorter.
      {
        numRuns: rare.length + histories,
        endOnFailure: true,
        examples: rare.map((steps): [Step[]] => [steps]),
      },
    );
    expect(process.deaths()).toBeGreaterThan(histories);
  }, 300_000);

  it('drops a charge that is declined after its subscription has ended', async () => {
    world.setNow('2030-01-01T00:00:00Z');
    const { month } = await aMembership(world);
    const { id } = world.buyer();
    await giveCard(world, id, { token: 'decline' });
    const chargeSaved = kitOf(world).providers.get('sandbox')?.chargeSaved;
    world.withSandbox({ chargeSaved: () => Promise.reject(new Error('it died meanwhile')) });
    await aSubscriber(world, id, { priceId: month.id });
    world.withSandbox({ ...(chargeSaved === undefined ? {} : { chargeSaved }) });

    world.setNow('2030-01-03T00:00:00Z'); // it has waited a day for its first payment
    await letTimeWork(world);

    expect(
      await world.db.query(
        `SELECT subscription.status, invoice.status AS invoice FROM subscription
           JOIN subscription_invoice AS invoice ON subscription_id = subscription.id WHERE account_id = $1`,
        [id],
      ),
    ).toEqual([{ status: 'canceled', invoice: 'void' }]);
  });
});
