import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  execute,
  getNamedType,
  getNullableType,
  GraphQLError,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  parse,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { composeSupergraph } from '../../compose';
import { fractionOf } from './random';

/**
 * A made-up federated library with one of everything that is hard: interfaces and unions over subgraphs,
 * lists of lists, shared value types, two keys, @requires on a nested field, @provides, an interface object.
 */
const link = (imports: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [${imports}])\n`;

const sdls: Readonly<Record<string, string>> = {
  catalog: `${link('"@key", "@shareable"')}
    scalar Anything
    enum Kind { PAPER FILM AUDIO }
    interface Named { id: ID!, title: String }
    interface Media @key(fields: "id") { id: ID!, title: String, kind: Kind!, author: Person, related(first: Int = 2): [Media!] }
    type Book implements Media & Named @key(fields: "id") { id: ID!, title: String!, kind: Kind!, author: Person, related(first: Int = 2): [Media!], pages: Int, meta: Meta, extra: Anything }
    type Film implements Media & Named @key(fields: "id") { id: ID!, title: String, kind: Kind!, author: Person!, related(first: Int = 2): [Media!], minutes: Float, cast: [Person!]!, meta: Meta! }
    type Meta @shareable { size: Int!, label: String, owner: Person }
    type Person @key(fields: "id") { id: ID!, works(first: Int = 2): [Item] }
    union Item = Book | Film | Person
    type Query { items: [Item!]!, media(first: Int = 3): [Media], medium(id: ID!): Media, book(id: ID!): Book, grid: [[Media]!], named: [Named!]! }
    type Mutation { addBook(title: String!): Book!, dropBook(id: ID!): Book }
  `,
  people: `${link('"@key", "@shareable"')}
    type Person @key(fields: "id") @key(fields: "email") { id: ID!, email: String!, name: String! @shareable, friends(first: Int = 2): [Person!], rating: Int, isActive: Boolean!, address: Address }
    type Address { street: String, city: City! }
    type City { name: String!, mayor: Person }
    type Query { me: Person, people(first: Int = 2): [Person!]!, must: Person! }
    type Mutation { rename(id: ID!, name: String!): Person }
  `,
  reviews: `${link('"@key", "@shareable", "@external", "@requires", "@provides"')}
    type Book @key(fields: "id") { id: ID!, title: String! @external, meta: Meta @external, reviews(first: Int = 2): [Review!]!, headline: String! @requires(fields: "title meta { size label }") }
    type Film @key(fields: "id") { id: ID!, reviews(first: Int = 2): [Review!] }
    type Meta @shareable { size: Int!, label: String }
    type Person @key(fields: "email") { email: String!, name: String! @external, reviews: [Review], nick: String @requires(fields: "name") }
    type Review @key(fields: "id") { id: ID!, stars: Int!, text: String, by: Person @provides(fields: "name"), about: Subject }
    union Subject = Book | Film
    type Query { topReviews(first: Int = 3): [Review!]!, review(id: ID!): Review }
  `,
  charts: `${link('"@key", "@interfaceObject"')}
    type Media @key(fields: "id") @interfaceObject { id: ID!, popularity: Int!, fans: [Person!] }
    type Person @key(fields: "id", resolvable: false) { id: ID! }
    type Query { popular(first: Int = 2): [Media!]! }
  `,
};

export interface Fault {
  /** Differs from run to run, so that other places fail. */
  readonly seed: string;
  /** The share of fields that are null or throw, and of calls that fail as a whole. */
  readonly probability: number;
}

interface Source {
  readonly __typename?: string;
  readonly id?: string;
  readonly email?: string;
  readonly [field: string]: unknown;
}

const idCount = 4;

/** Only catalog knows what a medium is; now and then it knows no medium of that id. */
const mediumById = ({ id }: { id: string }, fault: Fault): Source | null =>
  fractionOf(`${fault.seed}|medium|${id}`) < fault.probability
    ? null
    : { __typename: id.startsWith('b') ? 'Book' : 'Film', id };

const schemas: Readonly<Record<string, GraphQLSchema>> = Object.fromEntries(
  Object.entries(sdls).map(([name, sdl]) => [
    name,
    buildSubgraphSchema({
      typeDefs: parse(sdl),
      ...(name === 'catalog' && { resolvers: { Media: { __resolveReference: mediumById } } }),
    }),
  ]),
);

export const librarySupergraph = (): string => {
  const composed = composeSupergraph(Object.entries(sdls).map(([name, sdl]) => ({ name, sdl })));
  if ('errors' in composed) throw new Error(composed.errors.join('\n'));
  return composed.supergraphSdl;
};

export const librarySubgraphs = Object.keys(sdls);

/** Executes a call to one of the library's subgraphs. Equal calls give equal answers; some of them fail. */
export const callLibrary = async (
  subgraph: string,
  call: { readonly query: string; readonly variables: Record<string, unknown> },
  fault: Fault,
): Promise<ExecutionResult> => {
  const schema = schemas[subgraph];
  if (schema === undefined) throw new Error(`no subgraph ${subgraph}`);
  if (fractionOf(`${fault.seed}|call|${subgraph}|${call.query}`) < fault.probability / 3) {
    throw new GraphQLError(`${subgraph} is down`, { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
  }
  const result = await execute({
    schema,
    document: parse(call.query),
    variableValues: call.variables,
    contextValue: fault,
    fieldResolver: resolveField,
    typeResolver: (value: Source) => value.__typename,
  });
  return JSON.parse(JSON.stringify(result)) as ExecutionResult;
};

const resolveField: GraphQLFieldResolver<Source | undefined, Fault, { first?: number }> = (
  ...call
) => {
  const [source, args, fault, info] = call;
  const type = info.parentType.name;
  const id = source?.id ?? source?.email?.split('@')[0];
  const place = `${type}|${id ?? ''}|${info.fieldName}|${JSON.stringify(args)}`;
  if (info.fieldName === 'id') return id;
  if (info.fieldName === 'email') return `${id ?? ''}@example.org`;
  const luck = fractionOf(`${fault.seed}|${place}`);
  if (luck < fault.probability / 2) {
    throw new GraphQLError(`no ${info.fieldName}`, { extensions: { code: 'NOT_FOUND' } });
  }
  if (luck < fault.probability) return null;
  if (info.fieldName === 'headline')
    return `${String(source?.['title'])}: ${JSON.stringify(source?.['meta'])}`;
  if (info.fieldName === 'nick') return `the ${String(source?.['name'])}`;
  return valueOf(info.returnType, place, {
    schema: info.schema,
    length: args.first ?? 2,
  });
};

const valueOf = (
  type: GraphQLOutputType,
  place: string,
  context: { readonly schema: GraphQLSchema; readonly length: number },
): unknown => {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    return Array.from({ length: Math.min(context.length, 4) }, (_, index) =>
      !isNonNullType(nullable.ofType) && fractionOf(`${place}|${String(index)}|hole`) < 0.15
        ? null
        : valueOf(nullable.ofType, `${place}|${String(index)}`, context),
    );
  }
  const named = getNamedType(nullable);
  const number = Math.floor(fractionOf(place) * 1000);
  if (isEnumType(named)) return named.getValues()[number % named.getValues().length]?.name;
  if (!isCompositeType(named)) return leafOf(named.name, number);
  const types = isAbstractType(named) ? context.schema.getPossibleTypes(named) : [named];
  const name = types[number % types.length]?.name ?? named.name;
  return { __typename: name, id: `${name.charAt(0).toLowerCase()}${String(number % idCount)}` };
};

const leafOf = (type: string, number: number): unknown => {
  switch (type) {
    case 'Int':
      return number;
    case 'Float':
      return number / 8;
    case 'Boolean':
      return number % 2 === 0;
    case 'Anything':
      return { number, list: [1, 'two', { three: null }] };
    default:
      return `text ${String(number)} "\\ \u2028 \u{1F600}`;
  }
};
