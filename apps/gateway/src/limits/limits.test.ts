import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getIntrospectionQuery,
  Kind,
  parse,
  type OperationDefinitionNode,
} from 'graphql';
import { defaultLimits } from '../options';
import { aWorld, ask, type Reply, type World } from '../testing/world';
import { compileCost } from './cost';
import { limitsRule } from './limits-rule';
import { validate } from 'graphql';

const codes = ({ body }: Reply): unknown[] =>
  (body.errors ?? []).map(({ extensions }) => extensions['code']);

/** Every error of every answer: a code of the closed list, the request's id, nothing else from inside. */
const expectTyped = (reply: Reply, code: string): void => {
  expect(new Set(codes(reply))).toEqual(new Set([code]));
  for (const error of reply.body.errors ?? []) {
    expect(error.extensions['requestId']).toBe(reply.headers.get('x-request-id'));
    expect(JSON.stringify(error)).not.toMatch(/stacktrace|node_modules|Did you mean/);
  }
};

describe('a gateway that strangers ask', () => {
  let world: World;
  beforeAll(async () => {
    world = await aWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => {
    for (const stub of [world.content, world.identity, world.reputation]) stub.calls.length = 0;
  });
  const calls = () =>
    world.content.calls.length + world.identity.calls.length + world.reputation.calls.length;

  const repeated = (count: number, text: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => text(index)).join(' ');

  it.each([
    ['aliases', `{ ${repeated(101, (index) => `a${String(index)}: me { id }`)} }`],
    [
      'aliases of a mutation',
      `mutation { ${repeated(40, (index) => `a${String(index)}: slow(name: "x")`)} }`,
    ],
    ['repetitions', `{ ${repeated(500, () => '__typename')} }`],
    ['depth', `{ me { ${'posts { author { '.repeat(10)} id ${'} }'.repeat(10)} } }`],
    [
      'depth through fragments',
      `{ me { ...A } } fragment A on Member { posts { author { ...B } } } fragment B on Member { posts { author { posts { author { posts { author { posts { author { posts { author { posts { author { posts { author { id } } } } } } } } } } } } } } }`,
    ],
    [
      'directives',
      `{ me { ${repeated(28, (index) => `a${String(index)}: id @skip(if: false) @include(if: true)`)} } }`,
    ],
    ['tokens', `{ me { ${repeated(2_000, () => 'id')} } }`],
    ['list sizes', '{ posts(first: 100) { author { posts(first: 100) { author { id } } } } }'],
    ['a large list', '{ posts(first: 100000) { id } }'],
    [
      'fragments that double each other',
      `{ me { ...F0 } } ${repeated(14, (index) => `fragment F${String(index)} on Member { a: posts { author { ...F${String(index + 1)} } } b: posts { author { ...F${String(index + 1)} } } }`)} fragment F14 on Member { id }`,
    ],
  ])('refuses too much: %s', async (_, query) => {
    const startedAt = Date.now();
    expectTyped(await ask(world.url, query), 'LIMIT_EXCEEDED');
    expect(Date.now() - startedAt).toBeLessThan(1_000);
    expect(calls()).toBe(0);
  });

  it('counts list sizes that come in variables, and their defaults', async () => {
    const query =
      'query ($n: Int = 200) { posts(first: $n) { author { posts(first: $n) { id } } } }';
    expectTyped(await ask(world.url, query), 'LIMIT_EXCEEDED');
    expectTyped(await ask(world.url, query, { variables: { n: 200 } }), 'LIMIT_EXCEEDED');
    expect(codes(await ask(world.url, query, { variables: { n: 3 } }))).toEqual([]);
  });

  it.each([
    ['introspection', '{ __schema { types { name } } }'],
    ['introspection of a type', '{ __type(name: "Post") { name } }'],
    [
      'circular introspection',
      '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }',
    ],
    ['an unknown field', '{ po }'],
    ['a syntax error', '{ posts {'],
    ['an empty query', ''],
    ['an unknown directive', '{ me @nope { id } }'],
    ['a wrong argument', '{ post(id: [1]) { id } }'],
    ['two operations and no name', 'query A { me { id } } query B { me { id } }'],
    ['two operations of one name', 'query A { me { id } } query A { me { id } }'],
    ['a subscription over plain HTTP', 'subscription { voted { post { id } } }'],
    ['entities', '{ _entities(representations: []) { __typename } }'],
    ['the SDL of a subgraph', '{ _service { sdl } }'],
    ['a fragment within itself', '{ me { ...A } } fragment A on Member { ...A }'],
    ['incremental delivery', '{ me { ... @defer { id } } }'],
  ])('refuses what is wrong: %s', async (_, query) => {
    const reply = await ask(world.url, query);
    expect(reply.status).toBe(400);
    expectTyped(reply, 'BAD_INPUT');
    expect(calls()).toBe(0);
  });

  it.each([
    ['a missing one', {}],
    ['a wrong type', { id: { deep: { deeper: [] } } }],
    ['null', { id: null }],
  ])('refuses variables that do not fit: %s', async (_, variables) => {
    const reply = await ask(world.url, 'query ($id: ID!) { post(id: $id) { id } }', { variables });
    expectTyped(reply, 'BAD_INPUT');
    expect(calls()).toBe(0);
  });

  const send = async (
    body: string | undefined,
    headers: Record<string, string>,
    method = 'POST',
  ): Promise<Reply> => {
    const response = await fetch(`${world.url}/graphql`, {
      method,
      headers,
      ...(body !== undefined && { body }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Reply['body'],
    };
  };
  const json = { 'content-type': 'application/json' };

  it.each([
    ['a batch', 400, 'BAD_INPUT', '[{"query":"{ me { id } }"},{"query":"{ me { id } }"}]', json],
    ['no body', 400, 'BAD_INPUT', '', json],
    ['null', 400, 'BAD_INPUT', 'null', json],
    ['no object', 400, 'BAD_INPUT', '"{ me }"', json],
    ['no query', 400, 'BAD_INPUT', '{"variables":{}}', json],
    ['a query that is no text', 400, 'BAD_INPUT', '{"query":{"kind":"Document"}}', json],
    ['variables as text', 400, 'BAD_INPUT', '{"query":"{ me { id } }","variables":"{}"}', json],
    ['broken JSON', 400, 'BAD_INPUT', '{"query":', json],
    [
      'a key that changes objects',
      400,
      'BAD_INPUT',
      '{"query":"{ me { id } }","variables":{"__proto__":{"x":1}}}',
      json,
    ],
    [
      'a persisted query',
      400,
      'BAD_INPUT',
      '{"query":"{ me { id } }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}',
      json,
    ],
    [
      'a form',
      415,
      'BAD_INPUT',
      'query={me{id}}',
      { 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['plain text', 415, 'BAD_INPUT', '{"query":"{ me { id } }"}', { 'content-type': 'text/plain' }],
    [
      'a multipart form',
      415,
      'BAD_INPUT',
      '--x--',
      { 'content-type': 'multipart/form-data; boundary=x' },
    ],
    [
      'an unknown type',
      415,
      'BAD_INPUT',
      '{"query":"{ me { id } }"}',
      { 'content-type': 'message/rfc822' },
    ],
    [
      'an answer that is no JSON',
      406,
      'BAD_INPUT',
      '{"query":"{ me { id } }"}',
      { ...json, accept: 'text/csv' },
    ],
    [
      'ten megabytes',
      413,
      'LIMIT_EXCEEDED',
      JSON.stringify({ query: 'x'.repeat(10_000_000) }),
      json,
    ],
  ])('refuses a request that is none: %s', async (_, status, code, body, headers) => {
    const reply = await send(body, headers);
    expect(reply.status).toBe(status);
    expectTyped(reply, code);
    expect(calls()).toBe(0);
  });

  it('executes nothing for GET, and has nothing elsewhere', async () => {
    for (const query of ['{me{id}}', 'mutation{slow(name:"x")}']) {
      const response = await fetch(`${world.url}/graphql?query=${encodeURIComponent(query)}`);
      expect(response.status).toBe(405);
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'BAD_INPUT' } }],
      });
    }
    expect(
      (
        await fetch(`${world.url}/graphql?query={me{id}}`, {
          headers: { 'content-type': 'message/x' },
        })
      ).status,
    ).toBe(405);
    expect((await fetch(`${world.url}/graphql`, { headers: { accept: 'text/html' } })).status).toBe(
      405,
    );
    const elsewhere = await fetch(`${world.url}/etc/passwd`);
    expect(elsewhere.status).toBe(404);
    expect(await elsewhere.json()).toMatchObject({
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    });
    expect(calls()).toBe(0);
  });

  it('gives no trace, whatever the client asks for', async () => {
    const reply = await ask(world.url, '{ me { id } }', {
      headers: { 'apollo-federation-include-trace': 'ftv1', 'apollo-query-plan-experimental': '1' },
    });
    expect(reply.body).toEqual({ data: { me: { id: 'm1' } } });
  });

  it('survives strings that break programs', async () => {
    const strings = [
      '\u0000',
      '\ud800',
      '\u202e',
      '%s%n',
      '${jndi:ldap://x}',
      "' OR 1=1 --",
      '\u{1F4A9}'.repeat(1000),
      '../../etc/passwd',
    ];
    for (const id of strings) {
      const reply = await ask(world.url, 'query ($id: ID!) { post(id: $id) { id } }', {
        variables: { id },
      });
      expect(reply.body).toEqual({ data: { post: null } });
    }
    expectTyped(await ask(world.url, '{ post(id: "\ud83d") { id } }'), 'BAD_INPUT');
  });

  it('lets ordinary deep variables pass', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`) as unknown;
    expectTyped(
      await ask(world.url, 'query ($id: ID!) { post(id: $id) { id } }', {
        variables: { id: deep },
      }),
      'BAD_INPUT',
    );
  });
});

describe('a gateway that may be explored', () => {
  let world: World;
  beforeAll(async () => {
    world = await aWorld({ isExplorable: true });
  });
  afterAll(() => world.close());

  it('answers the introspection of tools', async () => {
    for (const options of [{}, { inputValueDeprecation: true, specifiedByUrl: true }]) {
      const { body } = await ask(world.url, getIntrospectionQuery(options));
      expect(body.errors).toBeUndefined();
      expect(JSON.stringify(body.data)).toContain('"Member"');
    }
    const named = await ask(
      world.url,
      'query ($name: String!) { type: __type(name: $name) { name } me { id } }',
      { variables: { name: 'Post' } },
    );
    expect(named.body).toEqual({ data: { type: { name: 'Post' }, me: { id: 'm1' } } });
  });

  it('still refuses introspection in circles', async () => {
    const reply = await ask(
      world.url,
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
    );
    expect(reply.status).toBe(400);
  });

  it('has a page for people that needs nothing from elsewhere', async () => {
    const response = await fetch(`${world.url}/graphql`, {
      headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch('text/html');
    const page = await response.text();
    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(0);
    for (const link of links.filter((address) => !address.startsWith('data:'))) {
      const file = await fetch(new URL(link, `${world.url}/graphql`));
      expect([link, file.status]).toEqual([link, 200]);
      expect(new URL(file.url).origin).toBe(world.url);
    }
  });
});

describe('the limits', () => {
  const schema = buildSchema(readFileSync(require.resolve('../testing/platform.graphql'), 'utf8'));
  const examples = readFileSync(require.resolve('../testing/examples.graphql'), 'utf8');

  it('let the operations pass that the platform is made for', () => {
    const document = parse(examples, { maxTokens: defaultLimits.maxTokens });
    expect(validate(schema, document, [limitsRule(defaultLimits)])).toEqual([]);
    for (const operation of document.definitions) {
      if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
      const cost = compileCost({ schema, operation, fragments: {} }, defaultLimits)({});
      expect(cost).toBeLessThan(defaultLimits.maxCost / 4);
    }
  });

  it('count what an answer may have', () => {
    const [operation] = parse(
      '{ communities(first: 5) { edges { node { id name } } pageInfo { hasNextPage } } }',
    ).definitions;
    // communities, edges, 5 × (node, id, name), pageInfo, hasNextPage
    expect(
      compileCost(
        { schema, operation: operation as OperationDefinitionNode, fragments: {} },
        defaultLimits,
      )({}),
    ).toBe(19);
  });
});
