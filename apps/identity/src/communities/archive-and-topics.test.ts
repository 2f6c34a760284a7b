import type { CommunityId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';

describe('communities', () => {
  let world: IdentityWorld;
  let owner: Person;
  let communityId: CommunityId;
  beforeEach(async () => {
    world = await identityWorld();
    owner = await world.person();
    ({ id: communityId } = await world.community(owner));
    await world.db.query('TRUNCATE outbox');
  });
  afterEach(() => world.close());

  type Outcome = Record<string, unknown>;
  const run = async (name: string, input: object, who = owner): Promise<Outcome> => {
    const type = /archive|restore/.test(name)
      ? 'ArchiveCommunityInput'
      : `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const fields =
      name === 'joinCommunity' ? '' : '... on Community { archivedAt topics { path } }';
    const { data, codes } = await world.ask<Record<string, Outcome | undefined>>(
      `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ... on UserError { code } ${fields} } }`,
      { input: { communityId, ...input } },
      who,
    );
    return data[name] ?? { code: codes[0] };
  };
  const listed = async (args: string) => {
    const { data, codes } = await world.ask<{
      communities?: { edges: { node: { id: string } }[] };
    }>(`{ communities(${args}) { edges { node { id } } } }`);
    return data.communities?.edges.map(({ node }) => node.id) ?? codes;
  };

  describe('in the archive', () => {
    it('are told of once, joined by nobody, and not on lists; and come back', async () => {
      for (const _ of [1, 2])
        expect(await run('archiveCommunity', { reason: 'It is over' })).toMatchObject({
          archivedAt: '2026-01-01T00:00:00.000Z',
        });
      expect(await run('joinCommunity', {}, await world.person())).toMatchObject({
        code: 'COMMUNITY_IN_ARCHIVE',
      });
      expect(await listed('first: 10')).toEqual([]);
      expect(await run('restoreCommunity', {})).toMatchObject({ archivedAt: null });
      expect(await run('joinCommunity', {}, await world.person())).toMatchObject({
        __typename: 'Member',
      });
      expect(await listed('first: 10')).toEqual([communityId]);
      const told = (await emitted(world.db)).filter(({ type }) => type.includes('archived'));
      expect(told.map(({ payload }) => [payload['version'], payload['isArchived']])).toEqual([
        [1, true],
        [2, false],
      ]);
    });
  });

  describe('under topics', () => {
    it('are found by them and by what is above', async () => {
      const other = await world.community(owner);
      expect(
        await run('setCommunityTopics', { paths: ['Music/Guitar', 'photo', 'photo'] }),
      ).toMatchObject({ topics: [{ path: 'music/guitar' }, { path: 'photo' }] });
      await run('setCommunityTopics', { communityId: other.id, paths: ['musicology'] });
      expect(await listed('topic: "music"')).toEqual([communityId]);
      expect(await listed('topic: "music/guitar"')).toEqual([communityId]);
      expect(await listed('topic: "musicology"')).toEqual([other.id]);
      expect(await listed('topic: "nothing"')).toEqual([]);
      expect(await listed('topic: "%"')).toEqual(['BAD_INPUT']);
      const query = `query ($after: String) { topics(first: 1, under: "music", after: $after) { edges { node { path } } pageInfo { hasNextPage endCursor } } }`;
      expect((await world.ask(query)).data).toMatchObject({
        topics: { edges: [{ node: { path: 'music/guitar' } }], pageInfo: { hasNextPage: false } },
      });
    });

    it('set anew are no longer under the old ones; topics of private ones are not shown', async () => {
      const { id } = await world.community(owner, { visibility: 'PRIVATE' });
      await run('setCommunityTopics', { communityId: id, paths: ['secret'] });
      await run('setCommunityTopics', { paths: ['photo'] });
      await run('setCommunityTopics', { paths: ['music'] });
      const { data } = await world.ask('{ topics { edges { node { path } } } }');
      expect(data).toEqual({ topics: { edges: [{ node: { path: 'music' } }] } });
    });

    it('have ten at most, with plain names', async () => {
      for (const paths of [
        ['a b'],
        ['a/b/c/d'],
        [''],
        Array.from({ length: 11 }, (_, n) => `t-${String(n)}`),
      ])
        expect(await run('setCommunityTopics', { paths })).toEqual({ code: 'BAD_INPUT' });
    });
  });
});
