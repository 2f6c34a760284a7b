import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { isObjectType } from 'graphql';
import { Extensions } from 'type-graphql';
import type { Actor } from './auth';
import type { Ctx } from './context';
import { forbidden } from './errors';

/** What a personal access token may be allowed to do. A token never allows more than its account may. */
export const scopes = [
  'read',
  'write',
  'analytics:read',
  'money:read',
  'money:write',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

/** Who has logged in may use all rights of the account; no other token carries this. */
export const allScopes = '*';

type Needed = Scope | typeof allScopes;

/**
 * Which scopes a token needs for this field: all that are named. Without it, queries and subscriptions need
 * `read`, mutations `write`, and fields of other types only what led to them.
 */
export const Scopes = (first: Scope, ...rest: readonly Scope[]) =>
  Extensions({ scopes: [first, ...rest] });

/** For passwords, tokens and second factors: a token that leaked must not be able to make itself at home. */
export const SessionOnly = () => Extensions({ scopes: [allScopes] });

export const hasScopes = (actor: Actor, needed: readonly string[]): boolean =>
  actor.kind !== 'user' ||
  actor.scopes.includes(allScopes) ||
  needed.every((scope) => actor.scopes.includes(scope));

/** By `Type.field`: what `Scopes` and `SessionOnly` say, and of a guarded schema what every root field needs. */
export const scopesOf = (schema: GraphQLSchema): ReadonlyMap<string, readonly Needed[]> => {
  const declared = new Map<string, readonly Needed[]>();
  for (const { name, field } of fieldsOf(schema)) {
    const needed = field.extensions['scopes'];
    if (Array.isArray(needed)) declared.set(name, needed as readonly Needed[]); // set above alone
  }
  return declared;
};

/**
 * Puts the guard in front of every root field, and of what `declared` names besides. It stands in the subgraph
 * itself: who got past the gateway meets it all the same.
 */
export const guardScopes = (
  schema: GraphQLSchema,
  declared: ReadonlyMap<string, readonly Needed[]>,
): void => {
  for (const { type, name, field } of fieldsOf(schema)) {
    const needed = declared.get(name) ?? defaultScopes(schema, type, field.name);
    if (needed === undefined) continue;
    field.extensions = { ...field.extensions, scopes: needed };
    field.resolve = guarded(needed, field.resolve ?? ownProperty);
    if (field.subscribe !== undefined) field.subscribe = guarded(needed, field.subscribe);
  }
};

type Resolve = GraphQLFieldResolver<unknown, Ctx, Record<string, unknown>>;

// eslint-disable-next-line @typescript-eslint/max-params -- graphql-js calls it
const ownProperty: Resolve = (source, _args, _ctx, info) =>
  (source as Record<string, unknown> | null | undefined)?.[info.fieldName];

const guarded =
  (needed: readonly Needed[], resolve: Resolve): Resolve =>
  // eslint-disable-next-line @typescript-eslint/max-params -- graphql-js calls it
  (source, args, ctx, info) => {
    requireScopes(ctx.actor, needed);
    return resolve(source, args, ctx, info);
  };

/** Throws FORBIDDEN for a token without one of these. */
export const requireScopes = (actor: Actor, needed: readonly string[]): void => {
  if (hasScopes(actor, needed)) return;
  const isForSessions = needed.includes(allScopes);
  throw forbidden(
    isForSessions
      ? 'Log in for this: access tokens made for programs cannot do it.'
      : `The access token needs the scope ${needed.map((scope) => `"${scope}"`).join(' and ')}.`,
    isForSessions ? {} : { requiredScopes: [...needed] },
  );
};

/** What the gateway asks of its own accord; the root field that led to it was guarded where it was asked. */
const ofFederation = new Set(['_entities', '_service']);

const defaultScopes = (
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: string,
): readonly Needed[] | undefined => {
  if (type === schema.getMutationType()) return ['write'];
  if (type === schema.getSubscriptionType()) return ['read'];
  return type === schema.getQueryType() && !ofFederation.has(field) ? ['read'] : undefined;
};

const fieldsOf = (schema: GraphQLSchema) =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields()).map((field) => ({
        type,
        field,
        name: `${type.name}.${field.name}`,
      })),
    );
