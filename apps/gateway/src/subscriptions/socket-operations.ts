import type { IncomingMessage } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import type { ErrorCode } from '@lyceum/platform';
import { GraphQLError, OperationTypeNode, type ExecutionArgs } from 'graphql';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { clientErrorOf } from '../client-error';
import type { GatewayContext } from '../graph/apollo';
import type { Graph } from '../graph/graph';
import { kindOf, parseDocument } from '../graph/parse-operation';
import { problemWithBody } from '../http/graphql-route';
import { originOf } from '../http/origin';
import type { Settings } from '../options';
import { Client } from './client';
import { closeCodes } from './close-codes';
import type { SubscriptionHub } from './hub';
import { refusal, type Payload } from './payload';
import { requestFrom, runOperation, type OperationRequest } from './run-operation';

export interface SocketParts {
  readonly hub: SubscriptionHub;
  readonly graph: Graph;
  readonly apollo: ApolloServer<GatewayContext>;
  readonly settings: Settings;
}

export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly close: (code: number, reason: string) => void;
  /** Set when the client has introduced itself. */
  client?: Client;
  forgetExpiry?: () => void;
}

type SocketContext = Context<Record<string, unknown>, SocketExtra>;
type Options = ServerOptions<Record<string, unknown>, SocketExtra>;
/** What `onSubscribe` has found out, for `execute` and `subscribe`. */
type Args = ExecutionArgs & { readonly request: OperationRequest; readonly extra: SocketExtra };

/** What graphql-ws leaves to the server: who the client is, and what its operations do. */
export const socketOperations = (parts: SocketParts): Options => ({
  connectionInitWaitTimeout: parts.settings.subscriptionLimits.connectionInitMs,
  onConnect: (context) => introduce(parts, context),
  onDisconnect: ({ extra }) => extra.forgetExpiry?.(),
  onSubscribe: (context, _, payload) => check(parts, context, payload),
  // The protocol library passes on what `onSubscribe` has returned.
  execute: (args) => executeOnSocket(parts, args as Args) as never,
  subscribe: (args) => subscribeOnSocket(parts, args as Args) as never,
  // eslint-disable-next-line @typescript-eslint/max-params -- graphql-ws calls it
  onNext: (_context, _id, _request, _args, payload) =>
    (payload as unknown as Payload).result as never,
  // eslint-disable-next-line @typescript-eslint/max-params -- graphql-ws calls it
  onError: ({ extra }, _id, _request, errors) =>
    errors.map((error) =>
      clientErrorOf(error, { requestId: extra.requestId, log: parts.settings.options.log }),
    ),
});

/** The token comes in the handshake or, from browsers, in the first message. */
const introduce = async (
  { settings }: SocketParts,
  { extra, connectionParams }: SocketContext,
): Promise<boolean> => {
  const authorization = authorizationIn(connectionParams) ?? extra.request.headers.authorization;
  const expire = (): void => extra.close(closeCodes.unauthorized, 'The access token has expired');
  try {
    const token = await settings.options.verifyToken(authorization);
    extra.client = new Client(
      {
        requestId: extra.requestId,
        authorization,
        token,
        origin: originOf(extra.request, settings),
      },
      settings,
    );
    extra.forgetExpiry = extra.client.onExpiry(expire);
    return true;
  } catch {
    extra.close(closeCodes.unauthorized, 'Unauthorized');
    return false;
  }
};

const authorizationIn = (params: Record<string, unknown> | undefined): string | undefined => {
  for (const [key, value] of Object.entries(params ?? {})) {
    if (key.toLowerCase() === 'authorization' && typeof value === 'string') return value;
    if (key === 'headers' && typeof value === 'object' && value !== null)
      return authorizationIn({ ...value });
  }
  return undefined;
};

const check = (
  { graph, hub, settings }: SocketParts,
  { extra, subscriptions }: SocketContext,
  payload: SubscribePayload,
): Args | readonly GraphQLError[] => {
  const { maxPerConnection } = settings.subscriptionLimits;
  if (Object.keys(subscriptions).length > maxPerConnection) {
    return [
      typed(
        'LIMIT_EXCEEDED',
        `A connection may have ${String(maxPerConnection)} operations at once.`,
      ),
    ];
  }
  const problem = problemWithBody(payload);
  if (problem !== undefined) return [typed('BAD_INPUT', problem)];
  const request = requestFrom(payload);
  try {
    const document = parseDocument(request.query, settings.limits);
    if (kindOf(document, request.operationName) === OperationTypeNode.SUBSCRIPTION)
      hub.check(request);
    return {
      schema: graph.supergraph.schema,
      document,
      ...(request.operationName !== undefined && { operationName: request.operationName }),
      contextValue: {},
      request,
      extra,
    };
  } catch (error) {
    return [
      error instanceof GraphQLError
        ? error
        : new GraphQLError('', { originalError: error as Error }),
    ]; // only Errors are thrown
  }
};

const executeOnSocket = async (
  { apollo, settings }: SocketParts,
  { request, extra }: Args,
): Promise<Payload> => {
  const client = clientOf(extra);
  if (!(await client.isAuthorised())) {
    extra.close(closeCodes.unauthorized, 'The access token has expired');
    return refusal('UNAUTHENTICATED', 'The access token has expired.', extra.requestId);
  }
  return runOperation(apollo, request, { client, settings });
};

const subscribeOnSocket = ({ hub }: SocketParts, { request, extra }: Args) =>
  hub.subscribe({
    ...request,
    client: clientOf(extra),
    onExpired: () => extra.close(closeCodes.unauthorized, 'The access token has expired'),
    onOverflow: () =>
      extra.close(closeCodes.tryAgainLater, 'The client does not keep up with its events'),
  });

const clientOf = ({ client }: SocketExtra): Client => {
  if (client === undefined) throw new Error('the client has not introduced itself');
  return client;
};

const typed = (code: ErrorCode, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code } });
