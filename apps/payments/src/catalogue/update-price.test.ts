import { newId } from '@lyceum/contracts';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { aMember } from '../communities/membership.factory';
import { database } from '../database';
import { archiveProduct } from './archive-product';
import {
  InvalidPrices,
  NotCatalogueManager,
  ProductHasChanged,
  ProductIsArchived,
  ProductNotFound,
} from './catalogue.errors';
import { Price } from './price.entity';
import { ProductVersion } from './product-version.entity';
import { Product } from './product.entity';
import { aPrice, aProduct } from './product.factory';
import { updatePrice } from './update-price';

describe('updatePrice', () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database });
  });
  afterAll(() => world.close());

  it('sells a new version at the new prices and keeps the old one as it was', async () => {
    const { owner, product } = await aProduct(world, { prices: [aPrice('1000')] });
    world.setNow('2026-02-01T00:00:00.000Z');

    const updated = await updatePrice(world.as(owner), {
      productId: product.id,
      version: 1,
      prices: [aPrice('2000'), aPrice('300', { currency: 'USD' })],
    });

    expect(updated).toMatchObject({ id: product.id, version: 2 });
    const prices = await world.db.find(Price, {
      where: { productId: product.id },
      order: { version: 'ASC', currency: 'ASC' },
    });
    expect(prices).toMatchObject([
      { version: 1, amountMinor: 1000n, currency: 'CNY' },
      { version: 2, amountMinor: 2000n, currency: 'CNY' },
      { version: 2, amountMinor: 300n, currency: 'USD' },
    ]);
    const versions = await world.db.findBy(ProductVersion, { productId: product.id, number: 2 });
    expect(versions).toMatchObject([
      { createdById: owner.memberId, createdAt: new Date('2026-02-01T00:00:00.000Z') },
    ]);
  });

  it('makes no version of the same prices, so that a repeat is harmless', async () => {
    const { owner, product } = await aProduct(world);
    const change = { productId: product.id, version: 1, prices: [aPrice('777')] };

    await updatePrice(world.as(owner), change);
    const repeated = await updatePrice(world.as(owner), change);

    expect(repeated).toMatchObject({ version: 2 });
    expect(await world.db.countBy(ProductVersion, { productId: product.id })).toBe(2);
  });

  it('refuses a change that was decided on other prices', async () => {
    const { owner, product } = await aProduct(world);
    await updatePrice(world.as(owner), {
      productId: product.id,
      version: 1,
      prices: [aPrice('1')],
    });

    const outcome = await updatePrice(world.as(owner), {
      productId: product.id,
      version: 1,
      prices: [aPrice('2')],
    });

    expect(outcome).toEqual(new ProductHasChanged(2));
    expect(await world.db.countBy(ProductVersion, { productId: product.id })).toBe(2);
  });

  it('lets one of ten simultaneous changes through', async () => {
    const { owner, product } = await aProduct(world);

    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        updatePrice(world.as(owner), {
          productId: product.id,
          version: 1,
          prices: [aPrice(String(n + 1))],
        }),
      ),
    );

    expect(outcomes.filter((outcome) => outcome instanceof Product)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome instanceof ProductHasChanged)).toHaveLength(9);
    expect(await world.db.countBy(ProductVersion, { productId: product.id })).toBe(2);
  });

  it('refuses an archived product', async () => {
    const { owner, product } = await aProduct(world);
    await archiveProduct(world.as(owner), { productId: product.id });
    const change = { productId: product.id, version: 1, prices: [aPrice('5')] };
    expect(await updatePrice(world.as(owner), change)).toEqual(new ProductIsArchived());
  });

  it('refuses prices that are none', async () => {
    const { owner, product } = await aProduct(world);
    const change = { productId: product.id, version: 1, prices: [] };
    expect(await updatePrice(world.as(owner), change)).toBeInstanceOf(InvalidPrices);
  });

  it('refuses everyone who does not manage the catalogue of its community', async () => {
    const { owner, product } = await aProduct(world);
    const member = await aMember(world.db, { communityId: owner.communityId });
    const otherOwner = await aMember(world.db, { role: 'owner' });
    const change = { productId: product.id, version: 1, prices: [aPrice('5')] };
    for (const actor of [member, otherOwner]) {
      expect(await updatePrice(world.as(actor), change)).toEqual(new NotCatalogueManager());
    }
    await expect(updatePrice(world.as(null), change)).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
    expect(await world.db.countBy(ProductVersion, { productId: product.id })).toBe(1);
  });

  it('finds no product behind an unknown id or what is no id', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    for (const productId of [newId<'Product'>(), 'nonsense', '']) {
      const outcome = await updatePrice(world.as(owner), {
        productId,
        version: 1,
        prices: [aPrice()],
      });
      expect(outcome).toEqual(new ProductNotFound());
    }
  });

  it.each(['product_version', 'price'])(
    'refuses to change or delete a row of %s',
    async (table) => {
      const { product } = await aProduct(world);
      const where = `WHERE product_id = '${product.id}'`;
      for (const sql of [
        `UPDATE ${table} SET product_id = product_id ${where}`,
        `DELETE FROM ${table} ${where}`,
        `TRUNCATE ${table} CASCADE`,
      ]) {
        await expect(world.db.query(sql)).rejects.toMatchObject({ code: '23001' });
      }
    },
  );
});
