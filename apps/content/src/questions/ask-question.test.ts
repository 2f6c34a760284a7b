import { newId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import { aForum, aMember, contentWorld, type ContentWorld, type Forum } from '../content.factory';

const mutation = `mutation ($input: AskQuestionInput!) {
  askQuestion(input: $input) {
    __typename
    ... on UserError { code message }
    ... on InvalidContent { field }
    ... on Question { id title body bodyMarkdown createdAt lastActivityAt score answerCount
      tags { name questionCount } author { id } community { id } }
  }
}`;

interface Asked {
  readonly askQuestion: {
    readonly __typename: string;
    readonly id?: string;
    readonly code?: string;
    readonly field?: string;
    readonly tags?: readonly { name: string; questionCount: number }[];
  };
}

describe('askQuestion', () => {
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

  const ask = async (input: object, person = forum.asker) => {
    const { data } = await world.run<Asked>(person, mutation, {
      input: { communityId: forum.communityId, title: 'Why?', body: 'Because *what*?', ...input },
    });
    return data.askQuestion;
  };
  const questionsBy = async ({ memberId } = forum.asker) =>
    world.db.query<unknown[]>('SELECT 1 FROM question WHERE author_id = $1', [memberId]);
  const tagCounts = async () => {
    const rows = await world.db.query<{ name: string; count: number }[]>(
      'SELECT name, question_count AS count FROM tag WHERE community_id = $1 ORDER BY name',
      [forum.communityId],
    );
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  };

  it('asks, and tells', async () => {
    const asked = await ask({ tags: ['TypeScript', 'Node JS', 'typescript'] });

    expect(asked).toMatchObject({
      title: 'Why?',
      bodyMarkdown: 'Because *what*?',
      body: '<p>Because <em>what</em>?</p>',
      createdAt: '2026-01-01T00:00:00.000Z',
      lastActivityAt: '2026-01-01T00:00:00.000Z',
      score: 0,
      answerCount: 0,
      tags: [
        { name: 'typescript', questionCount: 1 },
        { name: 'node-js', questionCount: 1 },
      ],
      author: { id: forum.asker.memberId },
      community: { id: forum.communityId },
    });
    expect(await emitted(world.db)).toEqual([
      {
        type: 'content.question.asked.v1',
        payload: {
          communityId: forum.communityId,
          questionId: asked.id,
          authorId: forum.asker.memberId,
          tags: ['typescript', 'node-js'],
        },
        occurredAt: new Date('2026-01-01T00:00:00Z'),
      },
    ]);
  });

  it.each([
    ['an empty title', { title: '' }, 'title'],
    ['a title with nothing to see', { title: ' \u200b\u00a0' }, 'title'],
    ['a title of 201 characters', { title: 'x'.repeat(201) }, 'title'],
    ['an empty body', { body: ' \n ' }, 'body'],
    ['a body of 30,001 characters', { body: 'x'.repeat(30_001) }, 'body'],
    ['six tags', { tags: ['a', 'b', 'c', 'd', 'e', 'f'] }, 'tags'],
    ['a tag of 36 characters', { tags: ['x'.repeat(36)] }, 'tags'],
    ['an impossible tag', { tags: ['<b>'] }, 'tags'],
    ['an empty idempotency key', { idempotencyKey: '' }, 'idempotencyKey'],
  ])('refuses %s and changes nothing', async (_, input, field) => {
    const before = (await questionsBy()).length;
    expect(await ask(input)).toMatchObject({ code: 'INVALID_CONTENT', field });
    expect(await questionsBy()).toHaveLength(before);
    expect(await tagCounts()).toEqual({});
    expect(await emitted(world.db)).toEqual([]);
  });

  it('counts characters as people do', async () => {
    expect(await ask({ title: '😀'.repeat(200), body: '字'.repeat(30_000) })).toMatchObject({
      __typename: 'Question',
    });
    expect(await ask({ title: '😀'.repeat(201) })).toMatchObject({ code: 'INVALID_CONTENT' });
  });

  it.each(['c++', 'c#', '.net', 'node.js', '中文', 'Ünï', 'gpt-4'])(
    'takes the tag %s',
    async (tag) => {
      const asked = await ask({ tags: [tag] });
      expect(asked.tags?.[0]?.name).toBe(tag.toLowerCase());
    },
  );

  it('of nobody and of a stranger is refused', async () => {
    const { codes } = await world.run(null, mutation, {
      input: { communityId: forum.communityId, title: 'x', body: 'x' },
    });
    expect(codes).toEqual(['UNAUTHENTICATED']);
    expect(await ask({}, forum.stranger)).toMatchObject({ code: 'MEMBERSHIP_REQUIRED' });
    expect(await emitted(world.db)).toEqual([]);
  });

  describe('with an idempotency key', () => {
    it('asks once, and answers with the same question', async () => {
      const key = { idempotencyKey: 'k1', tags: ['a'] };
      const [first, again] = [await ask(key), await ask(key)];
      expect(again.id).toBe(first.id);
      expect(await tagCounts()).toEqual({ a: 1 });
      expect(await emitted(world.db)).toHaveLength(1);
    });

    it('asks once, however often it is sent at once', async () => {
      const before = (await questionsBy()).length;
      const replies = await Promise.all(
        Array.from({ length: 20 }, () => ask({ idempotencyKey: 'k2' })),
      );
      expect(new Set(replies.map(({ id }) => id)).size).toBe(1);
      expect(await questionsBy()).toHaveLength(before + 1);
      expect(await emitted(world.db)).toHaveLength(1);
    });

    it('refuses another question under it', async () => {
      await ask({ idempotencyKey: 'k3' });
      expect(await ask({ idempotencyKey: 'k3', title: 'Another' })).toMatchObject({
        code: 'IDEMPOTENCY_CONFLICT',
      });
    });

    it('is free again after a refusal, and others have their own', async () => {
      expect(await ask({ idempotencyKey: 'k4', title: '' })).toMatchObject({
        code: 'INVALID_CONTENT',
      });
      const mine = await ask({ idempotencyKey: 'k4' });
      const theirs = await ask({ idempotencyKey: 'k4' }, forum.helper);
      expect(mine.__typename).toBe('Question');
      expect(theirs.__typename).toBe('Question');
      expect(theirs.id).not.toBe(mine.id);
    });
  });

  it('counts tags exactly when 50 questions with tags in all orders are asked at once', async () => {
    const members = await Promise.all(
      Array.from({ length: 10 }, () => aMember(world.db, forum.communityId)),
    );
    const tags = ['a', 'b', 'c', 'd', 'e'];
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        ask(
          { tags: [...tags.slice(n % 5), ...tags.slice(0, n % 5)].slice(0, (n % 4) + 1) },
          members[n % 10],
        ),
      ),
    );
    expect(replies.every(({ __typename }) => __typename === 'Question')).toBe(true);

    const truth = await world.db.query<{ name: string; count: number }[]>(
      `SELECT t.name, count(*)::int AS count FROM question_tag AS qt JOIN tag AS t ON t.id = qt.tag_id
       WHERE t.community_id = $1 GROUP BY t.name`,
      [forum.communityId],
    );
    expect(await tagCounts()).toEqual(Object.fromEntries(truth.map((t) => [t.name, t.count])));
    expect(Object.values(await tagCounts()).reduce((sum, n) => sum + n, 0)).toBe(123);
    expect(await emitted(world.db)).toHaveLength(50);
  });

  it('needs an id that names a community', async () => {
    expect(await ask({ communityId: newId() })).toMatchObject({ code: 'COMMUNITY_UNKNOWN' });
  });
});
