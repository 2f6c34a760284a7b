import { isErrorCode, type ErrorCode, type Log } from '@lyceum/platform';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isTooLong } from './graph/parse-operation';

/** What libraries call the client's own mistakes. */
const badInputCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'INVALID_GRAPHQL',
]);

export interface ClientErrorContext {
  readonly requestId: string;
  readonly log: Log;
}

/**
 * The error as clients see it: a code of the closed list, the request's id, and nothing from inside.
 * What nobody has foreseen is logged in full and sent as INTERNAL.
 */
export const clientErrorOf = (
  error: unknown,
  { requestId, log }: ClientErrorContext,
): GraphQLFormattedError => {
  const graphqlError = error instanceof GraphQLError ? error : undefined;
  const code = codeOf(graphqlError);
  const where = {
    ...(graphqlError?.locations && { locations: graphqlError.locations }),
    ...(graphqlError?.path && { path: graphqlError.path }),
  };
  if (graphqlError === undefined || code === 'INTERNAL') {
    const { service, errorId } = graphqlError?.extensions ?? {};
    log.error(
      { err: error, requestId, subgraph: service, errorId, path: where.path },
      'request.failed',
    );
    return {
      message: 'Something went wrong on our side.',
      ...where,
      extensions: { code: 'INTERNAL', requestId },
    };
  }
  const extensions = { ...publicExtensions(graphqlError), code, requestId };
  return { message: graphqlError.message, ...where, extensions };
};

const codeOf = (error: GraphQLError | undefined): ErrorCode => {
  if (error === undefined) return 'INTERNAL';
  const { originalError } = error;
  const inner =
    originalError instanceof GraphQLError ? originalError.extensions['code'] : undefined;
  for (const code of [inner, error.extensions['code']]) if (isErrorCode(code)) return code;
  if (isTooLong(error.message)) return 'LIMIT_EXCEEDED';
  return badInputCodes.has(String(error.extensions['code'])) ? 'BAD_INPUT' : 'INTERNAL';
};

/** Whatever a subgraph or a library adds for machines to read inside stays inside. */
const hiddenExtensions = new Set(['http', 'stacktrace', 'exception', 'serviceName', 'requestId']);

const publicExtensions = ({ extensions }: GraphQLError): Record<string, unknown> =>
  Object.fromEntries(Object.entries(extensions).filter(([key]) => !hiddenExtensions.has(key)));

/** A whole answer that consists of one error: for requests that never become an operation. */
export const errorBody = (
  { code, message }: { readonly code: ErrorCode; readonly message: string },
  requestId: string,
): { errors: GraphQLFormattedError[] } => ({
  errors: [{ message, extensions: { code, requestId } }],
});
