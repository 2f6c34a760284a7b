import { newId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import {
  aForum,
  contentWorld,
  type ContentWorld,
  type Forum,
  type Person,
} from '../content.factory';

interface Outcome {
  readonly __typename: string;
  readonly code?: string;
  readonly id?: string;
}

describe('articles', () => {
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

  const run = async (
    person: Person | null,
    mutation: 'publishArticle' | 'editArticle',
    input: object,
  ) => {
    const kind = mutation === 'publishArticle' ? 'PublishArticleInput' : 'EditArticleInput';
    const { data, codes } = await world.run<Record<string, Outcome> | null>(
      person,
      `mutation ($input: ${kind}!) { ${mutation}(input: $input) { __typename ... on UserError { code }
         ... on Article { id title body editedAt author { id } community { id }
           revisions { edges { node { number title body summary editor { id } } } } } } }`,
      { input },
    );
    return data?.[mutation] ?? { __typename: 'Error', code: String(codes[0]) };
  };
  const publish = (person: Person | null, input: object = {}) =>
    run(person, 'publishArticle', {
      communityId: forum.communityId,
      title: 'How',
      body: '# Thus',
      ...input,
    });
  const edit = (person: Person | null, input: object) => run(person, 'editArticle', input);

  it('are published, listed and told of', async () => {
    const article = await publish(forum.asker);
    expect(article).toMatchObject({
      __typename: 'Article',
      title: 'How',
      body: '<h1>Thus</h1>',
      editedAt: null,
      author: { id: forum.asker.memberId },
      community: { id: forum.communityId },
      revisions: { edges: [] },
    });
    expect(await emitted(world.db)).toMatchObject([
      {
        type: 'content.article.published.v1',
        payload: {
          communityId: forum.communityId,
          articleId: article.id,
          authorId: forum.asker.memberId,
        },
      },
    ]);
    const { data } = await world.run(
      null,
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community { articles { edges { node { id } } } } } }`,
      { of: [{ __typename: 'Community', id: forum.communityId }] },
    );
    expect(data).toEqual({ _entities: [{ articles: { edges: [{ node: { id: article.id } }] } }] });
  });

  it('with a key are published once', async () => {
    const [first, again] = [
      await publish(forum.asker, { idempotencyKey: 'k' }),
      await publish(forum.asker, { idempotencyKey: 'k' }),
    ];
    expect(again.id).toBe(first.id);
    expect((await publish(forum.asker, { idempotencyKey: 'k', title: 'y' })).code).toBe(
      'IDEMPOTENCY_CONFLICT',
    );
    expect(await emitted(world.db)).toHaveLength(1);
  });

  it('are edited by their author and by moderators, and keep what they said', async () => {
    const { id: articleId } = await publish(forum.asker);
    world.setNow('2026-01-02T00:00:00Z');
    await edit(forum.asker, { articleId, body: '# So', summary: 'clearer' });
    const edited = await edit(forum.moderator, { articleId, title: 'How to' });
    world.setNow('2026-01-01T00:00:00Z');

    const [asker, moderator] = [{ id: forum.asker.memberId }, { id: forum.moderator.memberId }];
    expect(edited).toMatchObject({
      title: 'How to',
      body: '<h1>So</h1>',
      editedAt: '2026-01-02T00:00:00.000Z',
      revisions: {
        edges: [
          {
            node: {
              number: 3,
              title: 'How to',
              body: '<h1>So</h1>',
              summary: '',
              editor: moderator,
            },
          },
          {
            node: {
              number: 2,
              title: 'How',
              body: '<h1>So</h1>',
              summary: 'clearer',
              editor: asker,
            },
          },
          { node: { number: 1, title: 'How', body: '<h1>Thus</h1>', summary: '', editor: asker } },
        ],
      },
    });
  });

  it.each<[string, string, () => Promise<Outcome>]>([
    ['nobody', 'UNAUTHENTICATED', () => publish(null)],
    ['a stranger', 'MEMBERSHIP_REQUIRED', () => publish(forum.stranger)],
    [
      'an unknown community',
      'COMMUNITY_UNKNOWN',
      () => publish(forum.asker, { communityId: newId() }),
    ],
    ['no community', 'COMMUNITY_UNKNOWN', () => publish(forum.asker, { communityId: 'x' })],
    ['no title', 'INVALID_CONTENT', () => publish(forum.asker, { title: '' })],
    ['no text', 'INVALID_CONTENT', () => publish(forum.asker, { body: '' })],
    [
      'an edit of nothing',
      'POST_NOT_FOUND',
      () => edit(forum.asker, { articleId: newId(), body: 'x' }),
    ],
    ['an edit by nobody', 'UNAUTHENTICATED', () => edit(null, { articleId: newId() })],
  ])('refuse %s: %s', async (_, code, run) => {
    expect((await run()).code).toBe(code);
    expect(await emitted(world.db)).toEqual([]);
  });

  it.each<[string, string, () => Person]>([
    ['another member', 'NOT_EDITOR', () => forum.helper],
    ['a stranger', 'MEMBERSHIP_REQUIRED', () => forum.stranger],
  ])('refuse an edit by %s: %s', async (_, code, who) => {
    const { id: articleId } = await publish(forum.asker);
    expect((await edit(who(), { articleId, body: 'x' })).code).toBe(code);
    expect((await edit(forum.asker, { articleId, body: '' })).code).toBe('INVALID_CONTENT');
    expect(
      await world.db.query('SELECT 1 FROM revision WHERE target_id = $1', [articleId]),
    ).toEqual([]);
  });
});
