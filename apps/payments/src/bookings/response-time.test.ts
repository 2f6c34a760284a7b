import { newId } from '@lyceum/contracts';
import type { GraphQLSchema } from 'graphql';
import { createApp } from '../app';
import { updatePrice } from '../catalogue/update-price';
import { ProductKind } from '../catalogue/product-kind';
import { aPrice, aProduct } from '../catalogue/product.factory';
import {
  declineCommission,
  quoteCommission,
  requestCommission,
} from '../commissions/request-commission';
import { aMember } from '../communities/membership.factory';
import { askGraph } from '../graph/ask.factory';
import { paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { setConsultingHours } from './set-consulting-hours';

type Person = Awaited<ReturnType<typeof aMember>>;

const hourMs = 3_600_000;
const start = new Date('2026-01-01T00:00:00Z');

describe('what a buyer compares', () => {
  let world: PaymentsWorld;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    world = await paymentsWorld();
    schema = createApp().schema;
  });
  beforeEach(() => world.setNow(start));
  afterAll(() => world.close());

  const product = async (id: string) =>
    (
      await askGraph(
        { schema, ctx: world.as(null) },
        'query ($id: ID!) { product(id: $id) { responseTime refundPolicy { windowDays endsAccess } } }',
        { id },
      )
    ).data.product;

  const aConsultant = async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const consultant = await aMember(world.db, { communityId: owner.communityId });
    const sold = await aProduct(world, {
      ...{ owner, kind: ProductKind.CONSULTING, earnerId: consultant.memberId },
    });
    await setConsultingHours(world.as(consultant), {
      ...{ productId: sold.product.id, timeZone: 'UTC', slotMinutes: 60, noticeHours: 1 },
      ...{ windows: [{ weekday: 1, from: '09:00', until: '12:00' }], daysOff: [] },
      terms: {
        ...{ freeHours: 24, partHours: 4, partBasisPoints: 5_000 },
        ...{ absentBasisPoints: 1_000, confirmDays: 3 },
      },
    });
    return { consultant, productId: sold.product.id };
  };
  const later = (hours: number): void => {
    world.setNow(new Date(start.getTime() + hours * hourMs));
  };
  const ask = async ({ memberId, communityId }: Person, of: Partial<Person> = {}) => {
    world.setNow(start);
    const client = of.id === undefined ? await aMember(world.db, { communityId }) : (of as Person);
    const commission = await requestCommission(world.as(client), {
      ...{ communityId, creatorId: memberId, title: 'A cover', brief: 'With a crab.' },
      idempotencyKey: newId(),
    });
    return { client, commissionId: (commission as { id: string }).id };
  };
  const quote = (consultant: Person, commissionId: string) =>
    quoteCommission(world.as(consultant), {
      ...{ commissionId, deliverDays: 1, acceptDays: 1, revisions: 0, keptBasisPoints: 0 },
      amount: { amountMinor: '1000', currency: 'CNY' },
    });
  const decline = (by: Person, commissionId: string) =>
    declineCommission(world.as(by), { commissionId });

  it('is the median time to a first answer, of five clients or more', async () => {
    const { consultant, productId } = await aConsultant();
    const { client } = await ask(consultant);
    for (const hours of [1, 2, 3]) {
      const { commissionId } = await ask(consultant, hours === 1 ? client : {});
      later(hours);
      await quote(consultant, commissionId);
      later(hours + 100);
      await quote(consultant, commissionId); // a second quote is no answer
    }
    const { commissionId } = await ask(consultant, client);
    later(10);
    await decline(consultant, commissionId);
    const fourth = await ask(consultant);
    later(20);
    await quote(consultant, fourth.commissionId);
    const withdrawn = await ask(consultant);
    await decline(withdrawn.client, withdrawn.commissionId);
    later(24);
    expect((await product(productId)).responseTime).toBeNull(); // five answers, four clients

    const fifth = await ask(consultant);
    later(30);
    await decline(consultant, fifth.commissionId);
    expect((await product(productId)).responseTime).toBe((3 + 10) / 2);

    later(30 * 24); // the first request was never answered
    expect((await product(productId)).responseTime).toBe(10);
    later(366 * 24);
    expect((await product(productId)).responseTime).toBeNull();
  });

  it('is nothing of products that are not of a consultant', async () => {
    const { product: other } = await aProduct(world);
    expect((await product(other.id)).responseTime).toBeNull();
  });

  it('has the terms of giving back that a buyer has now', async () => {
    const { owner, product: sold } = await aProduct(world, {
      refundPolicy: { windowDays: 3, endsAccess: false },
    });
    expect((await product(sold.id)).refundPolicy).toEqual({ windowDays: 3, endsAccess: false });
    await updatePrice(world.as(owner), {
      ...{ productId: sold.id, version: 1, prices: [aPrice('1')] },
      refundPolicy: { windowDays: 30, endsAccess: true },
    });
    expect((await product(sold.id)).refundPolicy).toEqual({ windowDays: 30, endsAccess: true });
  });
});
