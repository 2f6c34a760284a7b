import { aWorld, type World } from '../testing/world';

/*
 * The first time an operation is asked for, Apollo Server answers; after that it is known, and answered without. The
 * client must not be able to tell which was which.
 */

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.close());

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

const ask = async (body: object, headers: Record<string, string> = {}): Promise<Answer> => {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'always-the-same', ...headers },
    body: JSON.stringify(body),
  });
  const {
    date,
    connection,
    'keep-alive': keepAlive,
    ...shown
  } = Object.fromEntries(response.headers);
  return { status: response.status, headers: shown, text: await response.text() };
};

it.each<[string, object]>([
  [
    'data of several subgraphs',
    { query: '{ posts(first: 4) { title author { handle points } } }' },
  ],
  ['errors beside data', { query: '{ posts(first: 5) { author { nickname handle } } }' }],
  ['an error of a field', { query: '{ fails posts(first: 1) { title } }' }],
  ['a null where there may be none', { query: '{ must }' }],
  ['variables', { query: 'query ($n: Int!) { posts(first: $n) { id } }', variables: { n: 2 } }],
  [
    'a named operation',
    { query: 'query A { me { id } } query B { search { __typename } }', operationName: 'B' },
  ],
  ['a mutation', { query: 'mutation { vote(postId: "p1") { title } }' }],
  ['introspection', { query: '{ __schema { queryType { name } } __typename }' }],
  [
    'nulls for what was left out',
    { query: '{ me { handle } }', operationName: null, variables: null },
  ],
])('is answered the same when it is known: %s', async (_, body) => {
  const first = await ask(body);
  expect(await ask(body)).toEqual(first);
  expect(await ask(body, { accept: 'application/json' })).toEqual(first);
});

it('says in a header, too, when to come again after a limit', async () => {
  const body = { query: 'mutation { vote(postId: "too-soon") { title } }' };
  const first = await ask(body);
  expect(first.headers).toMatchObject({ 'retry-after': '3' });
  expect(JSON.parse(first.text)).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: 3 } }],
  });
  expect(await ask(body)).toEqual(first);
  expect((await ask({ query: '{ posts(first: 1) { id } }' })).headers).not.toHaveProperty(
    'retry-after',
  );
});

it('still refuses variables that do not fit, and operations whose name it does not find', async () => {
  const query = 'query Some($n: Int!) { posts(first: $n) { title } }';
  expect((await ask({ query, variables: { n: 1 } })).status).toBe(200);
  for (const wrong of [
    { query, variables: { n: 'two' } },
    { query },
    { query, variables: { n: 1 }, operationName: 'Other' },
  ]) {
    const { text } = await ask(wrong);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_INPUT' } }] });
  }
});

it('still answers in the format that is asked for', async () => {
  const query = '{ posts(first: 3) { id } }';
  const accept = 'application/graphql-response+json';
  await ask({ query });
  const { headers } = await ask({ query }, { accept });
  expect(headers['content-type']).toContain(accept);
});
