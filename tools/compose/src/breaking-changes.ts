import { Supergraph } from '@apollo/federation-internals';
import { findBreakingChanges, type GraphQLSchema } from 'graphql';

/** What clients see of a supergraph. */
const apiSchema = (supergraphSdl: string): GraphQLSchema =>
  Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();

/** Changes between two supergraphs after which an operation that worked may not. */
export const breakingChanges = (before: string, after: string): readonly string[] => {
  if (before === '') return [];
  return findBreakingChanges(apiSchema(before), apiSchema(after)).map(
    ({ description }) => description,
  );
};
