import type { Ctx } from '@lyceum/platform';
import { graphql, type GraphQLSchema } from 'graphql';

/** Asks the subgraph as the gateway does: for fields of an entity that another subgraph found. */
export const askEntities = async <Entity = Record<string, unknown>>(
  { schema, ctx }: { schema: GraphQLSchema; ctx: Ctx },
  entities: readonly { readonly __typename: string; readonly id: string }[],
  selection: string,
): Promise<Entity[]> => {
  const { data, errors } = await graphql({
    schema,
    contextValue: ctx,
    source: `query ($of: [_Any!]!) { _entities(representations: $of) { ${selection} } }`,
    variableValues: { of: entities },
  });
  if (errors?.[0]) throw errors[0];
  // Parsed from the schema's own answer; the test names the shape it selected.
  return JSON.parse(JSON.stringify(data?.['_entities'])) as Entity[];
};
