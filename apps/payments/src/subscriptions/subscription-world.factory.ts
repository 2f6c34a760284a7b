import { newId, type AccountId } from '@lyceum/contracts';
import { paymentsWorld, sandboxOwner, type PaymentsWorld } from '../payments-world.factory';
import { addDays } from './calendar';
import type { Invoice } from './invoice.type';
import { selectInvoices, selectSubscriptions } from './rows';
import { giveCard, letTimeWork } from './subscription.factory';
import type { ProductSubscription } from './subscription.type';

export const start = new Date('2026-04-01T00:00:00.000Z'); // April has 30 days
export const day = (n: number): Date => addDays(start, n);

/** For tests: payments on the first of April, with what tests ask of subscriptions. */
export interface SubscriptionWorld {
  /** From the first `beforeAll` on. */
  readonly world: PaymentsWorld;
  /** An account, and the card it pays with; null for none. */
  readonly buyer: (card?: Parameters<typeof giveCard>[2] | null) => Promise<AccountId>;
  /** Lets everything happen that is due at that moment. */
  readonly at: (now: Date) => Promise<void>;
  readonly now: (subscription: { id: string }) => Promise<ProductSubscription>;
  readonly invoices: (subscription: { id: string }) => Promise<Invoice[]>;
  readonly accessUntil: (subscription: { id: string }) => Promise<Date | null>;
}

/** Opens it before the tests of the suite, and checks the books after each of them. */
export const subscriptionWorld = (): SubscriptionWorld => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(() => {
    world.setNow(start);
  });
  afterEach(async () => {
    const uneven = await world.db.query<unknown[]>(
      'SELECT transfer_id FROM ledger_entry GROUP BY transfer_id, currency HAVING sum(amount_minor) <> 0',
    );
    expect(uneven).toEqual([]);
    expect(await world.balance('provider-clearing', sandboxOwner)).toBe(0n);
  });
  afterAll(() => world.close());

  return {
    get world() {
      return world;
    },
    buyer: async (card = {}) => {
      const id = newId<'Account'>();
      if (card !== null) await giveCard(world, id, card);
      return id;
    },
    at: async (now) => {
      world.setNow(now);
      await letTimeWork(world);
    },
    now: async ({ id }) => {
      const [found] = await selectSubscriptions(world.db, 'subscription.id = $1', [id]);
      if (found === undefined) throw new Error('no subscription');
      return found;
    },
    invoices: ({ id }) => selectInvoices(world.db, 'subscription_id = $1 ORDER BY id', [id]),
    accessUntil: async ({ id }) => {
      const [row] = await world.db.query<{ endsAt: Date }[]>(
        `SELECT ends_at AS "endsAt" FROM entitlement WHERE source_id = $1 AND status = 'active' ORDER BY ends_at DESC`,
        [id],
      );
      return row?.endsAt ?? null;
    },
  };
};
