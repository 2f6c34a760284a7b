import type { FetchNode } from '@apollo/query-planner';
import { applyRewrites } from '@apollo/gateway/dist/dataRewrites';
import {
  GraphQLError,
  OperationTypeNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { SubgraphAnswer } from '../subgraphs/subgraph-client';
import { unavailable } from '../subgraphs/subgraph-error';
import { isEntity, merge, own, pathsAt, type Entity } from './data';
import type { Cursor, Run } from './execute-plan';
import { compileRepresent, representAll, type Representations } from './representations';

type Fetch = (run: Run, cursor: Cursor) => Promise<void>;

/** Compiles one call to one subgraph: the text of its request and the merging of its answer. */
export const compileFetch = (node: FetchNode, schema: GraphQLSchema): Fetch =>
  node.requires === undefined ? compileRootFetch(node, schema) : compileEntityFetch(node, schema);

const compileRootFetch = (node: FetchNode, schema: GraphQLSchema): Fetch => {
  const bodyOf = compileBody(node);
  return async (run, cursor) => {
    const answer = await ask(node, run, bodyOf(run.variables));
    report({ run, node, cursor }, answer);
    mergeRoot({ node, schema }, cursor.entities, answer.data);
  };
};

/** Merges a root answer, also one that came as an event of a subscription. */
export const mergeRoot = (
  { node, schema }: { readonly node: FetchNode; readonly schema: GraphQLSchema },
  targets: readonly Entity[],
  data: SubgraphAnswer['data'],
): void => {
  if (!isEntity(data)) return;
  applyRewrites(schema, node.outputRewrites, data);
  for (const target of targets) merge(target, data);
};

const compileEntityFetch = (node: FetchNode, schema: GraphQLSchema): Fetch => {
  const bodyOf = compileBody(node);
  const represent = compileRepresent(schema, {
    requires: node.requires ?? [],
    inputRewrites: node.inputRewrites,
  });
  return async (run, cursor) => {
    const representations = representAll(represent, cursor.entities);
    if (representations.json.length === 0) return;
    const answer = await ask(node, run, bodyOf(run.variables, representations.json));
    reportEntities({ run, node, cursor }, representations, answer);
    if (!isEntity(answer.data)) return;
    const received = own(answer.data, '_entities');
    if (!Array.isArray(received) || received.length !== representations.json.length) {
      throw unavailable(node.serviceName, 'not one entity for each representation');
    }
    received.forEach((entity: unknown, index) => {
      if (!isEntity(entity)) return;
      const places = representations.places[index] ?? [];
      entity['__typename'] ||= cursor.entities[places[0] ?? 0]?.['__typename'];
      applyRewrites(schema, node.outputRewrites, entity);
      for (const place of places) {
        const target = cursor.entities[place];
        if (target !== undefined) merge(target, entity);
      }
    });
  };
};

const ask = (node: FetchNode, run: Run, body: string): Promise<SubgraphAnswer> => {
  const subgraph = run.subgraphs.get(node.serviceName);
  if (subgraph === undefined)
    return Promise.reject(unavailable(node.serviceName, 'not configured'));
  return subgraph.ask({
    body,
    isMutation: node.operationKind === OperationTypeNode.MUTATION,
    caller: run.caller,
  });
};

/** The request's text around what differs from call to call is made once. */
export const compileBody = (
  node: FetchNode,
): ((variables: Run['variables'], representations?: readonly string[]) => string) => {
  const name =
    node.operationName === undefined
      ? ''
      : `"operationName":${JSON.stringify(node.operationName)},`;
  const head = `{${name}"query":${JSON.stringify(node.operation)},"variables":{`;
  const usages = (node.variableUsages ?? []).map((key) => ({
    key,
    prefix: `${JSON.stringify(key)}:`,
  }));
  return (variables, representations) => {
    const parts: string[] = [];
    for (const { key, prefix } of usages) {
      const value = own(variables, key);
      if (value !== undefined) parts.push(prefix + JSON.stringify(value));
    }
    if (representations !== undefined)
      parts.push(`"representations":[${representations.join(',')}]`);
    return `${head}${parts.join(',')}}}`;
  };
};

/** One call of one run. */
interface Call {
  readonly run: Run;
  readonly node: FetchNode;
  readonly cursor: Cursor;
}

type Path = readonly (string | number)[] | undefined;

const report = ({ run, node, cursor }: Call, answer: SubgraphAnswer): void => {
  for (const error of answer.errors ?? []) {
    run.errors.push(clientError(error, node, error.path && [...cursor.path, ...error.path]));
  }
};

/** An entity's error appears at every place of the answer that the entity has. */
const reportEntities = (
  { run, node, cursor }: Call,
  representations: Representations,
  answer: SubgraphAnswer,
): void => {
  if (answer.errors === undefined || answer.errors.length === 0) return;
  const paths = pathsAt(run.data, cursor.path);
  for (const error of answer.errors) {
    const [root, index, ...rest] = error.path ?? [];
    const places =
      root === '_entities' && typeof index === 'number' ? representations.places[index] : undefined;
    if (places === undefined) run.errors.push(clientError(error, node, undefined));
    for (const place of places ?? []) {
      run.errors.push(clientError(error, node, [...(paths[place] ?? []), ...rest]));
    }
  }
};

const clientError = (error: GraphQLFormattedError, node: FetchNode, path: Path): GraphQLError =>
  new GraphQLError(error.message || `The ${node.serviceName} part of the graph reports an error.`, {
    path: path ?? null,
    extensions: { ...error.extensions, service: node.serviceName },
  });
