import { GraphQLError } from 'graphql';
import type { Caller } from '../caller';
import type { Subgraph } from '../subgraphs/subgraph-client';
import { answerOf, type Answer } from './answer';
import type { Entity } from './data';
import { rootCursor, type Run } from './execute-plan';
import { mergeRoot } from './fetch';
import type { PreparedOperation } from './operation';
import type { SubgraphAnswer } from '../subgraphs/subgraph-client';

export interface ExecutionRequest {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly subgraphs: ReadonlyMap<string, Subgraph>;
}

export interface ExecutionAnswer {
  readonly data: Answer['data'];
  /** Absent when there are none. */
  readonly errors?: readonly GraphQLError[];
}

/** Executes a query or mutation: asks the subgraphs as planned and puts their answers together. Never rejects. */
export const execute = async (
  prepared: PreparedOperation,
  request: ExecutionRequest,
): Promise<ExecutionAnswer> => {
  const run = begin(request);
  await prepared.step?.(run, rootCursor(run.data));
  return finish(prepared, run);
};

/** Executes what one event of a subscription makes necessary: the event is the answer of its own fetch. */
export const executeEvent = async (
  prepared: PreparedOperation,
  event: SubgraphAnswer,
  request: ExecutionRequest,
): Promise<ExecutionAnswer> => {
  const run = begin(request);
  const node = prepared.primary;
  if (node === undefined) throw new Error('only subscriptions have events');
  for (const { message, path, extensions } of event.errors ?? []) {
    run.errors.push(
      new GraphQLError(message, { path: path ?? null, extensions: extensions ?? {} }),
    );
  }
  mergeRoot({ node, schema: prepared.supergraph.fullSchema }, [run.data], event.data);
  await prepared.step?.(run, rootCursor(run.data));
  return finish(prepared, run);
};

const begin = ({ variables, caller, subgraphs }: ExecutionRequest): Run => ({
  caller,
  subgraphs,
  variables,
  errors: [],
  data: Object.create(null) as Entity, // an empty object without inherited keys
});

/** A null where there may be none is an error of its own only if no subgraph has explained it. */
const finish = (prepared: PreparedOperation, run: Run): ExecutionAnswer => {
  const answer = shaped(prepared, run);
  const errors = run.errors.length > 0 ? run.errors : answer.violations.map(ofOurs);
  return errors.length > 0 ? { data: answer.data, errors } : { data: answer.data };
};

/** The planner's library calls it an invalid operation; the client has done nothing wrong. */
const ofOurs = ({ message, path }: GraphQLError): GraphQLError =>
  new GraphQLError(message, { path: path ?? null, extensions: { code: 'INTERNAL' } });

const shaped = (prepared: PreparedOperation, run: Run): Answer => {
  try {
    return answerOf(prepared, run.data, run.variables);
  } catch (cause) {
    run.errors.push(
      new GraphQLError('The answer of a subgraph does not fit the schema.', {
        originalError: cause as Error,
      }), // graphql-js and ours throw Errors only
    );
    return { data: null, violations: [] };
  }
};
