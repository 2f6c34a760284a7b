import { newId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import {
  aForum,
  aMember,
  contentWorld,
  type ContentWorld,
  type Forum,
  type Person,
} from '../content.factory';

const mutation = `mutation ($input: FavouriteQuestionInput!) { favouriteQuestion(input: $input) {
  ... on UserError { code } ... on Question { favouriteCount isViewerFavourite } } }`;

describe('favouriteQuestion', () => {
  let world: ContentWorld;
  let forum: Forum;
  beforeAll(async () => {
    world = await contentWorld();
  });
  beforeEach(async () => {
    await world.db.query('TRUNCATE outbox');
    forum = await aForum(world.db);
  });
  afterAll(() => world.close());

  const follow = async (
    person: Person | null,
    input: { isFavourite?: boolean; questionId?: string } = {},
  ) => {
    const { data, codes } = await world.run<{ favouriteQuestion: unknown } | null>(
      person,
      mutation,
      {
        input: { questionId: forum.questionId, ...input },
      },
    );
    return data?.favouriteQuestion ?? { code: codes[0] };
  };

  it('follows, stops and follows again, each a further version', async () => {
    const followed = { favouriteCount: 1, isViewerFavourite: true };
    expect(await follow(forum.helper)).toEqual(followed);
    expect(await follow(forum.helper, { isFavourite: false })).toEqual({
      favouriteCount: 0,
      isViewerFavourite: false,
    });
    expect(await follow(forum.helper)).toEqual(followed);

    const told = await emitted(world.db);
    expect(told.map(({ payload: p }) => [p['version'], p['isFavourite']])).toEqual([
      [1, true],
      [2, false],
      [3, true],
    ]);
    expect(told[0]).toMatchObject({
      type: 'content.favourite.recorded.v1',
      payload: {
        communityId: forum.communityId,
        questionId: forum.questionId,
        memberId: forum.helper.memberId,
      },
    });
  });

  it('repeated changes and tells nothing', async () => {
    await follow(forum.helper, { isFavourite: false });
    await follow(forum.helper);
    await follow(forum.helper);
    expect(await emitted(world.db)).toHaveLength(1);
  });

  it('is counted exactly when 50 members follow at once, and one of them 50 times', async () => {
    const members = await Promise.all(
      Array.from({ length: 50 }, () => aMember(world.db, forum.communityId)),
    );
    await Promise.all(members.map((member) => follow(member)));
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => follow(forum.helper, { isFavourite: n % 2 === 0 })),
    );
    const [row] = await world.db.query<{ counted: number; there: number }[]>(
      `SELECT favourite_count AS counted,
         (SELECT count(*)::int FROM favourite WHERE question_id = q.id AND is_favourite) AS there
       FROM question AS q WHERE id = $1`,
      [forum.questionId],
    );
    expect(row?.counted).toBe(row?.there);
    expect(row?.there).toBeGreaterThanOrEqual(50);
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['nobody', 'UNAUTHENTICATED', () => follow(null)],
    ['a stranger', 'MEMBERSHIP_REQUIRED', () => follow(forum.stranger)],
    ['an unknown question', 'POST_NOT_FOUND', () => follow(forum.helper, { questionId: newId() })],
    ['an answer', 'POST_NOT_FOUND', () => follow(forum.helper, { questionId: forum.answerId })],
  ])('refuses %s: %s', async (_, code, run) => {
    expect(await run()).toEqual({ code });
    expect(await emitted(world.db)).toEqual([]);
  });
});
