import { createHash } from 'node:crypto';
import { Supergraph as FederationSupergraph, type Schema } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';

/** One loaded supergraph. A later one replaces it whole; requests that began on it also end on it. */
export interface Supergraph {
  readonly id: string;
  readonly sdl: string;
  readonly subgraphNames: readonly string[];
  /** What clients see. */
  readonly schema: GraphQLSchema;
  /** The same, as the planner's own type. */
  readonly apiSchema: Schema;
  /** With every type of every subgraph: decides which type an entity is of. */
  readonly fullSchema: GraphQLSchema;
  readonly planner: QueryPlanner;
}

/** Throws when the SDL is no supergraph; the caller then keeps the one it has. */
export const loadSupergraph = (sdl: string): Supergraph => {
  const supergraph = FederationSupergraph.build(sdl, { validateSupergraph: true });
  const apiSchema = supergraph.apiSchema();
  return {
    id: createHash('sha256').update(sdl).digest('hex').slice(0, 16),
    sdl,
    subgraphNames: supergraph.subgraphsMetadata().map(({ name }) => name),
    schema: apiSchema.toGraphQLJSSchema(),
    apiSchema,
    fullSchema: supergraph.schema.toGraphQLJSSchema(),
    planner: new QueryPlanner(supergraph),
  };
};
