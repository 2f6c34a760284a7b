import { AuthorWeightChanged, newId } from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import {
  aCommunity,
  aForum,
  aMember,
  anArticle,
  aQuestion,
  contentWorld,
  type ContentWorld,
  type Forum,
  type Person,
} from '../content.factory';
import { recordWeights } from './record-weights.consumer';

interface Place {
  readonly because: string;
  readonly why: string;
  readonly post: { readonly id: string } | null;
}

describe('what a community recommends', () => {
  let world: ContentWorld;
  let forum: Forum;
  beforeAll(async () => {
    world = await contentWorld();
  });
  beforeEach(async () => {
    world.setNow('2026-01-10T12:30:00Z');
    forum = await aForum(world.db);
  });
  afterAll(() => world.close());

  const list = async (
    viewer: Person | null,
    {
      id = forum.communityId,
      first = 50,
      after = null,
    }: { id?: string; first?: number; after?: string | null } = {},
  ) => {
    const { data, codes } = await world.run<{
      _entities: {
        recommended: {
          edges: { node: Place }[];
          pageInfo: { hasNextPage: boolean; endCursor: string | null };
        };
      }[];
    }>(
      viewer,
      `query ($of: [_Any!]!, $first: Int!, $after: String) { _entities(representations: $of) { ... on Community {
        recommended(first: $first, after: $after) {
          edges { node { because why post { ... on Question { id } ... on Article { id body } } } }
          pageInfo { hasNextPage endCursor } } } } }`,
      { of: [{ __typename: 'Community', id }], first, after },
    );
    const connection = data._entities[0]?.recommended;
    return {
      codes,
      places: connection?.edges.map(({ node }) => node) ?? [],
      pageInfo: connection?.pageInfo,
    };
  };
  const ids = async (viewer: Person | null, id?: string) =>
    (await list(viewer, id === undefined ? {} : { id })).places.map(({ post }) => post?.id);

  /** Somebody who has written a lot for long, and lately so many questions with votes. */
  const aRegular = async (questions = 20): Promise<{ author: Person; posts: string[] }> => {
    const author = await aMember(world.db, forum.communityId);
    for (let i = 0; i < 6; i += 1)
      await aQuestion(world.db, author, { createdAt: new Date('2025-01-01') });
    const posts: string[] = [];
    for (let i = 0; i < questions; i += 1)
      posts.push(
        await aQuestion(world.db, author, { createdAt: new Date('2026-01-09'), score: 50 - i }),
      );
    await world.db.query('UPDATE question SET live_views = 1000 WHERE author_id = $1', [
      author.memberId,
    ]);
    return { author, posts };
  };
  const aNewcomer = async () => {
    const author = await aMember(world.db, forum.communityId);
    const post = await aQuestion(world.db, author, {
      createdAt: new Date('2026-01-05'),
      score: -1,
    });
    return { author, post };
  };
  const choose = (who: Person, choice: { isShown: boolean; seesNewcomers: boolean }) =>
    world.run<{ chooseExposure: Record<string, unknown> }>(
      who,
      'mutation ($input: ChooseExposureInput!) { chooseExposure(input: $input) { __typename ... on UserError { code } } }',
      { input: { communityId: forum.communityId, ...choice } },
    );

  it('is led by what is liked, and lets newcomers reach a place of the first page, with the reason', async () => {
    const { posts } = await aRegular();
    const { post } = await aNewcomer();
    const { places } = await list(forum.helper, { first: 10 });
    const mine = places.find((place) => place.post?.id === post);
    expect(mine).toMatchObject({ because: 'NEWCOMER', why: 'By somebody who is new here' });
    const ranked = places.filter(({ because }) => because === 'RANKED').map((one) => one.post?.id);
    expect(ranked).toEqual(posts.slice(0, ranked.length));
  });

  it('has what hardly anybody has seen until it was seen', async () => {
    const { posts } = await aRegular();
    const last = posts.at(-1) ?? '';
    await world.db.query('UPDATE question SET live_views = 3 WHERE id = $1', [last]);
    const { places } = await list(forum.helper, { first: 10 });
    expect(places.find(({ post }) => post?.id === last)).toMatchObject({ because: 'UNEXPOSED' });
    await world.db.query('UPDATE question SET live_views = 20 WHERE id = $1', [last]);
    world.setNow('2026-01-10T13:30:00Z');
    const later = await list(forum.helper, { first: 10 });
    expect(later.places.map(({ post }) => post?.id)).not.toContain(last);
  });

  it('is the same for a viewer all hour, page by page, whatever is voted or asked meanwhile', async () => {
    await aRegular();
    await aNewcomer();
    const whole = await ids(forum.helper);
    const seen: (string | undefined)[] = [];
    let after: string | null = null;
    do {
      const page = await list(forum.helper, { first: 4, after });
      seen.push(...page.places.map(({ post }) => post?.id));
      await aQuestion(world.db, forum.asker, { createdAt: new Date('2026-01-10'), score: 900 });
      await world.db.query('UPDATE question SET score = score + 7 WHERE id = $1', [seen.at(-1)]);
      world.setNow(new Date(world.deps.now().getTime() + 1_500_000).toISOString());
      after = page.pageInfo?.hasNextPage === true ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(whole);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('differs between viewers and days in the kept places only', async () => {
    await aRegular(30);
    for (let i = 0; i < 10; i += 1) await aNewcomer();
    const rankedOf = async (viewer: Person) =>
      (await list(viewer)).places.filter(({ because }) => because === 'RANKED');
    expect(await ids(forum.helper)).not.toEqual(await ids(forum.moderator));
    const [a, b] = [await rankedOf(forum.helper), await rankedOf(forum.moderator)];
    expect(a.slice(0, 20)).toEqual(b.slice(0, 20));
  });

  it('never has what is closed, paid for, private, of who is banned or does not want it', async () => {
    await aRegular(3);
    const closed = await aNewcomer();
    const banned = await aNewcomer();
    const shy = await aNewcomer();
    const paid = await anArticle(world.db, forum.asker);
    const free = await anArticle(world.db, forum.asker);
    expect(await ids(forum.helper)).toEqual(
      expect.arrayContaining([closed.post, banned.post, shy.post, paid, free]),
    );
    // In the middle of a round, whose posts are known.
    await world.db.query('UPDATE question SET closed_at = now() WHERE id = $1', [closed.post]);
    await world.db.query(`UPDATE article SET access = 'paid' WHERE id = $1`, [paid]);
    await world.db.query(`UPDATE membership SET status = 'banned' WHERE member_id = $1`, [
      banned.author.memberId,
    ]);
    await choose(shy.author, { isShown: false, seesNewcomers: true });
    for (const now of ['2026-01-10T12:45:00Z', '2026-01-10T14:00:00Z']) {
      world.setNow(now);
      const shown = await ids(forum.helper);
      for (const hidden of [closed.post, banned.post, shy.post, paid])
        expect(shown).not.toContain(hidden);
      expect(shown).toContain(free);
    }
    const inside = await aForum(world.db, { visibility: 'private' });
    expect(await ids(forum.helper, inside.communityId)).toEqual([]);
    expect(await ids(null, inside.communityId)).toEqual([]);
    expect(await ids(inside.helper, inside.communityId)).toEqual([inside.questionId]);
    expect(await ids(forum.helper, await aCommunity(world.db))).toEqual([]);
  });

  it('keeps no places for who does not want to see newcomers, and shows nobody their own posts', async () => {
    await aRegular(10);
    const { author, post } = await aNewcomer();
    await choose(forum.helper, { isShown: true, seesNewcomers: false });
    const { places } = await list(forum.helper);
    expect(new Set(places.map(({ because }) => because))).toEqual(new Set(['RANKED']));
    expect(await ids(author)).not.toContain(post);
    expect((await choose(forum.stranger, { isShown: true, seesNewcomers: true })).data).toEqual({
      chooseExposure: { __typename: 'MembershipRequired', code: 'MEMBERSHIP_REQUIRED' },
    });
  });

  it('weighs authors as reputation says, by the latest that was told', async () => {
    const { posts, author } = await aRegular(2);
    const other = await aRegular(2);
    const tell = (weight: number, version: number) =>
      inTransaction(serviceContext(world.deps, 'test'), (tx) =>
        recordWeights.handle(tx, [
          {
            ...{ id: newId<'Event'>(), type: AuthorWeightChanged.name, requestId: 'test' },
            occurredAt: '2026-01-10T00:00:00Z',
            payload: { communityId: forum.communityId, memberId: author.memberId, weight, version },
          },
        ]),
      );
    await tell(300, 2);
    await tell(100, 1); // late
    await tell(300, 2); // again
    expect((await ids(forum.helper)).slice(0, 4)).toEqual([...posts, ...other.posts]);
  });

  it('follows the terms of the community from the next hour on, which the owner sets within bounds', async () => {
    await aRegular(10);
    await aNewcomer();
    const owner = await aMember(world.db, forum.communityId, { role: 'owner' });
    const configure = async (who: Person | null, input: object) => {
      const { data, codes } = await world.run<{
        configureExposure: Record<string, unknown>;
      } | null>(
        who,
        `mutation ($input: ConfigureExposureInput!) { configureExposure(input: $input) {
          ... on ExposureTerms { newcomerSharePercent newcomerPosts newcomerDays unexposedViews } ... on UserError { code } } }`,
        { input: { communityId: forum.communityId, ...input } },
      );
      return codes[0] ?? data?.configureExposure;
    };
    expect(await configure(owner, { newcomerSharePercent: 0 })).toEqual({
      ...{ newcomerSharePercent: 0, newcomerPosts: 5, newcomerDays: 30, unexposedViews: 20 },
    });
    const { places } = await list(forum.helper);
    expect(new Set(places.map(({ because }) => because))).toEqual(new Set(['RANKED']));
    expect(await configure(owner, { newcomerSharePercent: 51 })).toBe('BAD_INPUT');
    expect(await configure(owner, { newcomerPosts: -1 })).toBe('BAD_INPUT');
    expect(await configure(forum.moderator, { newcomerDays: 1 })).toEqual({
      code: 'NOT_IN_CHARGE',
    });
    expect(await configure(forum.stranger, {})).toEqual({ code: 'MEMBERSHIP_REQUIRED' });
    expect(await configure(owner, { communityId: newId() })).toEqual({ code: 'COMMUNITY_UNKNOWN' });
    expect(await configure(null, {})).toBe('UNAUTHENTICATED');
  });

  it('refuses made-up cursors, and goes on with what there is now after a day', async () => {
    await aRegular(6);
    const page = await list(forum.helper, { first: 2 });
    expect((await list(forum.helper, { after: 'nonsense' })).codes).toEqual(['BAD_INPUT']);
    world.setNow('2026-01-20T00:00:00Z');
    await list(forum.moderator);
    const next = await list(forum.helper, { first: 2, after: page.pageInfo?.endCursor ?? null });
    expect(next.places).toHaveLength(2);
  });

  it('is made once by many who ask at once', async () => {
    await aRegular(6);
    const answers = await Promise.all(Array.from({ length: 10 }, () => ids(forum.helper)));
    expect(new Set(answers.map((one) => one.join()))).toHaveProperty('size', 1);
    expect(
      await world.db.query(
        'SELECT count(*)::int AS n FROM exposure_round WHERE community_id = $1',
        [forum.communityId],
      ),
    ).toEqual([{ n: 1 }]);
  });
});
