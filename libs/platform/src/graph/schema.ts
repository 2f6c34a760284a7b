import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { parse, type GraphQLSchema } from 'graphql';
import {
  buildSchemaSync,
  createResolversMap,
  type AuthChecker,
  type ClassType,
} from 'type-graphql';
import type { Ctx } from '../context';
import { unauthenticated } from '../errors';
import { scopesOf, guardScopes } from '../scopes';
import { limitMutations } from '../write-limits';
import { withEnumDefaults } from './enum-defaults';

/** Finds an entity that another subgraph refers to by its key; null when there is none (any more). */
export type ReferenceResolver = (reference: { readonly id: string }, ctx: Ctx) => unknown;

export interface SchemaParts {
  readonly resolvers: readonly ClassType[];
  /** Types that no field mentions, members of unions excepted. */
  readonly types?: readonly ClassType[];
  /** By type name: how a `@key` becomes an entity. */
  readonly references: Readonly<Record<string, ReferenceResolver>>;
}

const federation = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.7",
  import: ["@key", "@shareable", "@external", "@provides", "@requires", "@override", "@inaccessible", "@tag", "@interfaceObject"]
)`;

/** `@Authorized()` opens an operation to accounts; which rows they may touch is for the policies. */
const requireAccount: AuthChecker<Ctx> = ({ context }) => {
  if (context.actor.kind === 'anonymous') throw unauthenticated();
  return true;
};

/** Subscriptions listen to signals, through a `subscribe` of their own. */
const noPubSub = {
  publish: () => {
    throw new Error('publish a signal instead');
  },
  subscribe: () => {
    throw new Error('give the subscription a `subscribe` that listens to signals');
  },
};

/** A federated schema of exactly these parts: type-graphql's registry is shared by all apps of a process. */
export const buildSubgraph = (parts: SchemaParts): GraphQLSchema => {
  const [first, ...rest] = parts.resolvers;
  if (first === undefined) throw new Error('a subgraph needs a resolver');
  const schema = buildSchemaSync({
    resolvers: [first, ...rest],
    orphanedTypes: [...(parts.types ?? [])],
    authChecker: requireAccount,
    validate: false,
    pubSub: noPubSub,
  });
  const resolvers: Record<string, unknown> = { ...createResolversMap(schema) };
  for (const [type, resolve] of Object.entries(parts.references)) {
    const fields = resolvers[type] as object | undefined;
    resolvers[type] = { ...fields, __resolveReference: resolve };
  }
  const federated = buildSubgraphSchema({
    typeDefs: parse(`${federation}\n${printSchemaWithDirectives(schema)}`),
    // Its own type wants GraphQLResolverMap, which type-graphql's differs from in name only.
    resolvers: resolvers as never,
  });
  limitMutations(federated);
  guardScopes(federated, scopesOf(schema));
  return withEnumDefaults(federated);
};
