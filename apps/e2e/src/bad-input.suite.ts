import { naughtyStrings } from '@lyceum/testing';
import { clientOf } from './client';
import { answer, ask, foundCommunity, register, type Person } from './people';
import type { System } from './system';

const codes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_INPUT',
  'NOT_FOUND',
  'RATE_LIMITED',
  'LIMIT_EXCEEDED',
];

/** Input that no client should send: a typed error, nothing changed, nothing of ours shown. */
export const badInput = (system: () => System): void => {
  let owner: Person & { slug: string };
  beforeAll(async () => {
    owner = await foundCommunity(system().url);
  });

  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${system().url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  const codeOf = async (response: Response): Promise<string | undefined> => {
    const { errors } = (await response.json()) as { errors?: { extensions?: { code?: string } }[] };
    return errors?.[0]?.extensions?.code;
  };

  it.each([
    ['an empty body', ''],
    ['a body that is no JSON', '{'],
    ['a JSON list', '[]'],
    ['a batch', '[{"query":"{ __typename }"},{"query":"{ __typename }"}]'],
    ['no query', '{}'],
    ['a query that is no text', '{"query":1}'],
    ['an unknown field', '{"query":"{ nothing }"}'],
    ['variables that are no object', '{"query":"{ __typename }","variables":"x"}'],
  ])('answers %s with a typed error', async (_, body) => {
    const response = await post(body);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(codes).toContain(await codeOf(response));
  });

  it('refuses a body of ten megabytes', async () => {
    const response = await post(
      JSON.stringify({ query: `{ __typename } # ${'x'.repeat(10_000_000)}` }),
    );
    expect(response.status).toBe(413);
    expect(codes).toContain(await codeOf(response));
  });

  it.each([
    [
      'deep',
      `{ communities { edges { node { ${'questions { edges { node { author { community { '.repeat(8)} id ${'} } } } }'.repeat(8)} } } } }`,
    ],
    [
      'aliased',
      `{ ${Array.from({ length: 500 }, (_, n) => `a${String(n)}: __typename`).join(' ')} }`,
    ],
    ['huge list', '{ communities(first: 100000) { edges { node { id } } } }'],
  ])('refuses a %s query', async (_, query) => {
    const { errors } = await owner.ask(query);
    expect(codes).toContain(errors?.[0]?.extensions.code);
  });

  it.each([
    'x',
    '',
    '00000000-0000-0000-0000-000000000000',
    '1; DROP TABLE question',
    '../../etc/passwd',
    '\u0000',
  ])('knows no thing with the id %p', async (id) => {
    const { data, errors } = await owner.ask<{
      member: unknown;
      question: unknown;
      community: unknown;
    }>(
      'query ($id: ID!) { member(id: $id) { id } question(id: $id) { id } community(id: $id) { id } }',
      { id },
    );
    for (const error of errors ?? []) expect(codes).toContain(error.extensions.code);
    expect(Object.values(data ?? {}).every((value) => value === null)).toBe(true);
  });

  it('refuses a cursor of another list', async () => {
    await ask(owner);
    await ask(owner, 'A second question, for a second page of them');
    const page = await owner.get<{ community: { questions: { pageInfo: { endCursor: string } } } }>(
      'query ($slug: String!) { community(slug: $slug) { questions(first: 1, orderBy: NEW) { pageInfo { endCursor } } } }',
      { slug: owner.slug },
    );
    const { errors } = await owner.ask(
      'query ($slug: String!, $after: String) { community(slug: $slug) { leaderboard(window: ALL_TIME, first: 1, after: $after) { edges { cursor } } } }',
      { slug: owner.slug, after: page.community.questions.pageInfo.endCursor },
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_INPUT');
  });

  it('refuses tokens that are expired, foreign or torn', async () => {
    const forged = ['eyJhbGciOiJub25lIn0.e30.', 'a.b.c', 'Bearer', `${'x'.repeat(5_000)}.y.z`];
    for (const token of forged) {
      const response = await post('{"query":"{ me { id } }"}', {
        authorization: `Bearer ${token}`,
      });
      expect(await codeOf(response)).toBe('UNAUTHENTICATED');
    }
  });

  it('takes each of the naughty strings as text, or says why not', async () => {
    const questionId = await ask(owner, 'What does a naughty string do here?');
    const answerId = await answer(owner, questionId);
    const send = async (text: string): Promise<unknown[]> => {
      const { data, errors } = await owner.ask<Record<string, { __typename: string }>>(
        `mutation ($comment: CommentInput!, $question: AskQuestionInput!) {
          comment(input: $comment) { __typename }
          askQuestion(input: $question) { __typename }
        }`,
        {
          comment: { targetId: answerId, body: text },
          question: { communityId: owner.communityId, title: text, body: text, tags: [text] },
        },
      );
      const isTyped =
        errors === undefined
          ? data != null
          : errors.every((error) => codes.includes(error.extensions.code));
      return isTyped ? [] : [{ text, data, errors }];
    };
    const unexpected: unknown[] = [];
    for (let start = 0; start < naughtyStrings.length; start += 10) {
      const answers = await Promise.all(naughtyStrings.slice(start, start + 10).map(send));
      unexpected.push(...answers.flat());
    }
    expect(unexpected).toEqual([]);
  }, 120_000);

  it('answers nobody who is not logged in, and changes nothing', async () => {
    const { errors } = await clientOf(system().url).ask(
      'mutation ($id: ID!) { askQuestion(input: { communityId: $id, title: "Is anybody there at all?", body: "I am nobody, and I ask." tags: [] }) { __typename } }',
      { id: owner.communityId },
    );
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('refuses those who are not members with a reason', async () => {
    const stranger = await register(system().url, 'stranger');
    const { askQuestion } = await stranger.get<{ askQuestion: { code: string } }>(
      `mutation ($id: ID!) { askQuestion(input: { communityId: $id, title: "May a stranger ask something?", body: "I have not joined this community.", tags: [] }) {
        ... on UserError { code } } }`,
      { id: owner.communityId },
    );
    expect(askQuestion.code).toBe('MEMBERSHIP_REQUIRED');
  });
};
