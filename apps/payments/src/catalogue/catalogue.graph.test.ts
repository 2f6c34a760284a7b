import { newId } from '@lyceum/contracts';
import { toCursor, type Ctx } from '@lyceum/platform';
import { countStatements, testWorld, type TestWorld } from '@lyceum/testing';
import type { GraphQLSchema } from 'graphql';
import { askGraph } from '../graph/ask.factory';
import { createApp } from '../app';
import { aCommunity, aMember } from '../communities/membership.factory';
import { database } from '../database';
import { archiveProduct } from './archive-product';
import { BillingInterval, ProductKind } from './product-kind';
import { aPrice, aProduct } from './product.factory';
import { updatePrice } from './update-price';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers of the graph are read as they come */

describe('the catalogue in the graph', () => {
  let world: TestWorld;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database });
    schema = createApp().schema;
  });
  afterAll(() => world.close());

  const ask = (source: string, variables = {}, ctx: Ctx = world.as(null)) =>
    askGraph({ schema, ctx }, source, variables);

  const page = `
    query ($ref: [_Any!]!, $first: Int!, $after: String, $isArchived: Boolean! = false) {
      _entities(representations: $ref) { ... on Community { products(first: $first, after: $after, isArchived: $isArchived) {
        edges { cursor node { id title prices { interval amount { amountMinor currency } } } }
        pageInfo { hasNextPage endCursor }
      } } }
    }`;
  const products = async (communityId: string, variables: object) => {
    const ref = [{ __typename: 'Community', id: communityId }];
    const { data, codes } = await ask(page, { ref, first: 2, ...variables });
    return { list: data?._entities[0]?.products, codes };
  };

  it('shows a product to anyone, with what it cost before', async () => {
    const { owner, product } = await aProduct(world, {
      kind: ProductKind.MEMBERSHIP,
      title: '会员',
      prices: [aPrice('900', { interval: BillingInterval.YEAR }), aPrice('0')],
    });
    await updatePrice(world.as(owner), {
      productId: product.id,
      version: 1,
      prices: [aPrice('1')],
    });

    const { data, codes } = await ask(
      `query ($id: ID!) { product(id: $id) {
        id title kind isArchived archivedAt version community { id } createdBy { id }
        prices { interval amount { amountMinor currency } }
        versions(first: 5) { edges { node { number prices { interval amount { amountMinor currency } } } } }
      } }`,
      { id: product.id },
    );

    const free = { interval: 'ONE_OFF', amount: { amountMinor: '0', currency: 'CNY' } };
    const yearly = { interval: 'YEAR', amount: { amountMinor: '900', currency: 'CNY' } };
    const now = { interval: 'ONE_OFF', amount: { amountMinor: '1', currency: 'CNY' } };
    expect(codes).toBeUndefined();
    expect(data.product).toEqual({
      id: product.id,
      title: '会员',
      kind: 'MEMBERSHIP',
      isArchived: false,
      archivedAt: null,
      version: 2,
      community: { id: owner.communityId },
      createdBy: { id: owner.memberId },
      prices: [now],
      versions: {
        edges: [
          { node: { number: 2, prices: [now] } },
          { node: { number: 1, prices: [free, yearly] } },
        ],
      },
    });
  });

  it('says NOT_FOUND for an unknown id and for what is no id', async () => {
    for (const id of [newId<'Product'>(), "'; DROP TABLE price; --", '']) {
      const { codes } = await ask('query ($id: ID!) { product(id: $id) { id } }', { id });
      expect(codes).toEqual(['NOT_FOUND']);
    }
  });

  it('pages through what a community sells, newest first, each once', async () => {
    const { owner, product: first } = await aProduct(world, { title: '1' });
    for (const title of ['2', '3', '4', '5']) await aProduct(world, { owner, title });
    await archiveProduct(world.as(owner), { productId: first.id });

    const titles: string[] = [];
    let after: string | null = null;
    for (let more = true; more;) {
      const { list } = await products(owner.communityId, { after });
      titles.push(...list.edges.map((edge: any) => edge.node.title));
      more = list.pageInfo.hasNextPage;
      after = list.pageInfo.endCursor;
    }

    expect(titles).toEqual(['5', '4', '3', '2']);
    const archived = await products(owner.communityId, { isArchived: true });
    expect(archived.list.edges).toMatchObject([{ node: { title: '1' } }]);
  });

  it('asks three statements for a page, however long', async () => {
    const { owner } = await aProduct(world);
    for (let n = 0; n < 12; n += 1) await aProduct(world, { owner });
    for (const first of [2, 13]) {
      const counter = countStatements(world.deps);
      const { list } = await products(owner.communityId, { first });
      expect(counter.stop()).toHaveLength(3);
      expect(list.edges).toHaveLength(first);
    }
  });

  it('refuses cursors of other lists, made-up ones, and impossible lengths', async () => {
    const { owner, product } = await aProduct(world);
    const otherList = toCursor(`products:${newId<'Community'>()}:on-sale`, [product.id]);
    const noId = toCursor(`products:${owner.communityId}:on-sale`, ["' OR true --"]);
    for (const variables of [
      { after: otherList },
      { after: noId },
      { after: 'x' },
      { first: 0 },
      { first: 101 },
      { first: -1 },
    ]) {
      expect((await products(owner.communityId, variables)).codes).toEqual(['BAD_INPUT']);
    }
    const { codes } = await ask(
      'query ($id: ID!, $after: String) { product(id: $id) { versions(after: $after) { edges { cursor } } } }',
      { id: product.id, after: toCursor(`versions:${product.id}`, ['one']) },
    );
    expect(codes).toEqual(['BAD_INPUT']);
  });

  it('resolves references to products, and none to a community that cannot be', async () => {
    const { product } = await aProduct(world);
    const representations = [
      { __typename: 'Product', id: product.id },
      { __typename: 'Product', id: newId<'Product'>() },
      { __typename: 'Product', id: 'nonsense' },
      { __typename: 'Community', id: 'nonsense' },
    ];
    const { data } = await ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Product { title } ... on Community { id } } }',
      { r: representations },
    );
    expect(data._entities).toEqual([{ title: product.title }, null, null, null]);
  });

  it("shows a private community's products to its members only, however they are asked for", async () => {
    const communityId = await aCommunity(world.db, { visibility: 'private' });
    const owner = await aMember(world.db, { communityId, role: 'owner' });
    const member = await aMember(world.db, { communityId });
    const { product } = await aProduct(world, { owner });
    const everything = `query ($id: ID!, $r: [_Any!]!) {
      product(id: $id) { title }
      _entities(representations: $r) {
        ... on Product { title } ... on Community { products { edges { node { title } } } }
      }
    }`;
    const variables = {
      id: product.id,
      r: [
        { __typename: 'Product', id: product.id },
        { __typename: 'Community', id: communityId },
      ],
    };
    const seen = await ask(everything, variables, world.as(member));
    expect(JSON.stringify(seen).match(/Ownership/g)).toHaveLength(3);
    const other = await aMember(world.db);
    for (const actor of [null, other]) {
      const hidden = await ask(everything, variables, world.as(actor));
      expect(hidden.codes).toContain('NOT_FOUND');
      expect(JSON.stringify(hidden)).not.toContain('Ownership');
    }
  });

  const create = `
    mutation ($input: CreateProductInput!) { createProduct(input: $input) {
      __typename ... on Product { id title } ... on UserError { code message } ... on InvalidPrices { index }
    } }`;

  it('creates for an owner, and answers a refusal as data', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const input = {
      communityId: owner.communityId,
      kind: 'ARTICLE',
      title: 'Pin',
      prices: [{ amount: { amountMinor: '100', currency: 'CNY' } }],
    };
    const created = await ask(create, { input }, world.as(owner));
    expect(created.data.createProduct).toMatchObject({ __typename: 'Product', title: 'Pin' });

    const yearly = { ...input, prices: [{ ...input.prices[0], interval: 'YEAR' }] };
    const refused = await ask(create, { input: yearly }, world.as(owner));
    expect(refused.data.createProduct).toEqual({
      __typename: 'InvalidPrices',
      code: 'INVALID_PRICES',
      message: 'This kind of product is not paid for like that.',
      index: 0,
    });
  });

  it.each([
    [create, { communityId: 'x', kind: 'ARTICLE', title: 'x', prices: [] }],
    [
      'mutation ($input: UpdatePriceInput!) { updatePrice(input: $input) { __typename } }',
      { productId: 'x', version: 1, prices: [] },
    ],
    [
      'mutation ($input: ArchiveProductInput!) { archiveProduct(input: $input) { __typename } }',
      { productId: 'x' },
    ],
  ])('lets no stranger in: %s', async (mutation, input) => {
    expect((await ask(mutation, { input })).codes).toEqual(['UNAUTHENTICATED']);
  });
});
