import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import { retryAfterOf, type Log } from '@lyceum/platform';
import {
  GraphQLError,
  OperationTypeNode,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
} from 'graphql';
import type { Caller } from '../caller';
import { clientErrorOf } from '../client-error';
import { JsonText } from '../execution/answer';
import { execute } from '../execution/execute';
import { variableErrors, type PreparedOperation } from '../execution/operation';
import { limitExceeded } from '../limits/limit-error';
import type { Settings } from '../options';
import type { Subgraph } from '../subgraphs/subgraph-client';
import type { Graph, OperationText } from './graph';

/** What Apollo Server hands from the request to the executor. */
export interface GatewayContext {
  readonly caller: Caller;
  readonly startedAtMs: number;
  /** Told in how many seconds to come again, when a limit refused something. */
  readonly onRetryAfter?: (seconds: number) => void;
}

export interface ApolloParts {
  readonly graph: Graph;
  readonly subgraphs: ReadonlyMap<string, Subgraph>;
  readonly settings: Settings;
  /** For the one line that each operation has. */
  readonly operationLog: Log;
  readonly onOperation: (operation: {
    readonly kind: string;
    readonly outcome: string;
    readonly seconds: number;
  }) => void;
}

/** Apollo Server parses, validates and answers; planning and executing is ours. */
export const createApollo = (parts: ApolloParts): ApolloServer<GatewayContext> => {
  const { graph, settings } = parts;
  return new ApolloServer<GatewayContext>({
    gateway: gatewayOf(parts),
    introspection: settings.isExplorable,
    hideSchemaDetailsFromClientErrors: !settings.isExplorable,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: settings.limits.maxTokens },
    validationRules: [...graph.validationRules],
    stringifyResult: stringifyAnswer,
    logger: apolloLogger(settings),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      finishing(parts),
    ],
  });
};

const gatewayOf = (parts: ApolloParts): GatewayInterface => ({
  load: () =>
    Promise.resolve({ schema: parts.graph.supergraph.schema, executor: executorOf(parts) }),
  onSchemaLoadOrUpdate: (callback) =>
    parts.graph.onChange(({ schema, sdl }) =>
      callback({ apiSchema: schema, coreSupergraphSdl: sdl }),
    ),
  stop: () => Promise.resolve(),
});

const executorOf =
  ({ graph, subgraphs, settings }: ApolloParts): GatewayExecutor =>
  async (request) => {
    const { caller } = request.context as GatewayContext; // what our route has put there
    const variables = request.request.variables ?? {};
    const prepared = preparedOrError(graph, request);
    if (prepared instanceof GraphQLError) return { errors: [prepared] };
    const refusal = refusalOf(prepared, variables, settings);
    if (refusal !== undefined) return { errors: refusal };
    const answer = await execute(prepared, { variables, caller, subgraphs });
    return answer as Awaited<ReturnType<GatewayExecutor>>; // `data` may be text: see `stringifyAnswer`
  };

/** What cannot be planned (an operation that is not there, a plan that would be too large) is the client's to change. */
const preparedOrError = (
  graph: Graph,
  { schema, document, source, request }: Parameters<GatewayExecutor>[0],
): PreparedOperation | GraphQLError => {
  try {
    return graph.prepared(schema, document, {
      query: source,
      operationName: request.operationName,
    });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
};

/** Why the operation is not executed with these variables; undefined when it may be. */
export const refusalOf = (
  prepared: PreparedOperation,
  variables: Readonly<Record<string, unknown>>,
  settings: Settings,
): readonly GraphQLError[] | undefined => {
  if (prepared.operation.operation === OperationTypeNode.SUBSCRIPTION) {
    return [
      badInputError('Subscriptions need a WebSocket, or a request that accepts text/event-stream.'),
    ];
  }
  return badVariables(prepared, variables, settings);
};

export const badVariables = (
  prepared: PreparedOperation,
  variables: Readonly<Record<string, unknown>>,
  settings: Settings,
): readonly GraphQLError[] | undefined => {
  const errors = variableErrors(prepared, variables);
  if (errors.length > 0) {
    return errors.map(
      (error) =>
        new GraphQLError(error.message, {
          nodes: error.nodes ?? null,
          extensions: { code: 'BAD_INPUT' },
        }),
    );
  }
  const { maxCost } = settings.limits;
  const cost = prepared.costOf({ ...prepared.defaults, ...variables });
  if (cost <= maxCost) return undefined;
  return [
    limitExceeded(
      `The operation may return ${String(cost)} values; the limit is ${String(maxCost)}.`,
    ),
  ];
};

const badInputError = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_INPUT', http: { status: 400 } } });

/** Keeps data that is JSON text as it is. */
export const stringifyAnswer = ({ data, ...rest }: FormattedExecutionResult): string => {
  const value: unknown = data;
  if (!(value instanceof JsonText)) return JSON.stringify({ ...rest, data });
  if (rest.errors === undefined) return `{"data":${value.text}}`;
  return `{"errors":${JSON.stringify(rest.errors)},"data":${value.text}}`;
};

/** Gives errors the form that clients know, and tells log and metrics about the operation. */
const finishing = (parts: ApolloParts): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ response, errors, contextValue, operation, operationName }) => {
        const body = response.body.kind === 'single' ? response.body.singleResult : undefined;
        const shown = conclude(parts, contextValue, {
          kind: operation?.operation ?? 'none',
          name: operationName,
          errors,
        });
        if (body && shown) body.errors = shown;
        return Promise.resolve();
      },
    }),
});

interface Conclusion {
  readonly kind: string;
  readonly name: string | null | undefined;
  readonly errors: readonly GraphQLError[] | undefined;
}

/** Tells log and metrics how an operation ended; its errors as clients see them. */
const conclude = (
  { settings, onOperation, operationLog }: ApolloParts,
  { caller: { requestId }, startedAtMs, onRetryAfter }: GatewayContext,
  { kind, name, errors }: Conclusion,
): GraphQLFormattedError[] | undefined => {
  const { log } = settings.options;
  const shown = errors?.map((error) => clientErrorOf(error, { requestId, log }));
  const durationMs = settings.now() - startedAtMs;
  const codes = [...new Set(shown?.map((error) => String(error.extensions?.['code'])))];
  const retryAfter = retryAfterOf(shown ?? []);
  if (retryAfter !== undefined) onRetryAfter?.(retryAfter);
  onOperation({ kind, outcome: codes[0] ?? 'ok', seconds: durationMs / 1000 });
  operationLog.info({ requestId, operation: name, kind, durationMs, codes }, 'operation.answered');
  return shown;
};

/**
 * Answers an operation that is known to be valid and planned, with the text of its answer; undefined for any other,
 * and for variables that do not fit: Apollo Server then says what is wrong.
 */
export const answerKnown = async (
  parts: ApolloParts,
  { variables = {}, ...text }: OperationText & { readonly variables: Variables | undefined },
  context: GatewayContext,
): Promise<string | undefined> => {
  const { graph, subgraphs, settings } = parts;
  const prepared = graph.preparedBefore(text);
  if (prepared === undefined || refusalOf(prepared, variables, settings) !== undefined)
    return undefined;
  const { data, errors } = await execute(prepared, {
    variables,
    caller: context.caller,
    subgraphs,
  });
  const { operation, name } = prepared.operation;
  const shown = conclude(parts, context, { kind: operation, name: name?.value ?? null, errors });
  return stringifyAnswer({ data, ...(shown && { errors: shown }) } as FormattedExecutionResult);
};

type Variables = Readonly<Record<string, unknown>>;

const apolloLogger = ({ options: { log } }: Settings) => ({
  debug: (message: unknown) => log.debug({ detail: String(message) }, 'apollo'),
  info: (message: unknown) => log.info({ detail: String(message) }, 'apollo'),
  warn: (message: unknown) => log.warn({ detail: String(message) }, 'apollo'),
  error: (message: unknown) => log.error({ detail: String(message) }, 'apollo'),
});
