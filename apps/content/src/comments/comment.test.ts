import { newId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import {
  aComment,
  aForum,
  anArticle,
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

const mutation = `mutation ($input: CommentInput!) { comment(input: $input) { __typename
  ... on UserError { code }
  ... on Comment { id body bodyMarkdown score author { id } community { id }
    target { __typename ... on Question { id commentCount } ... on Answer { id commentCount } ... on Article { id commentCount } } } } }`;

describe('comment', () => {
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

  const comment = async (person: Person | null, targetId: string, input: object = {}) => {
    const { data, codes } = await world.run<{ comment: Outcome } | null>(person, mutation, {
      input: { targetId, body: 'See `this`\n**now**', ...input },
    });
    return data?.comment ?? { __typename: 'Error', code: String(codes[0]) };
  };

  it('comments on a question, an answer and an article, counts, and tells', async () => {
    const articleId = await anArticle(world.db, forum.asker);
    const targets = [
      ['question', 'Question', forum.questionId],
      ['answer', 'Answer', forum.answerId],
      ['article', 'Article', articleId],
    ] as const;
    for (const [type, __typename, id] of targets) {
      await world.db.query('TRUNCATE outbox');
      const made = await comment(forum.helper, id);
      expect(made).toMatchObject({
        body: 'See <code>this</code><br />\n<strong>now</strong>',
        bodyMarkdown: 'See `this`\n**now**',
        score: 0,
        author: { id: forum.helper.memberId },
        community: { id: forum.communityId },
        target: { __typename, id, commentCount: 1 },
      });
      expect(await emitted(world.db)).toMatchObject([
        {
          type: 'content.comment.posted.v1',
          payload: {
            communityId: forum.communityId,
            commentId: made.id,
            targetType: type,
            targetId: id,
            authorId: forum.helper.memberId,
          },
        },
      ]);
    }
  });

  it('is counted exactly when 50 are made at once', async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => comment(forum.helper, forum.answerId, { body: `${n}` })),
    );
    const [row] = await world.db.query<object[]>(
      `SELECT comment_count AS counted, (SELECT count(*)::int FROM comment WHERE target_id = a.id) AS there
       FROM answer AS a WHERE id = $1`,
      [forum.answerId],
    );
    expect(row).toEqual({ counted: 50, there: 50 });
    expect(await emitted(world.db)).toHaveLength(50);
  });

  it('with a key is made once, however often it is sent at once', async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, () =>
        comment(forum.helper, forum.answerId, { idempotencyKey: 'k' }),
      ),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await emitted(world.db)).toHaveLength(1);
    expect((await comment(forum.helper, forum.questionId, { idempotencyKey: 'k' })).code).toBe(
      'IDEMPOTENCY_CONFLICT',
    );
  });

  it.each<[string, string, () => Promise<Outcome>]>([
    ['nobody', 'UNAUTHENTICATED', () => comment(null, forum.questionId)],
    ['a stranger', 'MEMBERSHIP_REQUIRED', () => comment(forum.stranger, forum.questionId)],
    ['nothing to comment on', 'POST_NOT_FOUND', () => comment(forum.helper, newId())],
    ['no text', 'INVALID_CONTENT', () => comment(forum.helper, forum.questionId, { body: '\n' })],
    [
      'too much text',
      'INVALID_CONTENT',
      () => comment(forum.helper, forum.questionId, { body: 'x'.repeat(5_001) }),
    ],
    [
      'a comment on a comment',
      'POST_NOT_FOUND',
      async () => {
        const target = { type: 'question', id: forum.questionId };
        return comment(forum.helper, await aComment(world.db, forum.asker, target));
      },
    ],
  ])('refuses %s: %s', async (_, code, run) => {
    expect((await run()).code).toBe(code);
    expect(await emitted(world.db)).toEqual([]);
  });
});
