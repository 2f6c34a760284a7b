import { emitted, naughtyStrings } from '@lyceum/testing';
import {
  aForum,
  anAnswer,
  anArticle,
  contentWorld,
  type ContentWorld,
  type Forum,
} from './content.factory';

/** What there is to say to an id that names nothing. */
const refusals = new Set(['PostNotFound', 'CommunityUnknown', 'SuggestionNotFound']);

describe('each of the 515 naughty strings', () => {
  let world: ContentWorld;
  let forum: Forum;
  beforeAll(async () => {
    world = await contentWorld();
    forum = await aForum(world.db);
  });
  afterAll(() => world.close());

  const hasSomethingToSee = (text: string) => /[^\p{Z}\p{C}]/u.test(text);
  type Outcome = Readonly<Record<string, unknown>> & { readonly __typename: string };
  /** Runs one operation with the text in it; each field answers, or is refused with an error. */
  const run = async (operation: string, variables: Record<string, unknown>) => {
    const { data, errors } = await world.run<Record<string, Outcome | null> | null>(
      forum.asker,
      operation,
      variables,
    );
    const outcomes = { ...data };
    for (const { path, extensions } of errors)
      outcomes[String(path?.[0])] = { __typename: String(extensions['code']) };
    return outcomes;
  };
  const all = [...naughtyStrings, 'a\u0000b'];
  const isStorable = (text: string) => !/[\u0000\p{Surrogate}]/u.test(text);

  it('are 515', () => {});

  it('as any text come back exactly as they were sent, or are refused with a type', async () => {
    const operation = `mutation ($c: ID!, $q: ID!, $a: ID!, $r: ID!, $text: String!, $n: String!) {
      title: askQuestion(input: { communityId: $c, title: $text, body: "B" }) { __typename ... on Question { stored: title } }
      body: askQuestion(input: { communityId: $c, title: "T", body: $text }) { __typename ... on Question { stored: bodyMarkdown } }
      answer: answerQuestion(input: { questionId: $q, body: $text }) { __typename ... on Answer { stored: bodyMarkdown } }
      comment: comment(input: { targetId: $a, body: $text }) { __typename ... on Comment { stored: bodyMarkdown } }
      article: publishArticle(input: { communityId: $c, title: $text, body: $text }) { __typename ... on Article { stored: title } }
      question: editQuestion(input: { questionId: $q, title: $text, body: $text }) { __typename ... on Question { stored: title } }
      edit: editAnswer(input: { answerId: $a, body: $text }) { __typename ... on Answer { stored: bodyMarkdown } }
      revised: editArticle(input: { articleId: $r, title: $text }) { __typename ... on Article { stored: title } }
      summary: editAnswer(input: { answerId: $a, body: $n, summary: $text }) { __typename
        ... on Answer { revisions(first: 1) { edges { node { summary } } } } }
    }`;
    const lengths = { title: 200, body: 30_000, answer: 30_000, comment: 5_000, article: 200 };
    const maxLengths = { ...lengths, question: 200, edit: 30_000, revised: 200 };
    const articleId = await anArticle(world.db, forum.asker);
    const { communityId: c, questionId: q } = forum;
    const answerId = await anAnswer(world.db, forum.asker, { questionId: q });
    for (const [n, text] of all.entries()) {
      const outcomes = await run(operation, { c, q, a: answerId, r: articleId, text, n: `B${n}` });
      for (const [field, maxLength] of Object.entries(maxLengths)) {
        const outcome = outcomes[field];
        if (!isStorable(text))
          expect([field, text, outcome?.__typename]).toEqual([field, text, 'BAD_INPUT']);
        else if (!hasSomethingToSee(text) || [...text].length > maxLength)
          expect([field, text, outcome?.__typename]).toEqual([field, text, 'InvalidContent']);
        else expect([field, text, outcome?.['stored']]).toEqual([field, text, text]);
      }
      const summary = { revisions: { edges: [{ node: { summary: text } }] } };
      if (outcomes['summary']?.__typename === 'Answer')
        expect(outcomes['summary']).toMatchObject(summary);
      else expect(isStorable(text) ? [...text].length : Infinity).toBeGreaterThan(300);
    }
  }, 240_000);

  it('as tags are normalised tags, or are refused with a type', async () => {
    const operation = `mutation ($c: ID!, $tag: String!) {
      ask: askQuestion(input: { communityId: $c, title: "T", body: "B", tags: [$tag] }) { __typename
        ... on Question { tags { name } } } }`;
    for (const tag of all) {
      const { ask } = await run(operation, { c: forum.communityId, tag });
      if (ask?.__typename === 'Question') {
        const names = (ask['tags'] as { name: string }[]).map(({ name }) => name);
        expect([tag, names]).toEqual([
          tag,
          [expect.stringMatching(/^[\p{L}\p{M}\p{N}+#.-]{1,35}$/u)],
        ]);
      } else expect(ask?.__typename).toBe(isStorable(tag) ? 'InvalidContent' : 'BAD_INPUT');
    }
  }, 120_000);

  it('as an idempotency key are keys like any other', async () => {
    const operation = `mutation ($a: ID!, $key: String!) {
      first: comment(input: { targetId: $a, body: "B", idempotencyKey: $key }) { __typename ... on Comment { id } }
      again: comment(input: { targetId: $a, body: "B", idempotencyKey: $key }) { __typename ... on Comment { id } } }`;
    for (const key of all) {
      const { first, again } = await run(operation, { a: forum.answerId, key });
      const isKey = hasSomethingToSee(key) && [...key].length <= 200;
      if (!isStorable(key)) expect(first?.__typename).toBe('BAD_INPUT');
      else expect([key, first?.__typename]).toEqual([key, isKey ? 'Comment' : 'InvalidContent']);
      expect(again).toEqual(first);
    }
  }, 120_000);

  it('as an id is nothing known, and changes nothing', async () => {
    await world.db.query('TRUNCATE outbox');
    const commands = [
      'askQuestion(input: { communityId: $id, title: "T", body: "B" })',
      'publishArticle(input: { communityId: $id, title: "T", body: "B" })',
      'answerQuestion(input: { questionId: $id, body: "B" })',
      'acceptAnswer(input: { answerId: $id })',
      'unacceptAnswer(input: { questionId: $id })',
      'vote(input: { targetId: $id, value: UP })',
      'comment(input: { targetId: $id, body: "B" })',
      'favouriteQuestion(input: { questionId: $id })',
      'editQuestion(input: { questionId: $id, title: "T" })',
      'editAnswer(input: { answerId: $id, body: "B" })',
      'editArticle(input: { articleId: $id, body: "B" })',
      'suggestEdit(input: { targetId: $id, body: "B" })',
      'approveEdit(input: { suggestionId: $id })',
      'rejectEdit(input: { suggestionId: $id })',
      'linkQuestions(input: { questionId: $known, relatedQuestionId: $id })',
      'unlinkQuestions(input: { questionId: $id, relatedQuestionId: $known })',
      'closeQuestion(input: { questionId: $known, reason: DUPLICATE, duplicateOfId: $id })',
      'reopenQuestion(input: { questionId: $id })',
      'offerBounty(input: { questionId: $id, amount: 50 })',
      'awardBounty(input: { answerId: $id })',
    ];
    const fields = commands.map((command, n) => `c${n}: ${command} { __typename }`).join('\n');
    for (const id of all) {
      const outcomes = await run(`mutation ($id: ID!, $known: ID!) { ${fields} }`, {
        id,
        known: forum.questionId,
      });
      const names = Object.values(outcomes).map((outcome) => outcome?.__typename);
      expect([id, names.filter((name) => !refusals.has(String(name)))]).toEqual([id, []]);
    }
    expect(await emitted(world.db)).toEqual([]);
  }, 120_000);

  it('as an id, a cursor and a tag of a query are nothing, or BAD_INPUT', async () => {
    const query = `query ($id: ID!, $of: [_Any!]!, $text: String) {
      question(id: $id) { id } answer(id: $id) { id } article(id: $id) { id }
      _entities(representations: $of) { ... on Community {
        tagged: questions(tag: $text) { edges { cursor } } questions(after: $text) { edges { cursor } } } } }`;
    const types = ['Question', 'Answer', 'Comment', 'Article', 'Tag', 'Community', 'Member'];
    for (const text of all) {
      const of = [
        { __typename: 'Community', id: forum.communityId },
        ...types.map((__typename) => ({ __typename, id: text })),
      ];
      const { codes } = await world.run(forum.asker, query, { id: text, of, text });
      const expected = ['BAD_INPUT', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'];
      expect([text, codes.toSorted()]).toEqual([text, expected]);
    }
  }, 120_000);
});
