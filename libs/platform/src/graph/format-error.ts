import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isErrorCode, type ErrorCode } from '../errors';
import type { Log } from '../log';
import { sqlState } from '../use-case';

const apolloCodes: Readonly<Record<string, ErrorCode>> = {
  GRAPHQL_PARSE_FAILED: 'BAD_INPUT',
  GRAPHQL_VALIDATION_FAILED: 'BAD_INPUT',
  BAD_USER_INPUT: 'BAD_INPUT',
  BAD_REQUEST: 'BAD_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_INPUT',
  PERSISTED_QUERY_NOT_FOUND: 'BAD_INPUT',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_INPUT',
};

/**
 * The error a client sees: a code of the closed list, and nothing of ours inside. A bug is logged
 * with its stack under the id that the client gets.
 */
export const formatError =
  (log: Log) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const code = formatted.extensions?.['code'];
    const known = isErrorCode(code) ? code : apolloCodes[String(code)];
    if (known !== undefined && known !== 'INTERNAL') {
      const { stacktrace: _stacktrace, ...extensions } = formatted.extensions ?? {};
      return { ...formatted, extensions: { ...extensions, code: known } };
    }
    const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
    if (isUnstorableText(original)) {
      return {
        ...formatted,
        message: 'Text must not contain the NUL character.',
        extensions: { code: 'BAD_INPUT' },
      };
    }
    const errorId = randomUUID();
    log.error({ err: original, path: formatted.path, errorId }, 'request.failed');
    return {
      message: 'Something went wrong on our side.',
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      extensions: { code: 'INTERNAL', errorId },
    };
  };

/** PostgreSQL's text cannot hold U+0000 (22021) and jsonb not its escape (22P05). */
const isUnstorableText = (error: unknown): boolean => ['22021', '22P05'].includes(sqlState(error));
