import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { newId } from '@lyceum/contracts';
import { testWorld, type TestWorld } from '@lyceum/testing';
import type { FastifyInstance } from 'fastify';
import { SignJWT, exportJWK } from 'jose';
import {
  Arg,
  Authorized,
  Ctx as Context,
  Directive,
  Field,
  ID,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import {
  createSubgraphServer,
  createTokenVerifier,
  signGatewayRequest,
  buildSubgraph,
  load,
  type BatchQuery,
  type Ctx,
  parsePage,
  PageArgs,
  connectionType,
  toConnection,
  type Connection,
} from '../index';
import { Args } from 'type-graphql';

/* A small subgraph of notes: what every app does with the platform, on one page. */

@Directive('@key(fields: "id")')
@ObjectType()
class Note {
  @Field(() => ID) id!: string;
  @Field(() => String) text!: string;
}
const NoteConnection = connectionType('Note', () => Note);

let batches: (readonly string[])[] = [];
const notesById: BatchQuery<string, Note> = (_, ids) => {
  batches.push(ids);
  return Promise.resolve(
    new Map(ids.filter((id) => id !== 'none').map((id) => [id, { id, text: `note ${id}` }])),
  );
};

@Resolver(() => Note)
class NoteResolver {
  @Query(() => Note, { nullable: true })
  note(@Arg('id', () => ID) id: string, @Context() ctx: Ctx): Promise<Note | null> {
    return load(ctx, notesById, id);
  }
  @Query(() => NoteConnection)
  notes(@Args(() => PageArgs) page: PageArgs): Connection<Note> {
    const { first, after } = parsePage('notes', page);
    const start = after === null ? 0 : Number(after[0]) + 1;
    const rows = [0, 1, 2, 3, 4]
      .slice(start, start + first + 1)
      .map((n) => ({ id: String(n), text: '' }));
    return toConnection(rows, { list: 'notes', first, positionOf: (note) => [Number(note.id)] });
  }
  @Authorized()
  @Query(() => String)
  secret(@Context() ctx: Ctx): string {
    return ctx.actor.kind === 'user' ? ctx.actor.accountId : '?';
  }
  @Query(() => String)
  bug(): string {
    throw new Error('password=hunter2');
  }
  @Query(() => String)
  async badText(@Arg('text', () => String) text: string, @Context() ctx: Ctx): Promise<string> {
    const [row] = await ctx.db.query<{ text: string }[]>('SELECT $1::text AS text', [text]);
    return row?.text ?? '';
  }
  @Subscription(() => Note, { subscribe: () => threeNotes() })
  noteAdded(@Root() note: Note): Note {
    return note;
  }
}
async function* threeNotes(): AsyncGenerator<Note> {
  for (const id of ['1', '2', '3']) yield await Promise.resolve({ id, text: `note ${id}` });
}

const gatewaySecret = 'a secret of at least thirty-two characters';
const keys = generateKeyPairSync('ed25519');
const accountId = newId<'Account'>();

const token = (
  claims: Record<string, unknown> = {},
  options: { key?: KeyObject; typ?: string; alg?: string } = {},
): Promise<string> =>
  new SignJWT({
    sid: 's',
    scope: '*',
    iss: 'lyceum',
    aud: 'lyceum',
    sub: accountId,
    iat: 1_700_000_000,
    exp: 4_000_000_000,
    ...claims,
  })
    .setProtectedHeader({ alg: options.alg ?? 'EdDSA', typ: options.typ ?? 'at+jwt', kid: 'k1' })
    .sign(options.key ?? keys.privateKey);

let world: TestWorld;
let server: FastifyInstance;

beforeAll(async () => {
  world = await testWorld({ app: 'notes', database: { entities: [], migrations: [] } });
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'EdDSA' };
  server = await createSubgraphServer({
    deps: world.deps,
    schema: buildSubgraph({
      resolvers: [NoteResolver],
      references: { Note: ({ id }, ctx) => load(ctx, notesById, id) },
    }),
    verifyToken: createTokenVerifier({ keys: { keys: [jwk] } }),
    gatewaySecret,
  });
});
afterAll(async () => {
  await server.close();
  await world.close();
});

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: { code: string } }[];
}
const ask = async (
  query: string,
  options: { variables?: object; headers?: Record<string, string>; path?: string } = {},
): Promise<{ status: number; answer: Answer; text: string }> => {
  const body = JSON.stringify({ query, variables: options.variables });
  const response = await server.inject({
    method: 'POST',
    url: options.path ?? '/graphql',
    headers: {
      'content-type': 'application/json',
      'x-lyceum-gateway': signGatewayRequest(gatewaySecret, body, Date.now()),
      ...options.headers,
    },
    payload: body,
  });
  const isJson = String(response.headers['content-type']).includes('json');
  return {
    status: response.statusCode,
    answer: isJson ? response.json<Answer>() : {},
    text: response.body,
  };
};

describe('a request without the gateway’s signature', () => {
  const entities =
    '{ _entities(representations: [{ __typename: "Note", id: "1" }]) { ... on Note { text } } }';
  it.each([
    ['none', ''],
    ['made up', `t=${String(Date.now())},v1=${'0'.repeat(64)}`],
    ['of another body', signGatewayRequest(gatewaySecret, '{}', Date.now())],
    [
      'of another secret',
      signGatewayRequest('x'.repeat(32), JSON.stringify({ query: entities }), Date.now()),
    ],
    [
      'too old',
      signGatewayRequest(gatewaySecret, JSON.stringify({ query: entities }), Date.now() - 61_000),
    ],
  ])('gets an error and no data (%s)', async (_, signature) => {
    const { status, answer } = await ask(entities, { headers: { 'x-lyceum-gateway': signature } });

    expect(status).toBe(401);
    expect(answer.data).toBeUndefined();
    expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('is answered when clocks differ by five seconds', async () => {
    const body = JSON.stringify({ query: '{ __typename }' });
    const headers = {
      'x-lyceum-gateway': signGatewayRequest(gatewaySecret, body, Date.now() + 5_000),
    };
    expect((await ask('{ __typename }', { headers })).answer.data).toEqual({ __typename: 'Query' });
  });

  it('cannot open a stream either', async () => {
    const { status } = await ask('subscription { noteAdded { id } }', {
      path: '/graphql/stream',
      headers: { 'x-lyceum-gateway': '' },
    });
    expect(status).toBe(401);
  });
});

describe('an access token', () => {
  it('tells who asks', async () => {
    const { answer } = await ask('{ secret }', {
      headers: { authorization: `Bearer ${await token()}` },
    });
    expect(answer.data).toEqual({ secret: accountId });
  });

  it('is needed where the schema says so', async () => {
    const { answer } = await ask('{ secret }');
    expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it.each([
    ['expired', () => token({ exp: 1_700_000_100 })],
    ['of another audience', () => token({ aud: 'other' })],
    ['of another issuer', () => token({ iss: 'other' })],
    ['of another type', () => token({}, { typ: 'JWT' })],
    ['of another key', () => token({}, { key: generateKeyPairSync('ed25519').privateKey })],
    ['without a session', () => token({ sid: undefined })],
    ['not yet valid', () => token({ nbf: 4_000_000_000 })],
    [
      'with alg none',
      () => Promise.resolve(`${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`),
    ],
    ['that is no token', () => Promise.resolve('nonsense')],
  ])('is refused when it is %s', async (_, make) => {
    const { status, answer } = await ask('{ secret }', {
      headers: { authorization: `Bearer ${await make()}` },
    });
    expect(status).toBe(401);
    expect(answer.data).toBeUndefined();
  });

  it('signed with the public key as an HMAC secret is refused', async () => {
    const publicPem = keys.publicKey.export({ type: 'spki', format: 'pem' });
    const forged = await new SignJWT({
      sid: 's',
      sub: accountId,
      iss: 'lyceum',
      aud: 'lyceum',
      iat: 1_700_000_000,
      exp: 4_000_000_000,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'k1' })
      .sign(Buffer.from(publicPem));
    expect(
      (await ask('{ secret }', { headers: { authorization: `Bearer ${forged}` } })).status,
    ).toBe(401);
  });
});

describe('errors', () => {
  it('of ours are masked, with an id to look them up by', async () => {
    const { answer, text } = await ask('{ bug }');
    expect(answer.errors?.[0]?.extensions).toEqual({
      code: 'INTERNAL',
      errorId: expect.any(String) as string,
    });
    expect(text).not.toContain('hunter2');
  });

  it('of the client have a code of the closed list', async () => {
    expect((await ask('{ nothing }')).answer.errors?.[0]?.extensions.code).toBe('BAD_INPUT');
    expect((await ask('{')).answer.errors?.[0]?.extensions.code).toBe('BAD_INPUT');
  });

  it('say so when text cannot be stored', async () => {
    const { answer } = await ask('query ($t: String!) { badText(text: $t) }', {
      variables: { t: 'a\u0000b' },
    });
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_INPUT');
  });
});

describe('reading', () => {
  it('finds the entities of a page in one query', async () => {
    batches = [];
    const { answer } = await ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Note { text } } }',
      {
        variables: { r: ['1', '2', 'none', '1'].map((id) => ({ __typename: 'Note', id })) },
      },
    );
    expect(answer.data).toEqual({
      _entities: [{ text: 'note 1' }, { text: 'note 2' }, null, { text: 'note 1' }],
    });
    expect(batches).toEqual([['1', '2', 'none']]);
  });

  it('pages with a cursor that only its own list takes', async () => {
    const page =
      'query ($first: Int!, $after: String) { notes(first: $first, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }';
    const first = await ask(page, { variables: { first: 3 } });
    expect(first.answer.data).toMatchObject({
      notes: { edges: [{ node: { id: '0' } }, {}, {}], pageInfo: { hasNextPage: true } },
    });
    const { endCursor } = (first.answer.data?.['notes'] as Connection<Note>).pageInfo;
    const next = await ask(page, { variables: { first: 3, after: endCursor } });
    expect(next.answer.data).toMatchObject({
      notes: {
        edges: [{ node: { id: '3' } }, { node: { id: '4' } }],
        pageInfo: { hasNextPage: false },
      },
    });

    for (const variables of [
      { first: 100_000 },
      { first: 0 },
      { first: 3, after: 'x' },
      { first: 3, after: Buffer.from('["other",1]').toString('base64url') },
      { first: 3, after: Buffer.from('["notes",{}]').toString('base64url') },
    ]) {
      expect((await ask(page, { variables })).answer.errors?.[0]?.extensions.code).toBe(
        'BAD_INPUT',
      );
    }
  });

  it('streams a subscription as server-sent events', async () => {
    const { text } = await ask('subscription { noteAdded { id text } }', {
      path: '/graphql/stream',
      headers: { accept: 'text/event-stream' },
    });
    const events = text.split('\n').filter((line) => line.startsWith('data: {'));
    expect(events.map((line) => JSON.parse(line.slice(6)) as unknown)).toEqual(
      ['1', '2', '3'].map((id) => ({ data: { noteAdded: { id, text: `note ${id}` } } })),
    );
  });
});

describe('operators', () => {
  it('see that it lives, whether it is ready, and its metrics', async () => {
    expect((await server.inject('/health/live')).statusCode).toBe(200);
    expect((await server.inject('/health/ready')).json()).toEqual({
      status: 'ready',
      checks: { database: 'ok', queues: 'ok' },
    });
    const { body } = await server.inject('/metrics');
    expect(body).toContain('lyceum_outbox_lag_seconds{app="notes"} 0');
    expect(body).toContain(
      'lyceum_events_lag_seconds{destination="reputation-engagement",app="notes"} 0',
    );
  });
});
