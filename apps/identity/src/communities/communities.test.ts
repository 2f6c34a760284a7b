import { emitted } from '@lyceum/testing';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';

const createMutation = `mutation ($input: CreateCommunityInput!) {
  createCommunity(input: $input) {
    __typename
    ... on Community {
      id slug name description timeZone currency locale visibility memberCount createdAt
      viewerMember { role handle } members { edges { node { handle role status joinedAt } } }
    }
    ... on UserError { code message }
  }
}`;
const updateMutation = `mutation ($input: UpdateCommunityInput!) {
  updateCommunity(input: $input) {
    __typename
    ... on Community { slug name description currency locale }
    ... on UserError { code message }
  }
}`;

interface Page {
  communities: {
    edges: { node: { slug: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
}

describe('communities', () => {
  let world: IdentityWorld;
  let owner: Person;
  beforeAll(async () => {
    world = await identityWorld();
  });
  beforeEach(async () => {
    await world.db.query('TRUNCATE account, community, outbox CASCADE');
    owner = await world.person();
  });
  afterAll(() => world.close());

  const create = (input: Record<string, unknown>, who: Person | null = owner) =>
    world.ask<{ createCommunity: { id: string } }>(
      createMutation,
      { input: { slug: 'rust', name: 'Rust', ...input } },
      who,
    );

  describe('createCommunity', () => {
    it('founds a community with its creator as owner, and tells it', async () => {
      const { data } = await create({
        name: ' Rust 学习 ',
        description: 'Lines\nof <text>',
        timeZone: 'asia/shanghai',
        currency: 'CNY',
        locale: 'zh-cn',
        rulePreset: 'STACK_EXCHANGE',
      });
      expect(data.createCommunity).toMatchObject({
        slug: 'rust',
        name: 'Rust 学习',
        description: 'Lines\nof <text>',
        timeZone: 'Asia/Shanghai',
        currency: 'CNY',
        locale: 'zh-CN',
        visibility: 'PUBLIC',
        memberCount: 1,
        createdAt: '2026-01-01T00:00:00.000Z',
        viewerMember: { role: 'OWNER', handle: owner.handle },
        members: { edges: [{ node: { handle: owner.handle, role: 'OWNER', status: 'ACTIVE' } }] },
      });
      const communityId = data.createCommunity.id;
      expect(await emitted(world.db)).toMatchObject([
        {
          type: 'identity.community.created.v1',
          payload: {
            communityId,
            slug: 'rust',
            name: 'Rust 学习',
            timeZone: 'Asia/Shanghai',
            visibility: 'public',
            rules: { preset: 'stack-exchange', parameters: {} },
          },
        },
        { type: 'identity.member.joined.v1', payload: { communityId, accountId: owner.id } },
        {
          type: 'identity.membership.changed.v1',
          payload: {
            communityId,
            accountId: owner.id,
            role: 'owner',
            status: 'active',
            version: 1,
          },
        },
      ]);
    });

    it('refuses a slug that is taken, and changes nothing', async () => {
      await create({});
      const before = await emitted(world.db);
      const { data } = await create({ name: 'Another' });
      expect(data.createCommunity).toMatchObject({ __typename: 'SlugTaken', code: 'SLUG_TAKEN' });
      expect(await emitted(world.db)).toEqual(before);
    });

    it.each([
      ['slug', 'a'],
      ['slug', 'Rust'],
      ['slug', 'a'.repeat(51)],
      ['name', ''],
      ['name', 'x'.repeat(201)],
      ['description', 'x'.repeat(2001)],
      ['timeZone', 'Mars/Olympus'],
      ['timeZone', '+08:00'],
      ['currency', 'XXQ'],
      ['currency', 'usd'],
      ['locale', 'not a locale'],
    ])('answers BAD_INPUT to a %s of %j', async (field, value) => {
      const { codes, errors } = await create({ [field]: value });
      expect(codes).toEqual(['BAD_INPUT']);
      expect(errors[0]?.extensions['field']).toBe(field);
      expect(await emitted(world.db)).toEqual([]);
    });

    it('counts characters, not bytes or halves of them', async () => {
      const { data } = await create({ name: '😀'.repeat(200) });
      expect(data.createCommunity).toMatchObject({ __typename: 'Community' });
    });

    it('is for who is logged in', async () => {
      expect((await create({}, null)).codes).toEqual(['UNAUTHENTICATED']);
    });
  });

  describe('updateCommunity', () => {
    it('changes what is given and leaves the rest', async () => {
      const { id } = await world.community(owner, { name: 'Old', description: 'Kept' });
      const { data } = await world.ask(
        updateMutation,
        { input: { communityId: id, name: 'New' } },
        owner,
      );
      expect(data.updateCommunity).toMatchObject({ name: 'New', description: 'Kept' });
      const read = await world.ask('query ($id: ID!) { community(id: $id) { name } }', { id });
      expect(read.data).toEqual({ community: { name: 'New' } });
    });

    it('does not find what is not there, or hidden', async () => {
      const { id } = await world.community(owner, { visibility: 'PRIVATE' });
      const stranger = await world.person();
      for (const communityId of [id, 'nonsense', '00000000-0000-7000-8000-000000000000']) {
        const { data } = await world.ask(updateMutation, { input: { communityId } }, stranger);
        expect(data.updateCommunity).toMatchObject({ code: 'COMMUNITY_NOT_FOUND' });
      }
    });
  });

  describe('community', () => {
    it('is found by id and by slug', async () => {
      const { id, slug } = await world.community(owner);
      const { data } = await world.ask(
        'query ($id: ID, $slug: String) { byId: community(id: $id) { slug } bySlug: community(slug: $slug) { id } }',
        { id, slug },
      );
      expect(data).toEqual({ byId: { slug }, bySlug: { id } });
    });

    it('is null for what is not there', async () => {
      const { data, codes } = await world.ask(
        '{ a: community(id: "x") { id } b: community(slug: "nope") { id } c: community { id } }',
      );
      expect({ data, codes }).toEqual({ data: { a: null, b: null, c: null }, codes: [] });
    });
  });

  describe('communities', () => {
    const list = async (args: string, who: Person | null = null): Promise<string[]> => {
      const { data } = await world.ask<Page>(
        `{ communities(${args}) { edges { node { slug } } } }`,
        {},
        who,
      );
      return data.communities.edges.map(({ node }) => node.slug);
    };

    it('has the largest first, page by page, each one once', async () => {
      const slugs: string[] = [];
      for (let size = 0; size < 7; size += 1) {
        const { id, slug } = await world.community(owner);
        if (size % 2 === 0) await world.member(await world.person(), id);
        slugs.push(slug);
      }
      const nextPage = (after: string | null) =>
        world.ask<Page>(
          `query ($after: String) { communities(first: 3, after: $after) {
             edges { node { slug memberCount } } pageInfo { hasNextPage endCursor } } }`,
          { after },
        );
      const seen: string[] = [];
      for (let after: string | null = null, more = true; more;) {
        const { communities }: Page = (await nextPage(after)).data;
        seen.push(...communities.edges.map(({ node }) => node.slug));
        after = communities.pageInfo.endCursor;
        more = communities.pageInfo.hasNextPage;
      }
      expect(seen.toSorted()).toEqual(slugs.toSorted());
      expect(seen.slice(0, 4).every((slug) => slugs.indexOf(slug) % 2 === 0)).toBe(true);
    });

    it('finds text in name, slug and description, taking % and _ for what they are', async () => {
      await world.community(owner, { slug: 'hundred', name: '100% Rust' });
      await world.community(owner, {
        slug: 'plain',
        name: 'Plain',
        description: 'about rust_lang',
      });
      expect(await list('search: "RUST"')).toHaveLength(2);
      expect(await list('search: "0%"')).toEqual(['hundred']);
      expect(await list('search: "_"')).toEqual(['plain']);
      expect(await list(String.raw`search: "\\"`)).toEqual([]);
    });

    it.each([
      ['first: 0', 'first'],
      ['first: 101', 'first'],
      ['first: 100000', 'first'],
      ['after: "nonsense"', 'after'],
      [`after: "${Buffer.from('["communities","x","y"]').toString('base64url')}"`, 'after'],
      [`after: "${Buffer.from('["community.members",1,"y"]').toString('base64url')}"`, 'after'],
      [
        `after: "${Buffer.from('["communities",99999999999,"00000000-0000-7000-8000-000000000000"]').toString('base64url')}"`,
        'after',
      ],
    ])('answers BAD_INPUT to %s', async (args) => {
      expect((await world.ask(`{ communities(${args}) { edges { cursor } } }`)).codes).toEqual([
        'BAD_INPUT',
      ]);
    });
  });
});
