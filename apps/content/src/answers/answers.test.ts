import { newId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import {
  aForum,
  aMember,
  anAnswer,
  contentWorld,
  type ContentWorld,
  type Forum,
  type Person,
} from '../content.factory';

interface Outcome {
  readonly __typename: string;
  readonly code?: string;
  readonly id?: string;
  readonly [field: string]: unknown;
}

describe('answers', () => {
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

  const answerFields = `... on Answer { id body bodyMarkdown score isAccepted author { id }
    question { id answerCount lastActivityAt acceptedAt acceptedAnswer { id } } }`;
  const fields = {
    answerQuestion: answerFields,
    acceptAnswer: answerFields,
    unacceptAnswer: '... on Question { id acceptedAnswer { id } acceptedAt }',
  };
  const run = async (person: Person | null, mutation: keyof typeof fields, input: object) => {
    const kind = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const { data, codes } = await world.run<Record<string, Outcome> | null>(
      person,
      `mutation ($input: ${kind}!) {
         ${mutation}(input: $input) { __typename ... on UserError { code } ${fields[mutation]} } }`,
      { input },
    );
    return data?.[mutation] ?? { __typename: 'Error', code: String(codes[0]) };
  };
  const events = async () => (await emitted(world.db)).map(({ type, payload }) => [type, payload]);

  describe('answerQuestion', () => {
    const answer = (person: Person | null, input: object = {}) =>
      run(person, 'answerQuestion', {
        questionId: forum.questionId,
        body: 'So *it* is.',
        ...input,
      });

    it('answers, counts, and tells', async () => {
      const answered = await answer(forum.helper);
      expect(answered).toMatchObject({
        __typename: 'Answer',
        body: '<p>So <em>it</em> is.</p>',
        bodyMarkdown: 'So *it* is.',
        isAccepted: false,
        author: { id: forum.helper.memberId },
        question: {
          id: forum.questionId,
          answerCount: 2,
          lastActivityAt: '2026-01-01T00:00:00.000Z',
        },
      });
      expect(await events()).toEqual([
        [
          'content.answer.posted.v1',
          {
            communityId: forum.communityId,
            questionId: forum.questionId,
            answerId: answered.id,
            authorId: forum.helper.memberId,
          },
        ],
      ]);
    });

    it('may be to an own question', async () => {
      expect((await answer(forum.asker)).__typename).toBe('Answer');
    });

    it.each<[string, string, () => Promise<Outcome>]>([
      ['nobody', 'UNAUTHENTICATED', () => answer(null)],
      ['a stranger', 'MEMBERSHIP_REQUIRED', () => answer(forum.stranger)],
      [
        'an unknown question',
        'POST_NOT_FOUND',
        () => answer(forum.helper, { questionId: newId() }),
      ],
      ['an answer', 'POST_NOT_FOUND', () => answer(forum.helper, { questionId: forum.answerId })],
      ['no text', 'INVALID_CONTENT', () => answer(forum.helper, { body: '  ' })],
      [
        'too much text',
        'INVALID_CONTENT',
        () => answer(forum.helper, { body: 'x'.repeat(30_001) }),
      ],
    ])('refuses %s: %s', async (_, code, run) => {
      expect((await run()).code).toBe(code);
      expect(await events()).toEqual([]);
    });

    it('refuses a closed question', async () => {
      await world.db.query('UPDATE question SET closed_at = now() WHERE id = $1', [
        forum.questionId,
      ]);
      expect((await answer(forum.helper)).code).toBe('QUESTION_CLOSED');
    });

    it('with a key is given once, also when the question was closed since', async () => {
      const first = await answer(forum.helper, { idempotencyKey: 'k' });
      await world.db.query('UPDATE question SET closed_at = now() WHERE id = $1', [
        forum.questionId,
      ]);
      expect((await answer(forum.helper, { idempotencyKey: 'k' })).id).toBe(first.id);
      expect((await answer(forum.helper, { idempotencyKey: 'k', body: 'y' })).code).toBe(
        'IDEMPOTENCY_CONFLICT',
      );
      expect(await events()).toHaveLength(1);
    });

    it('is counted exactly when 50 are given at once', async () => {
      await Promise.all(
        Array.from({ length: 50 }, (_, n) => answer(forum.helper, { body: `${n}` })),
      );
      const [row] = await world.db.query<object[]>(
        `SELECT answer_count AS counted, (SELECT count(*)::int FROM answer WHERE question_id = q.id) AS there
         FROM question AS q WHERE id = $1`,
        [forum.questionId],
      );
      expect(row).toEqual({ counted: 51, there: 51 });
      expect(await events()).toHaveLength(50);
    });
  });

  describe('acceptAnswer', () => {
    const accept = (person: Person | null, answerId: string = forum.answerId) =>
      run(person, 'acceptAnswer', { answerId });
    const unaccept = (person: Person | null, questionId: string = forum.questionId) =>
      run(person, 'unacceptAnswer', { questionId });

    it('accepts, and tells', async () => {
      expect(await accept(forum.asker)).toMatchObject({
        id: forum.answerId,
        isAccepted: true,
        question: {
          acceptedAt: '2026-01-01T00:00:00.000Z',
          acceptedAnswer: { id: forum.answerId },
        },
      });
      expect(await events()).toEqual([
        [
          'content.acceptance.recorded.v1',
          {
            communityId: forum.communityId,
            questionId: forum.questionId,
            version: 1,
            answerId: forum.answerId,
            answerAuthorId: forum.helper.memberId,
            askerId: forum.asker.memberId,
            earnsPoints: true,
          },
        ],
      ]);
    });

    it('moves to another answer, is withdrawn, and each is a further version', async () => {
      const other = await anAnswer(world.db, forum.moderator, { questionId: forum.questionId });
      await accept(forum.asker);
      expect(await accept(forum.asker, other)).toMatchObject({ id: other, isAccepted: true });
      expect(await unaccept(forum.asker)).toMatchObject({ acceptedAnswer: null, acceptedAt: null });

      expect(
        (await emitted(world.db)).map(({ payload: p }) => [
          p['version'],
          p['answerId'],
          p['answerAuthorId'],
        ]),
      ).toEqual([
        [1, forum.answerId, forum.helper.memberId],
        [2, other, forum.moderator.memberId],
        [3, null, null],
      ]);
    });

    it('repeated changes and tells nothing', async () => {
      await unaccept(forum.asker);
      await accept(forum.asker);
      await accept(forum.asker);
      expect(await events()).toHaveLength(1);
    });

    it('of an answer that the community owns earns nothing', async () => {
      const owned = await anAnswer(world.db, forum.helper, {
        questionId: forum.questionId,
        communityOwnedAt: new Date('2025-12-02'),
      });
      await accept(forum.asker, owned);
      expect((await emitted(world.db))[0]?.payload['earnsPoints']).toBe(false);
    });

    it('accepts one of 20 at once: the versions have no gap and the last is in force', async () => {
      const others = await Promise.all(
        Array.from({ length: 20 }, () =>
          anAnswer(world.db, forum.helper, { questionId: forum.questionId }),
        ),
      );
      await Promise.all(others.map((id) => accept(forum.asker, id)));
      const told = (await emitted(world.db)).map(({ payload }) => payload);
      const last = told.toSorted((a, b) => Number(a['version']) - Number(b['version'])).at(-1);
      const [question] = await world.db.query<object[]>(
        'SELECT accepted_answer_id AS id, acceptance_version AS version FROM question WHERE id = $1',
        [forum.questionId],
      );
      expect(question).toEqual({ id: last?.['answerId'], version: 20 });
      expect(new Set(told.map((payload) => payload['version'])).size).toBe(20);
    });

    it.each<[string, string, () => Promise<Outcome>]>([
      ['nobody', 'UNAUTHENTICATED', () => accept(null)],
      ['who answered', 'NOT_QUESTION_AUTHOR', () => accept(forum.helper)],
      ['a moderator', 'NOT_QUESTION_AUTHOR', () => accept(forum.moderator)],
      ['a stranger', 'MEMBERSHIP_REQUIRED', () => accept(forum.stranger)],
      ['an unknown answer', 'POST_NOT_FOUND', () => accept(forum.asker, newId())],
      ['a question as an answer', 'POST_NOT_FOUND', () => accept(forum.asker, forum.questionId)],
      ['withdrawal by another', 'NOT_QUESTION_AUTHOR', () => unaccept(forum.helper)],
      ['withdrawal by a stranger', 'MEMBERSHIP_REQUIRED', () => unaccept(forum.stranger)],
      ['withdrawal on nothing', 'POST_NOT_FOUND', () => unaccept(forum.asker, newId())],
    ])('refuses %s: %s', async (_, code, run) => {
      expect((await run()).code).toBe(code);
      expect(await events()).toEqual([]);
    });

    it('refuses who asked and has been banned since', async () => {
      await world.db.query(`UPDATE membership SET status = 'banned' WHERE member_id = $1`, [
        forum.asker.memberId,
      ]);
      expect((await accept(forum.asker)).code).toBe('MEMBERSHIP_REQUIRED');
    });
  });

  it('come by score, by age or newest first, page by page', async () => {
    const people = [forum.helper, forum.moderator, await aMember(world.db, forum.communityId)];
    const ids = await Promise.all(
      people.map((person, n) =>
        anAnswer(world.db, person, {
          questionId: forum.questionId,
          score: n,
          createdAt: new Date(Date.UTC(2025, 11, 20 - n)),
        }),
      ),
    );
    const [a, b, c] = ids;
    const orders = { SCORE: [c, b], OLDEST: [forum.answerId, c], NEW: [a, b] };
    for (const [orderBy, expected] of Object.entries(orders)) {
      const { data } = await world.run<{
        question: { answers: { edges: { node: { id: string } }[] } };
      }>(
        null,
        `query ($id: ID!, $orderBy: AnswerOrder!) { question(id: $id) { answers(first: 2, orderBy: $orderBy) { edges { node { id } } } } }`,
        { id: forum.questionId, orderBy },
      );
      expect(data.question.answers.edges.map(({ node }) => node.id)).toEqual(expected);
    }
  });
});
