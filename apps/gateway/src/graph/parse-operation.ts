import type { ErrorCode } from '@lyceum/platform';
import {
  getOperationAST,
  GraphQLError,
  parse,
  type DocumentNode,
  type OperationTypeNode,
} from 'graphql';
import type { Limits } from '../options';

/** Parses a text; a problem with it is a typed GraphQLError. */
export const parseDocument = (query: string, { maxTokens }: Limits): DocumentNode => {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const code: ErrorCode = isTooLong(error.message) ? 'LIMIT_EXCEEDED' : 'BAD_INPUT';
    throw new GraphQLError(error.message, {
      source: error.source ?? null,
      positions: error.positions ?? null,
      extensions: { code },
    });
  }
};

/** What graphql-js says of a document that has too many tokens. */
export const isTooLong = (message: string): boolean =>
  /^Syntax Error: Document contains more (than|that) \d+ tokens/.test(message);

/** Whether a document's operation is a query, a mutation or a subscription. */
export const kindOf = (
  document: DocumentNode,
  operationName: string | undefined,
): OperationTypeNode => {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation.operation;
  throw new GraphQLError(
    operationName === undefined
      ? 'The document has several operations: name one with "operationName".'
      : `The document has no operation "${operationName}".`,
    { extensions: { code: 'BAD_INPUT' satisfies ErrorCode } },
  );
};
