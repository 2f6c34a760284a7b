import { newId, type CommunityId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { useCase, type Ctx } from '@lyceum/platform';
import { testWorld, type TestWorld } from '@lyceum/testing';
import type { GraphQLSchema } from 'graphql';
import { askGraph } from '../graph/ask.factory';
import { createApp } from '../app';
import { NotCatalogueManager, ProductNotFound } from '../catalogue/catalogue.errors';
import { aProduct } from '../catalogue/product.factory';
import { aCommunity, aMember } from '../communities/membership.factory';
import { database } from '../database';
import { balanceOf, openAccount } from '../ledger/accounts';
import { postTransfers } from '../ledger/post-transfers';
import {
  InvalidSplit,
  proposeSplit,
  SplitHasChanged,
  type ProposeSplitInput,
} from './propose-split';
import { shareEntries } from './share-entries';
import { SplitParty, splitOf } from './split-of';
import { IncomeStream, SplitTable } from './split-table.entity';
import { splitInForce } from './split.queries';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers of the graph are read as they come */

const cny = 'CNY' as Currency;
const half = [
  { party: SplitParty.CREATOR, basisPoints: 5_000 },
  { party: SplitParty.PLATFORM, basisPoints: 5_000 },
];

describe('split tables', () => {
  let world: TestWorld;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database, now: '2026-03-01T00:00:00.000Z' });
    schema = createApp().schema;
  });
  beforeEach(() => {
    world.setNow('2026-03-01T00:00:00.000Z');
  });
  afterAll(() => world.close());

  const proposal = (
    communityId: CommunityId,
    input: Partial<ProposeSplitInput> = {},
  ): ProposeSplitInput => ({
    communityId,
    stream: IncomeStream.SALES,
    version: 0,
    shares: half,
    ...input,
  });
  const inForce = (communityId: CommunityId, productId: any = null, at = '2026-03-01') =>
    splitInForce(
      world.db,
      { communityId, productId, stream: IncomeStream.SALES },
      new Date(`${at}T00:00:00.000Z`),
    );

  it("divides by the platform's table until a community has one, by that until a product has one", async () => {
    const { owner, product } = await aProduct(world);
    const { communityId } = owner;
    expect(await inForce(communityId, product.id)).toMatchObject({ communityId: null, version: 1 });

    await proposeSplit(world.as(owner), proposal(communityId));
    expect(await inForce(communityId, product.id)).toMatchObject({ communityId, productId: null });

    await proposeSplit(world.as(owner), proposal(communityId, { productId: product.id }));
    expect(await inForce(communityId, product.id)).toMatchObject({ productId: product.id });
    expect(await inForce(communityId)).toMatchObject({ communityId, productId: null });
    expect(await inForce(await aCommunity(world.db))).toMatchObject({ communityId: null });
  });

  it('divides by a later version when its time has come, and by the one before until then', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const { communityId } = owner;
    await proposeSplit(world.as(owner), proposal(communityId));
    const effectiveAt = new Date('2026-04-01T00:00:00.000Z');
    await proposeSplit(world.as(owner), proposal(communityId, { version: 1, effectiveAt }));

    expect(await inForce(communityId, null, '2026-03-31')).toMatchObject({ version: 1 });
    expect(await inForce(communityId, null, '2026-04-01')).toMatchObject({ version: 2 });
  });

  it('lets one of ten simultaneous proposals through', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => proposeSplit(world.as(owner), proposal(owner.communityId))),
    );
    expect(outcomes.filter((outcome) => outcome instanceof SplitTable)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome instanceof SplitHasChanged)).toHaveLength(9);
  });

  it('refuses a table that does not divide everything among members, once each', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const stranger = await aMember(world.db);
    const { CREATOR, MEMBER, PLATFORM } = SplitParty;
    for (const shares of [
      [],
      [{ party: CREATOR, basisPoints: 9_999 }],
      [{ party: CREATOR, basisPoints: 10_001 }],
      [
        { party: CREATOR, basisPoints: 10_000 },
        { party: PLATFORM, basisPoints: 0 },
      ],
      [
        { party: CREATOR, basisPoints: 10_001 },
        { party: PLATFORM, basisPoints: -1 },
      ],
      [
        { party: CREATOR, basisPoints: 5_000 },
        { party: CREATOR, basisPoints: 5_000 },
      ],
      [{ party: MEMBER, basisPoints: 10_000 }],
      [{ party: MEMBER, memberId: stranger.memberId, basisPoints: 10_000 }],
      [{ party: MEMBER, memberId: 'nonsense', basisPoints: 10_000 }],
      [{ party: CREATOR, memberId: owner.memberId, basisPoints: 10_000 }],
    ]) {
      const outcome = await proposeSplit(world.as(owner), proposal(owner.communityId, { shares }));
      expect(outcome).toBeInstanceOf(InvalidSplit);
    }
    const past = proposal(owner.communityId, { effectiveAt: new Date('2026-02-28') });
    expect(await proposeSplit(world.as(owner), past)).toBeInstanceOf(InvalidSplit);
  });

  it('refuses everyone who does not manage the catalogue, and products of elsewhere', async () => {
    const { owner, product } = await aProduct(world);
    const other = await aMember(world.db, { role: 'owner' });
    const moderator = await aMember(world.db, {
      communityId: owner.communityId,
      role: 'moderator',
    });
    for (const actor of [other, moderator]) {
      expect(await proposeSplit(world.as(actor), proposal(owner.communityId))).toEqual(
        new NotCatalogueManager(),
      );
    }
    for (const productId of [product.id, newId<'Product'>(), 'nonsense']) {
      expect(
        await proposeSplit(world.as(other), proposal(other.communityId, { productId })),
      ).toEqual(new ProductNotFound());
    }
  });

  it('never changes a version', async () => {
    for (const sql of ['UPDATE split_table SET version = 9', 'DELETE FROM split_table']) {
      await expect(world.db.query(sql)).rejects.toMatchObject({ code: '23001' });
    }
  });

  it('becomes entries that sum to the net, one for each who gets something', async () => {
    const [creator, community] = [newId<'Member'>(), await aCommunity(world.db)];
    const outside = { code: 'provider-clearing', ownerId: null, currency: cny } as const;
    const postSale = useCase(async (tx, net: bigint) => {
      const shares = splitOf(await inForce(community), money(net, cny), {
        creatorId: creator,
        referrerId: null,
      });
      const entries = await shareEntries(tx, shares);
      const clearing = await openAccount(tx.db, outside);
      const out = { accountId: clearing, amount: money(-net, cny) };
      await postTransfers(tx, [
        { idempotencyKey: newId<'Order'>(), kind: 'purchase', entries: [out, ...entries] },
      ]);
    });
    await postSale(world.as(null), 1_005n);
    await postSale(world.as(null), 1n); // all of it the creator's: no entry of zero

    const earnings = { code: 'creator-earnings', ownerId: creator, currency: cny } as const;
    const balance = await balanceOf(world.db, await openAccount(world.db, earnings));
    expect(balance.amountMinor).toBe(905n + 1n);
  });

  const ask = (source: string, variables: object, ctx: Ctx) =>
    askGraph({ schema, ctx }, source, variables);
  const read = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Community {
    splitTable { version stream effectiveAt community { id } createdBy { id } shares { party basisPoints member { id } } }
    splitTables(first: 1) { edges { node { version } } pageInfo { hasNextPage } }
    tips: splitTable(stream: TIPS) { shares { basisPoints } }
  } } }`;

  it('is read and proposed in the graph', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const propose = `mutation ($input: ProposeSplitInput!) { proposeSplit(input: $input) {
      __typename ... on SplitTable { version } ... on UserError { code } } }`;
    const shares = [
      { party: 'MEMBER', memberId: owner.memberId, basisPoints: 4_000 },
      { party: 'CREATOR', basisPoints: 6_000 },
    ];
    for (const version of [0, 1]) {
      const input = { communityId: owner.communityId, version, shares };
      const proposed = await ask(propose, { input }, world.as(owner));
      expect(proposed.data.proposeSplit).toEqual({
        __typename: 'SplitTable',
        version: version + 1,
      });
    }
    const r = [{ __typename: 'Community', id: owner.communityId }];
    const { data } = await ask(read, { r }, world.as(null));
    expect(data._entities[0]).toEqual({
      splitTable: {
        version: 2,
        stream: 'SALES',
        effectiveAt: '2026-03-01T00:00:00.000Z',
        community: { id: owner.communityId },
        createdBy: { id: owner.memberId },
        shares: [
          { party: 'MEMBER', basisPoints: 4_000, member: { id: owner.memberId } },
          { party: 'CREATOR', basisPoints: 6_000, member: null },
        ],
      },
      splitTables: { edges: [{ node: { version: 2 } }], pageInfo: { hasNextPage: true } },
      tips: { shares: [{ basisPoints: 9_500 }, { basisPoints: 500 }] },
    });
    const input = { communityId: owner.communityId, version: 2, shares };
    expect((await ask(propose, { input }, world.as(null))).codes).toEqual(['UNAUTHENTICATED']);
  });

  it("does not tell strangers of a private community's split", async () => {
    const communityId = await aCommunity(world.db, { visibility: 'private' });
    const member = await aMember(world.db, { communityId });
    const r = [{ __typename: 'Community', id: communityId }];
    expect((await ask(read, { r }, world.as(null))).data._entities[0].splitTable).toBeNull();
    const seen = await ask(read, { r }, world.as(member));
    expect(seen.data._entities[0].splitTable).not.toBeNull();
  });
});
