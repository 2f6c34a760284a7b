import { newId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { useCase, type Ctx } from '@lyceum/platform';
import { countStatements, testWorld, type TestWorld } from '@lyceum/testing';
import type { GraphQLSchema } from 'graphql';
import { askGraph } from '../graph/ask.factory';
import { createApp } from '../app';
import { NotCatalogueManager, ProductNotFound } from '../catalogue/catalogue.errors';
import { aProduct } from '../catalogue/product.factory';
import { aMember } from '../communities/membership.factory';
import { database } from '../database';
import { CostCategory, ProductCost } from './product-cost.entity';
import { CostIsVoid, CostNotFound, InvalidCost, recordCost, voidCost } from './record-cost';
import { recordRevenue, type RevenueChange } from './record-revenue';

const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);
const earn = useCase((tx, changes: readonly RevenueChange[]) => recordRevenue(tx, changes));

describe('cost and return of a product', () => {
  let world: TestWorld;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database, now: '2026-03-01T00:00:00.000Z' });
    schema = createApp().schema;
  });
  afterAll(() => world.close());

  const cost = (productId: string, amountMinor = '5000', options: object = {}) => ({
    productId,
    category: CostCategory.PRODUCTION,
    amount: { amountMinor, currency: 'CNY' },
    incurredOn: '2026-02-01',
    idempotencyKey: newId<'Order'>(),
    ...options,
  });
  const figures = async (contextValue: Ctx, productIds: readonly string[], args = '') => {
    const representations = productIds.map((id) => ({ __typename: 'Product', id }));
    const { data, codes } = await askGraph(
      { schema, ctx: contextValue },
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product {
        costAndReturn(currency: "CNY" ${args}) {
          sales { amountMinor } returned { amountMinor } revenue { amountMinor } cost { amountMinor currency }
          costs { category amount { amountMinor } } revenueToCost roi
        } costs { edges { node { category amount { amountMinor } voidsId } } }
      } } }`,
      { representations },
    );
    return { all: data?._entities, codes };
  };

  it('gives the vectors of P13: 100 × 1000 for 5000 + 2000 + 3000 is 10 times, a return of 9', async () => {
    const { owner, product } = await aProduct(world);
    const ctx = world.as(owner);
    const productId = product.id;
    await recordCost(ctx, cost(productId, '5000'));
    await recordCost(ctx, cost(productId, '2000', { category: CostCategory.OPERATIONS }));
    await recordCost(ctx, cost(productId, '3000', { category: CostCategory.PROMOTION }));
    const sale = (sourceId: string): RevenueChange => ({
      productId,
      sourceId,
      kind: 'sale',
      amount: cny(1000n),
      at: new Date('2026-02-10T00:00:00.000Z'),
    });
    const orders = Array.from({ length: 100 }, () => sale(newId<'Order'>()));
    await earn(ctx, orders);
    await earn(ctx, orders); // told again
    const before = (await figures(world.as(owner), [productId])).all[0].costAndReturn;
    expect(before).toMatchObject({
      revenue: { amountMinor: '100000' },
      cost: { amountMinor: '10000' },
      revenueToCost: 10,
      roi: 9,
    });

    const at = new Date('2026-02-20T00:00:00.000Z');
    const sourceId = newId<'Order'>();
    await earn(ctx, [{ productId, sourceId, kind: 'refund', amount: cny(20_000n), at }]);
    const after = (await figures(world.as(owner), [productId])).all[0].costAndReturn;
    expect(after).toMatchObject({
      sales: { amountMinor: '100000' },
      returned: { amountMinor: '20000' },
      revenue: { amountMinor: '80000' },
      revenueToCost: 8,
      roi: 7,
    });
    const early = await figures(
      world.as(owner),
      [productId],
      'from: "2026-02-01", to: "2026-02-10"',
    );
    expect(early.all[0].costAndReturn).toMatchObject({ revenueToCost: 10 });
    const none = await figures(world.as(owner), [productId], 'from: "2026-02-02"');
    expect(none.all[0].costAndReturn).toMatchObject({ revenueToCost: null, roi: null });
  });

  it('takes a cost back once, by its mirror image', async () => {
    const { owner, product } = await aProduct(world);
    const ctx = world.as(owner);
    const recorded = (await recordCost(ctx, cost(product.id))) as ProductCost;
    const mirror = (await voidCost(ctx, { costId: recorded.id })) as ProductCost;
    expect(mirror).toMatchObject({ amountMinor: -5000n, voidsId: recorded.id });
    expect(await voidCost(ctx, { costId: recorded.id })).toEqual(new CostIsVoid());
    expect(await voidCost(ctx, { costId: mirror.id })).toEqual(new CostIsVoid());
    expect(await voidCost(ctx, { costId: newId<'ProductCost'>() })).toEqual(new CostNotFound());
    const { all } = await figures(world.as(owner), [product.id]);
    expect(all[0].costAndReturn).toMatchObject({ cost: { amountMinor: '0' }, roi: null });
    expect(all[0].costs.edges).toHaveLength(2);
  });

  it('records a key once, and what is no cost not at all', async () => {
    const { owner, product } = await aProduct(world);
    const ctx = world.as(owner);
    const input = cost(product.id);
    const first = await recordCost(ctx, input);
    expect(await recordCost(ctx, input)).toEqual(first);
    for (const bad of [
      cost(product.id, '0'),
      cost(product.id, '-5'),
      cost(product.id, '1.5'),
      cost(product.id, '9'.repeat(20)),
      cost(product.id, '5', { incurredOn: '2026-02-30' }),
      cost(product.id, '5', { incurredOn: 'today' }),
      cost(product.id, '5', { idempotencyKey: '' }),
      cost(product.id, '5', { note: 'x'.repeat(501) }),
    ]) {
      expect(await recordCost(ctx, bad)).toBeInstanceOf(InvalidCost);
    }
    expect(await world.db.countBy(ProductCost, { productId: product.id })).toBe(1);
  });

  it('is for who sells it alone', async () => {
    const { owner, product } = await aProduct(world);
    const member = await aMember(world.db, { communityId: owner.communityId });
    expect(await recordCost(world.as(member), cost(product.id))).toEqual(new NotCatalogueManager());
    expect(await recordCost(world.as(owner), cost('nonsense'))).toEqual(new ProductNotFound());
    const recorded = (await recordCost(world.as(owner), cost(product.id))) as ProductCost;
    expect(await voidCost(world.as(member), { costId: recorded.id })).toEqual(
      new NotCatalogueManager(),
    );
    expect((await figures(world.as(member), [product.id])).codes).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
    ]);
    expect((await figures(world.as(null), [product.id])).codes).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ]);
    const wrong = await figures(world.as(owner), [product.id], 'from: "yesterday"');
    expect(wrong.codes).toEqual(['BAD_INPUT']);
  });

  it('asks for the figures of many products at once', async () => {
    const { owner, product } = await aProduct(world);
    const more = await Promise.all([1, 2, 3].map(() => aProduct(world, { owner })));
    const counter = countStatements(world.deps);
    await figures(world.as(owner), [product.id, ...more.map(({ product: { id } }) => id)]);
    const asked = counter.stop().filter((sql) => sql.includes('costs.figures'));
    expect(asked).toHaveLength(1);
  });
});
