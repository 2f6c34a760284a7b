import { subgraphUnavailable, type ErrorCode } from '@lyceum/platform';
import { GraphQLError } from 'graphql';

/** The subgraph could not be asked, or what it said is no answer. */
export const unavailable = (service: string, cause?: unknown): GraphQLError => {
  const error = subgraphUnavailable(`The ${service} part of the graph does not answer.`, {
    service,
  });
  error.cause = cause;
  return error;
};

export const timedOut = (service: string): GraphQLError =>
  new GraphQLError(`The ${service} part of the graph did not answer in time.`, {
    extensions: { code: 'TIMEOUT' satisfies ErrorCode, service },
  });
