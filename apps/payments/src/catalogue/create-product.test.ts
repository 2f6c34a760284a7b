import { newId } from '@lyceum/contracts';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { aMember } from '../communities/membership.factory';
import { database } from '../database';
import { InvalidPrices, InvalidTitle, NotCatalogueManager } from './catalogue.errors';
import { createProduct, type CreateProductInput } from './create-product';
import { Price } from './price.entity';
import { BillingInterval, ProductKind } from './product-kind';
import { ProductVersion } from './product-version.entity';
import { aPrice } from './product.factory';
import { Product } from './product.entity';

describe('createProduct', () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database, now: '2026-03-01T12:00:00.000Z' });
  });
  afterAll(() => world.close());

  const course = (communityId: string, rest: Partial<CreateProductInput> = {}) => ({
    communityId,
    kind: ProductKind.COURSE,
    title: 'Lifetimes',
    prices: [aPrice()],
    ...rest,
  });

  it.each(['owner', 'admin'] as const)('puts a product on sale for an %s', async (role) => {
    const actor = await aMember(world.db, { role });

    const product = await createProduct(world.as(actor), course(actor.communityId));

    expect(product).toBeInstanceOf(Product);
    expect(await world.db.findBy(Product, { communityId: actor.communityId })).toEqual([
      {
        id: (product as Product).id,
        communityId: actor.communityId,
        createdById: actor.memberId,
        earnerId: null,
        kind: ProductKind.COURSE,
        title: 'Lifetimes',
        version: 1,
        createdAt: new Date('2026-03-01T12:00:00.000Z'),
        archivedAt: null,
      },
    ]);
    const { id: productId } = product as Product;
    expect(await world.db.findBy(ProductVersion, { productId })).toMatchObject([
      { number: 1, createdById: actor.memberId },
    ]);
    expect(await world.db.findBy(Price, { productId })).toMatchObject([
      { version: 1, amountMinor: 1234n, currency: 'CNY', interval: BillingInterval.ONE_OFF },
    ]);
  });

  it('sells for nothing, in several currencies, by the month and for life', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const prices = [
      aPrice('0'),
      aPrice('500', { interval: BillingInterval.MONTH }),
      aPrice('700', { interval: BillingInterval.MONTH, currency: 'JPY' }),
      aPrice('999999999999', { interval: BillingInterval.YEAR, currency: 'KWD' }),
    ];

    const product = await createProduct(
      world.as(owner),
      course(owner.communityId, { kind: ProductKind.MEMBERSHIP, prices }),
    );

    const written = await world.db.findBy(Price, { productId: (product as Product).id });
    expect(written.map(({ amountMinor }) => amountMinor).sort()).toEqual([
      0n,
      500n,
      700n,
      999_999_999_999n,
    ]);
  });

  it.each([
    { role: 'moderator', status: 'active' },
    { role: 'member', status: 'active' },
    { role: 'owner', status: 'left' },
    { role: 'admin', status: 'banned' },
  ] as const)('refuses a $status $role', async (membership) => {
    const actor = await aMember(world.db, membership);
    const outcome = await createProduct(world.as(actor), course(actor.communityId));
    expect(outcome).toEqual(new NotCatalogueManager());
    expect(await world.db.countBy(Product, { communityId: actor.communityId })).toBe(0);
  });

  it("refuses another community's owner, an unknown community and what is no id", async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const other = await aMember(world.db, { role: 'owner' });
    for (const communityId of [other.communityId, newId<'Community'>(), "' OR 1=1"]) {
      const outcome = await createProduct(world.as(owner), course(communityId));
      expect(outcome).toEqual(new NotCatalogueManager());
    }
  });

  it('refuses a stranger', async () => {
    const { communityId } = await aMember(world.db, { role: 'owner' });
    await expect(createProduct(world.as(null), course(communityId))).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it.each(['', '   ', '\n\t', 'x'.repeat(201), '🦀'.repeat(201)])(
    'refuses the title %j',
    async (title) => {
      const owner = await aMember(world.db, { role: 'owner' });
      const outcome = await createProduct(world.as(owner), course(owner.communityId, { title }));
      expect(outcome).toEqual(new InvalidTitle());
    },
  );

  it('keeps a title of 200 characters beyond the basic plane, tidied', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const title = `  ${'🦀'.repeat(99)} \n ${'知'.repeat(100)} `;
    const outcome = await createProduct(world.as(owner), course(owner.communityId, { title }));
    expect((outcome as Product).title).toBe(`${'🦀'.repeat(99)} ${'知'.repeat(100)}`);
  });

  it('refuses a price list that is none, and writes nothing', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const prices = [aPrice(), aPrice('-1', { currency: 'USD' })];
    const outcome = await createProduct(world.as(owner), course(owner.communityId, { prices }));
    expect(outcome).toBeInstanceOf(InvalidPrices);
    expect(outcome).toMatchObject({ index: 1 });
    expect(await world.db.countBy(Product, { communityId: owner.communityId })).toBe(0);
  });
});
