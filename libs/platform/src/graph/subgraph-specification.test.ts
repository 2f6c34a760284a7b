import { testWorld, type TestWorld } from '@lyceum/testing';
import type { FastifyInstance } from 'fastify';
import { Directive, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { anonymous, buildSubgraph, createSubgraphServer, signGatewayRequest } from '../index';

/*
 * What Apollo's subgraph specification asks of a subgraph that any gateway composes and calls:
 * https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
 */

@Directive('@key(fields: "id")')
@ObjectType()
class Book {
  @Field(() => ID) id!: string;
  @Field(() => String) title!: string;
  @Directive('@inaccessible')
  @Field(() => String)
  shelf!: string;
  @Directive('@tag(name: "internal")')
  @Field(() => String, { nullable: true })
  note?: string;
}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType()
class Reader {
  @Field(() => ID) id!: string;
}

const bookOf = (id: string): Book => ({ id, title: `Book ${id}`, shelf: 'A' });

@Resolver(() => Book)
class BookResolver {
  @Query(() => Book, { nullable: true })
  book(): Book {
    return bookOf('1');
  }
  @Query(() => Reader, { nullable: true })
  reader(): Reader {
    return { id: '7' };
  }
}

const gatewaySecret = 'a secret of at least thirty-two characters';
let world: TestWorld;
let server: FastifyInstance;
beforeAll(async () => {
  world = await testWorld({ app: 'books', database: { entities: [], migrations: [] } });
  server = await createSubgraphServer({
    deps: world.deps,
    schema: buildSubgraph({
      resolvers: [BookResolver],
      references: { Book: ({ id }) => (id === 'none' ? null : bookOf(id)) },
    }),
    gatewaySecret,
    verifyToken: () => Promise.resolve({ actor: anonymous, expiresAtMs: Infinity }),
  });
});
afterAll(async () => {
  await server.close();
  await world.close();
});

interface Answer {
  readonly data: Record<string, unknown>;
  readonly errors?: unknown;
  readonly extensions?: Record<string, unknown>;
}

const ask = async (
  query: string,
  { variables = {}, headers = {} }: { variables?: object; headers?: Record<string, string> } = {},
): Promise<Answer> => {
  const payload = JSON.stringify({ query, variables });
  const signature = signGatewayRequest(gatewaySecret, payload, Date.now());
  const response = await server.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', 'x-lyceum-gateway': signature, ...headers },
    payload,
  });
  return response.json();
};

it('gives its SDL with the link to the specification, keys and directives', async () => {
  const { data } = await ask('{ _service { sdl } }');
  const sdl = (data['_service'] as { sdl: string }).sdl.replaceAll(/\s+/g, ' ');
  expect(sdl).toMatch(/@link\(url: "https:\/\/specs\.apollo\.dev\/federation\/v2\.\d"/);
  expect(sdl).toContain('type Book @key(fields: "id")');
  expect(sdl).toContain('type Reader @key(fields: "id", resolvable: false)');
  expect(sdl).toMatch(/shelf: String! @inaccessible/);
  expect(sdl).toMatch(/note: String @tag\(name: "internal"\)/);
});

it('resolves entities in the order they are asked for, the same one twice, and null for what is not there', async () => {
  const { data, errors } = await ask(
    'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Book { id title } } }',
    { variables: { r: ['2', 'none', '1', '2'].map((id) => ({ __typename: 'Book', id })) } },
  );
  expect(errors).toBeUndefined();
  const [one, two] = ['1', '2'].map((id) => ({ __typename: 'Book', id, title: `Book ${id}` }));
  expect(data['_entities']).toEqual([two, null, one, two]);
});

it('lists only entities that it resolves in the union of entities', async () => {
  const { data } = await ask('{ __type(name: "_Entity") { possibleTypes { name } } }');
  expect(data['__type']).toEqual({ possibleTypes: expect.arrayContaining([{ name: 'Book' }]) });
});

it('traces when the gateway asks it to (ftv1), and only then', async () => {
  const traced = await ask('{ book { id } }', {
    headers: { 'apollo-federation-include-trace': 'ftv1' },
  });
  expect(traced.extensions).toEqual({ ftv1: expect.any(String) as string });
  expect((await ask('{ book { id } }')).extensions).toBeUndefined();
});
