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
  readonly [field: string]: unknown;
}

describe('editing', () => {
  let world: ContentWorld;
  let forum: Forum;
  beforeAll(async () => {
    world = await contentWorld();
  });
  beforeEach(async () => {
    await world.db.query('TRUNCATE outbox');
    world.setNow('2026-01-03T00:00:00Z');
    forum = await aForum(world.db);
  });
  afterAll(() => world.close());

  const revisions = `revisions { edges { node { number title body bodyMarkdown tags summary createdAt editor { id } } } }`;
  const question = async (person: Person | null, input: object) => {
    const { data, codes } = await world.run<{ editQuestion: Outcome } | null>(
      person,
      `mutation ($input: EditQuestionInput!) { editQuestion(input: $input) { __typename ... on UserError { code }
         ... on Question { title body editedAt lastActivityAt tags { name questionCount } ${revisions} } } }`,
      { input: { questionId: forum.questionId, ...input } },
    );
    return data?.editQuestion ?? { __typename: 'Error', code: String(codes[0]) };
  };
  const answer = async (person: Person | null, input: object) => {
    const { data, codes } = await world.run<{ editAnswer: Outcome } | null>(
      person,
      `mutation ($input: EditAnswerInput!) { editAnswer(input: $input) { __typename ... on UserError { code }
         ... on Answer { body editedAt ${revisions} } } }`,
      { input: { answerId: forum.answerId, body: 'Thus.', ...input } },
    );
    return data?.editAnswer ?? { __typename: 'Error', code: String(codes[0]) };
  };
  const kept = async (id: string) =>
    world.db.query<unknown[]>('SELECT 1 FROM revision WHERE target_id = $1', [id]);

  it('a question keeps what it said, tags and all', async () => {
    await question(forum.asker, { tags: ['a', 'b'], summary: 'tags' });
    const edited = await question(forum.moderator, {
      title: 'Why not?',
      body: '*No*',
      tags: ['b', 'c'],
    });

    expect(edited).toMatchObject({
      title: 'Why not?',
      body: '<p><em>No</em></p>',
      editedAt: '2026-01-03T00:00:00.000Z',
      lastActivityAt: '2026-01-03T00:00:00.000Z',
      tags: [
        { name: 'b', questionCount: 1 },
        { name: 'c', questionCount: 1 },
      ],
      revisions: {
        edges: [
          {
            node: {
              number: 3,
              title: 'Why not?',
              bodyMarkdown: '*No*',
              tags: ['b', 'c'],
              editor: { id: forum.moderator.memberId },
            },
          },
          { node: { number: 2, title: 'Why?', tags: ['a', 'b'], summary: 'tags' } },
          {
            node: {
              number: 1,
              title: 'Why?',
              body: '<p>Why?</p>',
              tags: [],
              createdAt: '2025-12-01T00:00:00.000Z',
              editor: { id: forum.asker.memberId },
            },
          },
        ],
      },
    });
    const counts = await world.db.query<object[]>(
      'SELECT name, question_count AS n FROM tag WHERE community_id = $1 ORDER BY name',
      [forum.communityId],
    );
    expect(counts).toEqual([
      { name: 'a', n: 0 },
      { name: 'b', n: 1 },
      { name: 'c', n: 1 },
    ]);
  });

  it('an answer keeps what it said', async () => {
    expect(await answer(forum.helper, { summary: 's' })).toMatchObject({
      body: '<p>Thus.</p>',
      editedAt: '2026-01-03T00:00:00.000Z',
      revisions: {
        edges: [
          { node: { number: 2, title: null, tags: null, body: '<p>Thus.</p>', summary: 's' } },
          { node: { number: 1, body: '<p>So.</p>' } },
        ],
      },
    });
  });

  it('what came from elsewhere as HTML keeps that as its first revision', async () => {
    await world.db.query('UPDATE answer SET body_source = NULL, author_id = NULL WHERE id = $1', [
      forum.answerId,
    ]);
    expect(await answer(forum.moderator, {})).toMatchObject({
      revisions: {
        edges: [
          { node: { number: 2 } },
          { node: { number: 1, body: '<p>So.</p>', bodyMarkdown: null, editor: null } },
        ],
      },
    });
  });

  it('without a difference changes and keeps nothing', async () => {
    expect(await question(forum.asker, { title: 'Why?', body: 'Why?', tags: [] })).toMatchObject({
      editedAt: null,
      revisions: { edges: [] },
    });
    expect(await question(forum.asker, {})).toMatchObject({ editedAt: null });
  });

  it('20 times at once keeps every revision once, and counts tags exactly', async () => {
    const tags = (n: number) => ['a', 'b', 'c', 'd'].filter((_, bit) => ((n + 1) >> bit) & 1);
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        question(forum.asker, { title: `T${n}`, tags: tags(n) }),
      ),
    );
    expect(await kept(forum.questionId)).toHaveLength(21);
    const wrong = await world.db.query<object[]>(
      `SELECT name FROM tag AS t WHERE question_count <> (SELECT count(*) FROM question_tag WHERE tag_id = t.id)`,
    );
    expect(wrong).toEqual([]);
  });

  it('tells nothing: only an approved suggestion earns points', async () => {
    await question(forum.asker, { title: 'Why not?' });
    expect(await emitted(world.db)).toEqual([]);
  });

  it.each<[string, string, () => Promise<Outcome>]>([
    ['a question by nobody', 'UNAUTHENTICATED', () => question(null, { title: 'x' })],
    ['a question by another', 'NOT_EDITOR', () => question(forum.helper, { title: 'x' })],
    [
      'a question by a stranger',
      'MEMBERSHIP_REQUIRED',
      () => question(forum.stranger, { title: 'x' }),
    ],
    ['no question', 'POST_NOT_FOUND', () => question(forum.asker, { questionId: newId() })],
    ['an empty title', 'INVALID_CONTENT', () => question(forum.asker, { title: '' })],
    ['an empty body', 'INVALID_CONTENT', () => question(forum.asker, { body: '' })],
    ['impossible tags', 'INVALID_CONTENT', () => question(forum.asker, { tags: ['?'] })],
    [
      'a long summary',
      'INVALID_CONTENT',
      () => question(forum.asker, { title: 'x', summary: 'x'.repeat(301) }),
    ],
    ['an answer by nobody', 'UNAUTHENTICATED', () => answer(null, {})],
    ['an answer by another', 'NOT_EDITOR', () => answer(forum.asker, {})],
    ['an answer by a stranger', 'MEMBERSHIP_REQUIRED', () => answer(forum.stranger, {})],
    ['no answer', 'POST_NOT_FOUND', () => answer(forum.helper, { answerId: newId() })],
    ['an empty answer', 'INVALID_CONTENT', () => answer(forum.helper, { body: ' ' })],
  ])('%s is refused: %s', async (_, code, run) => {
    expect((await run()).code).toBe(code);
    const ids: string[] = [forum.questionId, forum.answerId];
    for (const id of ids) expect(await kept(id)).toEqual([]);
  });
});
