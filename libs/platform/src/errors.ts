import { GraphQLError } from 'graphql';
import { Field, InterfaceType } from 'type-graphql';

/** Every code an error of the whole graph can have. Closed: clients may switch over it. */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_INPUT',
  'NOT_FOUND',
  'RATE_LIMITED',
  'LIMIT_EXCEEDED',
  'SUBGRAPH_UNAVAILABLE',
  'TIMEOUT',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export const isErrorCode = (code: unknown): code is ErrorCode =>
  (errorCodes as readonly unknown[]).includes(code);

const graphError =
  (code: ErrorCode, defaultMessage: string) =>
  (message: string = defaultMessage, extensions: Record<string, unknown> = {}): GraphQLError =>
    new GraphQLError(message, { extensions: { code, ...extensions } });

export const unauthenticated = graphError('UNAUTHENTICATED', 'Log in first.');
export const forbidden = graphError('FORBIDDEN', 'You may not do this.');
export const badInput = graphError('BAD_INPUT', 'The input is not valid.');
export const notFound = graphError('NOT_FOUND', 'There is no such thing.');
const tooMany = graphError('RATE_LIMITED', 'Too many requests; try again later.');
/** With `retryAfterMs`, the answer says `retryAfter` too: in whole seconds, as the HTTP header of that name does. */
export const rateLimited = (
  message?: string,
  extensions: { readonly retryAfterMs?: number } & Record<string, unknown> = {},
): GraphQLError => {
  const { retryAfterMs } = extensions;
  const retryAfter =
    retryAfterMs === undefined ? {} : { retryAfter: Math.ceil(retryAfterMs / 1000) };
  return tooMany(message, { ...extensions, ...retryAfter });
};

/** For the HTTP header of that name: the longest that any of the errors says to wait, in seconds. */
export const retryAfterOf = (
  errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> | undefined }[],
): number | undefined => {
  const waits = errors
    .map(({ extensions }) => extensions?.['retryAfter'])
    .filter((wait) => typeof wait === 'number');
  return waits.length === 0 ? undefined : Math.max(...waits);
};

export const subgraphUnavailable = graphError(
  'SUBGRAPH_UNAVAILABLE',
  'A part of the graph is down.',
);

/**
 * An outcome that is expected and that the client reacts to: returned, never thrown, and a member of
 * the operation's result union. Not an `Error`: graphql-js would treat a returned Error as thrown.
 * A use case that returns one has changed nothing: its transaction is rolled back.
 */
@InterfaceType({
  autoRegisterImplementations: false,
  description: 'An expected refusal: nothing was changed, and the code says why.',
})
export abstract class UserError {
  @Field(() => String, { description: 'A constant to switch over.' })
  abstract readonly code: string;

  @Field(() => String, { description: 'What to tell a person, in English.' })
  abstract readonly message: string;
}
