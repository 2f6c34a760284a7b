import type { ErrorCode } from '@lyceum/platform';
import { GraphQLError, type ASTNode } from 'graphql';

/** The operation asks for more than one request may. */
export const limitExceeded = (message: string, node?: ASTNode): GraphQLError =>
  new GraphQLError(message, {
    ...(node && { nodes: [node] }),
    extensions: { code: 'LIMIT_EXCEEDED' satisfies ErrorCode, http: { status: 400 } },
  });
