import { newId } from '@lyceum/contracts';
import { scopes, scopesOf, type Actor } from '@lyceum/platform';
import { isObjectType, type GraphQLSchema } from 'graphql';

/**
 * Asks each guarded field of a subgraph with every scope but one that it needs, and returns the fields that
 * did not refuse: none, when the guard stands. Resolvers are not reached, so nothing needs to exist.
 */
export const fieldsWithoutGuard = async (schema: GraphQLSchema): Promise<readonly string[]> => {
  const open: string[] = [];
  for (const [name, needed] of scopesOf(schema)) {
    for (const missing of needed) {
      const granted = scopes.filter((scope) => scope !== missing);
      if ((await outcomeOf(schema, name, actorWith(granted))) !== 'FORBIDDEN') open.push(name);
    }
  }
  return open;
};

/** Root fields that the guard does not know, those of federation excepted. */
export const rootFieldsWithoutScopes = (schema: GraphQLSchema): readonly string[] => {
  const guarded = scopesOf(schema);
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
    .flatMap((type) =>
      Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name ?? ''}.${field}`),
    )
    .filter((name) => !guarded.has(name) && !/\._(entities|service)$/.test(name));
};

const actorWith = (granted: readonly string[]): Actor => ({
  kind: 'user',
  accountId: newId<'Account'>(),
  sessionId: newId<'Session'>(),
  scopes: granted,
});

const outcomeOf = async (schema: GraphQLSchema, name: string, actor: Actor): Promise<unknown> => {
  const [typeName = '', fieldName = ''] = name.split('.');
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  const resolve = field?.subscribe ?? field?.resolve;
  try {
    // The guard looks at nothing but the context.
    await resolve?.({}, {}, { actor }, { fieldName } as never);
    return 'answered';
  } catch (error) {
    return (error as { extensions?: Record<string, unknown> }).extensions?.['code'];
  }
};
