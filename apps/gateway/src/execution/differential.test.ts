import { buildOperationContext, executeQueryPlan } from '@apollo/gateway';
import { operationFromDocument, type Operation } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import {
  type GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
} from 'graphql';
import { Departure } from '../caller';
import { loadSupergraph } from '../graph/supergraph';
import { settingsOf } from '../options';
import type { Subgraph } from '../subgraphs/subgraph-client';
import {
  callLibrary,
  librarySubgraphs,
  librarySupergraph,
  type Fault,
} from '../testing/differential/library';
import { randomFrom } from '../testing/differential/random';
import { randomOperation, type RandomOperation } from '../testing/differential/random-query';
import { execute } from './execute';
import { prepareOperation } from './operation';

const rounds = Number(process.env['DIFFERENTIAL_ROUNDS'] ?? 100);
const loaded = loadSupergraph(librarySupergraph());
const plans = new Map<string, QueryPlan>();
/** Plans each operation once: both executors run the same plan. */
const planOf = (operation: Operation): QueryPlan => {
  const known = plans.get(operation.toString());
  if (known !== undefined) return known;
  plans.clear();
  const plan = loaded.planner.buildQueryPlan(operation);
  plans.set(operation.toString(), plan);
  return plan;
};
const supergraph = { ...loaded, planner: { buildQueryPlan: planOf } as never };
const settings = settingsOf({ supergraphSdl: '', subgraphs: [], gatewaySecret: '' } as never);

/** What both executors are compared by: the data, and the errors in any order. */
const comparable = (
  data: unknown,
  errors: readonly { message: string; path?: unknown; extensions?: unknown }[] = [],
) => ({
  data: JSON.parse(JSON.stringify(data ?? null)) as unknown,
  errors: errors
    .map(({ message, path, extensions }) =>
      JSON.stringify([message, withoutIndexes(path), codeOf(extensions)]),
    )
    .sort(),
});

/**
 * Where only some entities of a list are asked for, the stock executor's error paths name the wrong items.
 * Ours are checked for themselves, in fetch.test.ts.
 */
const withoutIndexes = (path: unknown): unknown =>
  Array.isArray(path) ? path.map((part: unknown) => (typeof part === 'number' ? '#' : part)) : null;

/** The stock executor names an error that has no code; ours leaves that to whoever shows it to clients. */
const codeOf = (extensions: unknown): unknown => {
  const { code } = (extensions ?? {}) as { code?: unknown };
  return ['DOWNSTREAM_SERVICE_ERROR', 'INVALID_GRAPHQL', 'INTERNAL'].includes(String(code))
    ? undefined
    : code;
};

const ours = async ({ query, variables }: RandomOperation, fault: Fault) => {
  const subgraphs = new Map<string, Subgraph>(
    librarySubgraphs.map((name) => [
      name,
      { name, ask: ({ body }) => callLibrary(name, JSON.parse(body) as never, fault) as never },
    ]),
  );
  const prepared = prepareOperation(
    supergraph,
    { document: parse(query), operationName: undefined },
    settings,
  );
  const caller = {
    requestId: 'r',
    authorization: undefined,
    deadlineAtMs: Infinity,
    gone: new Departure(),
  };
  const { data, errors } = await execute(prepared, { variables, caller, subgraphs });
  return comparable(data, errors);
};

const stock = async ({ query, variables }: RandomOperation, fault: Fault) => {
  const document = parse(query);
  const serviceMap = Object.fromEntries(
    librarySubgraphs.map((name) => [
      name,
      {
        process: ({
          request,
        }: {
          request: { query: string; variables: Record<string, unknown> };
        }) =>
          callLibrary(
            name,
            {
              query: request.query,
              variables: JSON.parse(JSON.stringify(request.variables)) as never,
            },
            fault,
          ),
      },
    ]),
  );
  const answer = (await executeQueryPlan(
    planOf(operationFromDocument(supergraph.apiSchema, document)),
    serviceMap as never,
    { request: { variables }, metrics: {}, context: {} } as never,
    buildOperationContext({ schema: supergraph.schema, operationDocument: document }),
    supergraph.fullSchema,
    supergraph.apiSchema,
  )) as ExecutionResult & { extensions?: { valueCompletion?: GraphQLError[] } };
  return comparable(answer.data, answer.errors ?? answer.extensions?.valueCompletion);
};

const validOperations = function* (seed: number): Generator<RandomOperation> {
  for (let index = 0; ; index += 1) {
    const operation = randomOperation(supergraph.schema, randomFrom(seed + index));
    if (isPlannable(parse(operation.query))) yield operation;
  }
};

/** Valid, and not one of the few that the planner itself stumbles over around interface objects. */
const isPlannable = (document: DocumentNode): boolean => {
  if (validate(supergraph.schema, document).length > 0) return false;
  try {
    planOf(operationFromDocument(supergraph.apiSchema, document));
    return true;
  } catch {
    return false;
  }
};

describe.each([
  ['healthy subgraphs', 0],
  ['a few failing fields and calls', 0.03],
  ['many failing fields and calls', 0.25],
])('the executor answers as the stock one with %s', (_, probability) => {
  it(`in ${String(rounds)} random operations`, async () => {
    const operations = validOperations(1_000_000 * (1 + probability));
    for (let round = 0; round < rounds; round += 1) {
      const operation = operations.next().value as RandomOperation;
      const fault = { seed: String(round), probability };
      const [mine, theirs] = await Promise.all([ours(operation, fault), stock(operation, fault)]);
      try {
        expect(mine).toEqual(theirs);
      } catch (error) {
        throw new Error(
          `${operation.query}\n${JSON.stringify(operation.variables)} round ${String(round)}`,
          { cause: error },
        );
      }
    }
  }, 3_600_000);
});
