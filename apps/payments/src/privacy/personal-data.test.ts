import { newId } from '@lyceum/contracts';
import { erasePerson, inTransaction, personalPage, serviceContext } from '@lyceum/platform';
import {
  aPerson,
  findMarkers,
  plantMarkers,
  testWorld,
  undeclaredTables,
  type TestWorld,
} from '@lyceum/testing';
import { database } from '../database';
import { notPersonal, personalTables } from './personal-data';

describe('what payments holds about a person', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await testWorld({ app: 'payments', database });
  });
  afterEach(() => world.close());

  const person = aPerson();

  it('is declared, table by table', async () => {
    expect(await undeclaredTables(world.db, personalTables)).toEqual(notPersonal);
  });

  it('is all in the export, but secrets, and of nobody else', async () => {
    const { markers } = await plant();
    const read = async (of: typeof person): Promise<string> => {
      const pages = [];
      for (const table of personalTables)
        pages.push(await personalPage(world.db, table, { person: of, after: null }));
      return JSON.stringify(pages);
    };
    const text = await read(person);
    const secrets = markers.filter((marker) =>
      /-(request_hash|code_hash|secret|token|fingerprint|customer_key|viewer)-end/.test(marker),
    );
    expect(markers.filter((marker) => !text.includes(marker))).toEqual(secrets);
    expect(await read(aPerson())).not.toContain('marker-');
  });

  it('is nowhere after erasure, but where it is declared to stay; twice is once', async () => {
    const { cleared } = await plant();
    const erase = () =>
      inTransaction(serviceContext(world.deps, 'test'), (tx) =>
        erasePerson(tx.db, personalTables, person),
      );
    await erase();
    const left = (await findMarkers(world.db)).filter((found) => cleared(found));
    expect(left).toEqual([]);
    await erase();
  });

  /** An order of the person, and all that hangs on it. */
  const plant = async () => {
    const [order, payment, refund, subscription] = [newId(), newId(), newId(), newId()];
    const markers = await plantMarkers(world.deps.dataSource, personalTables, {
      person,
      fixed: {
        sales_order: { id: order },
        order_line: { order_id: order },
        order_credit: { order_id: order },
        payment: { id: payment, order_id: order },
        refund: { id: refund, order_id: order },
        dispute: { order_id: order },
        coupon_use: { order_id: order },
        consulting_hours: { days_off: [] },
        subscription: { id: subscription },
        subscription_invoice: { subscription_id: subscription },
        trial_use: { subscription_id: subscription },
        provider_webhook: {
          notice: JSON.stringify({ kind: 'payment-settled', paymentId: payment }),
        },
      },
    });
    const kept = personalTables
      .filter(({ onErasure }) => onErasure.kind === 'keep')
      .map(({ table }) => table);
    /** Not a name by which a provider or the books know a thing. */
    const cleared = (found: string): boolean =>
      // A provider's token, without whose it was, until the provider has forgotten it as well.
      !found.startsWith('payment_method_removal') &&
      !kept.includes(found.split(':')[0] ?? '') &&
      !/-(status|provider|currency|fee_currency|fee_currency|content_type|provider_ref|charge_ref|event_id|type|taken|origin|outcome)-end/.test(
        found,
      );
    return { markers, cleared };
  };
});
