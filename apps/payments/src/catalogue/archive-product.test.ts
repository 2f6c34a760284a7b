import { newId } from '@lyceum/contracts';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { aMember } from '../communities/membership.factory';
import { database } from '../database';
import { archiveProduct } from './archive-product';
import { NotCatalogueManager, ProductNotFound } from './catalogue.errors';
import { Product } from './product.entity';
import { aProduct } from './product.factory';

describe('archiveProduct', () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database });
  });
  afterAll(() => world.close());

  it('takes the product off sale, once', async () => {
    const { owner, product } = await aProduct(world);
    world.setNow('2026-05-01T00:00:00.000Z');
    const archived = await archiveProduct(world.as(owner), { productId: product.id });
    world.setNow('2026-06-01T00:00:00.000Z');
    const again = await archiveProduct(world.as(owner), { productId: product.id });

    expect(archived).toMatchObject({ archivedAt: new Date('2026-05-01T00:00:00.000Z') });
    expect(again).toEqual(archived);
    expect(await world.db.findOneBy(Product, { id: product.id })).toEqual(archived);
  });

  it('refuses everyone who does not manage the catalogue of its community', async () => {
    const { owner, product } = await aProduct(world);
    const moderator = await aMember(world.db, {
      communityId: owner.communityId,
      role: 'moderator',
    });
    const input = { productId: product.id };
    expect(await archiveProduct(world.as(moderator), input)).toEqual(new NotCatalogueManager());
    await expect(archiveProduct(world.as(null), input)).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
    expect(await world.db.findOneBy(Product, { id: product.id })).toMatchObject({
      archivedAt: null,
    });
  });

  it('finds no product behind an unknown id or what is no id', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    for (const productId of [newId<'Product'>(), 'nonsense']) {
      expect(await archiveProduct(world.as(owner), { productId })).toEqual(new ProductNotFound());
    }
  });
});
