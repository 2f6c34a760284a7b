import { newId, type QuestionId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import {
  aForum,
  aQuestion,
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

describe('links between questions', () => {
  let world: ContentWorld;
  let forum: Forum;
  let other: QuestionId;
  beforeAll(async () => {
    world = await contentWorld();
  });
  beforeEach(async () => {
    await world.db.query('TRUNCATE outbox');
    forum = await aForum(world.db);
    other = await aQuestion(world.db, forum.helper);
  });
  afterAll(() => world.close());

  type Verb = 'linkQuestions' | 'unlinkQuestions' | 'closeQuestion' | 'reopenQuestion';
  const kinds: Record<Verb, string> = {
    linkQuestions: 'LinkQuestionsInput',
    unlinkQuestions: 'LinkQuestionsInput',
    closeQuestion: 'CloseQuestionInput',
    reopenQuestion: 'ReopenQuestionInput',
  };
  const run = async (person: Person | null, verb: Verb, input: object) => {
    const { data, codes } = await world.run<Record<string, Outcome> | null>(
      person,
      `mutation ($input: ${kinds[verb]}!) { ${verb}(input: $input) { __typename ... on UserError { code }
         ... on Question { closedAt closeReason duplicateOf { id } linkedQuestions { edges { node { id } } } } } }`,
      { input: { questionId: forum.questionId, ...input } },
    );
    return data?.[verb] ?? { __typename: 'Error', code: String(codes[0]) };
  };
  const link = (person: Person | null, relatedQuestionId: string = other) =>
    run(person, 'linkQuestions', { relatedQuestionId });
  const close = (person: Person | null, input: object = { reason: 'OFF_TOPIC' }) =>
    run(person, 'closeQuestion', input);
  const duplicate = (person: Person | null, duplicateOfId: string = other) =>
    close(person, { reason: 'DUPLICATE', duplicateOfId });
  const linked = async (id: string) => {
    const { data } = await world.run<{
      question: { linkedQuestions: { edges: { node: { id: string } }[] } };
    }>(
      null,
      'query ($id: ID!) { question(id: $id) { linkedQuestions { edges { node { id } } } } }',
      { id },
    );
    return data.question.linkedQuestions.edges.map(({ node }) => node.id);
  };

  it('are seen from both ends, and made once', async () => {
    await link(forum.asker);
    await link(forum.moderator);
    expect(await linked(forum.questionId)).toEqual([other]);
    expect(await linked(other)).toEqual([forum.questionId]);

    await run(forum.asker, 'unlinkQuestions', { relatedQuestionId: other });
    expect(await linked(other)).toEqual([]);
  });

  it('close a question as a duplicate, by its author or a moderator', async () => {
    expect(await duplicate(forum.asker)).toMatchObject({
      closedAt: '2026-01-01T00:00:00.000Z',
      closeReason: 'DUPLICATE',
      duplicateOf: { id: other },
    });
    expect(await linked(other)).toEqual([forum.questionId]);
    expect(await close(forum.moderator)).toMatchObject({
      closeReason: 'OFF_TOPIC',
      duplicateOf: null,
    });
    expect(await duplicate(forum.moderator)).toMatchObject({ duplicateOf: { id: other } });
    expect(await run(forum.moderator, 'reopenQuestion', {})).toMatchObject({
      closedAt: null,
      closeReason: null,
      duplicateOf: null,
    });
  });

  it('and a closed question takes no answers, but comments and votes', async () => {
    await close(forum.moderator);
    const { data } = await world.run<Record<string, Outcome>>(
      forum.helper,
      `mutation ($id: ID!) {
         answerQuestion(input: { questionId: $id, body: "x" }) { __typename }
         comment(input: { targetId: $id, body: "x" }) { __typename }
         vote(input: { targetId: $id, value: UP }) { __typename } }`,
      { id: forum.questionId },
    );
    expect(Object.values(data).map(({ __typename }) => __typename)).toEqual([
      'QuestionClosed',
      'Comment',
      'Vote',
    ]);
  });

  it.each<[string, string, () => Promise<Outcome>]>([
    ['linking by nobody', 'UNAUTHENTICATED', () => link(null)],
    ['linking by another', 'NOT_EDITOR', () => link(forum.helper)],
    ['linking by a stranger', 'MEMBERSHIP_REQUIRED', () => link(forum.stranger)],
    ['linking to nothing', 'POST_NOT_FOUND', () => link(forum.asker, newId())],
    ['linking to itself', 'SAME_QUESTION', () => link(forum.asker, forum.questionId)],
    [
      'linking to another community',
      'POST_NOT_FOUND',
      async () => link(forum.asker, await aQuestion(world.db, forum.stranger)),
    ],
    ['closing by nobody', 'UNAUTHENTICATED', () => close(null)],
    ['closing by its author', 'NOT_MODERATOR', () => close(forum.asker)],
    ['closing by another', 'NOT_MODERATOR', () => close(forum.helper)],
    ['closing by a stranger', 'MEMBERSHIP_REQUIRED', () => close(forum.stranger)],
    [
      'closing nothing',
      'POST_NOT_FOUND',
      () => close(forum.moderator, { reason: 'OTHER', questionId: newId() }),
    ],
    ['a duplicate, by another', 'NOT_EDITOR', () => duplicate(forum.helper)],
    ['a duplicate of nothing', 'POST_NOT_FOUND', () => duplicate(forum.asker, newId())],
    ['a duplicate of itself', 'SAME_QUESTION', () => duplicate(forum.asker, forum.questionId)],
    [
      'a duplicate of no question',
      'INVALID_CONTENT',
      () => close(forum.asker, { reason: 'DUPLICATE' }),
    ],
    [
      'a duplicate for another reason',
      'INVALID_CONTENT',
      () => close(forum.moderator, { reason: 'OTHER', duplicateOfId: other }),
    ],
    ['reopening by its author', 'NOT_MODERATOR', () => run(forum.asker, 'reopenQuestion', {})],
    [
      'reopening by a stranger',
      'MEMBERSHIP_REQUIRED',
      () => run(forum.stranger, 'reopenQuestion', {}),
    ],
    ['reopening by nobody', 'UNAUTHENTICATED', () => run(null, 'reopenQuestion', {})],
    [
      'reopening nothing',
      'POST_NOT_FOUND',
      () => run(forum.moderator, 'reopenQuestion', { questionId: newId() }),
    ],
  ])('refuse %s: %s', async (_, code, run) => {
    expect((await run()).code).toBe(code);
    expect(await linked(forum.questionId)).toEqual([]);
    expect(await emitted(world.db)).toEqual([]);
  });
});
