import type { Ctx } from '@lyceum/platform';
import { graphql, type GraphQLSchema } from 'graphql';

export interface Asked {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- of the shape that the test has selected
  readonly data: any;
  /** Of the errors; undefined when there are none. */
  readonly codes: readonly unknown[] | undefined;
}

/** Asks the subgraph's schema as its server does. */
export const askGraph = async (
  { schema, ctx }: { readonly schema: GraphQLSchema; readonly ctx: Ctx },
  source: string,
  variables: object = {},
): Promise<Asked> => {
  const { data, errors } = await graphql({
    schema,
    source,
    contextValue: ctx,
    variableValues: { ...variables },
  });
  return { data, codes: errors?.map(({ extensions }) => extensions['code']) };
};
