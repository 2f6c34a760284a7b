import type { ServerResponse } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperationTypeNode } from 'graphql';
import { clientErrorOf, errorBody } from '../client-error';
import type { GatewayContext } from '../graph/apollo';
import type { OperationText } from '../graph/graph';
import { kindOf, parseDocument } from '../graph/parse-operation';
import { problemWithBody } from '../http/graphql-route';
import { originOf } from '../http/origin';
import type { Settings } from '../options';
import { Client } from './client';
import { ping, writeEvent } from './event-stream';
import type { SubscriptionHub } from './hub';
import { Payload, refusal } from './payload';
import { requestFrom, runOperation } from './run-operation';

export interface SseParts {
  readonly hub: SubscriptionHub;
  readonly apollo: ApolloServer<GatewayContext>;
  readonly settings: Settings;
}

const pingMs = 12_000;
/** How long a client that was cut off may take to read why. */
const graceMs = 1_000;

export interface SseEndpoint {
  readonly stream: (request: FastifyRequest, reply: FastifyReply, body: unknown) => Promise<void>;
  readonly openCount: () => number;
  /** Completes every stream. */
  close(): void;
}

/** GraphQL over server-sent events, "distinct connections mode" of graphql-sse: a stream an operation. */
export const createSseEndpoint = (parts: SseParts): SseEndpoint => {
  const { settings } = parts;
  const open = new Set<ServerResponse>();
  return {
    openCount: () => open.size,
    close: () => {
      for (const response of open) complete(response);
    },
    stream: async (request, reply, body) => {
      const problem = problemWithBody(body);
      if (problem !== undefined) {
        return void reply
          .code(400)
          .send(errorBody({ code: 'BAD_INPUT', message: problem }, request.id));
      }
      if (open.size >= settings.subscriptionLimits.maxConnections) {
        return void reply
          .code(503)
          .send(
            errorBody(
              { code: 'LIMIT_EXCEEDED', message: 'Too many streams are open.' },
              request.id,
            ),
          );
      }
      if (request.method === 'GET' && isMutation(parts, body)) {
        return void reply
          .code(405)
          .header('allow', 'POST')
          .send(
            errorBody({ code: 'BAD_INPUT', message: 'Mutations are sent with POST.' }, request.id),
          );
      }
      reply.hijack();
      const response = reply.raw;
      open.add(response);
      response.once('close', () => open.delete(response));
      response.on('error', (error) => settings.options.log.debug({ err: error }, 'stream.error'));
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
        'x-request-id': request.id,
      });
      response.write(ping); // some browsers wait for a first byte
      await answer(parts, { request, response, body });
    },
  };
};

const isMutation = ({ settings }: SseParts, body: unknown): boolean => {
  try {
    return kindIn(requestFrom(body), settings) === OperationTypeNode.MUTATION;
  } catch {
    return false;
  }
};

const kindIn = ({ query, operationName }: OperationText, { limits }: Settings): OperationTypeNode =>
  kindOf(parseDocument(query, limits), operationName);

interface Exchange {
  readonly request: FastifyRequest;
  readonly response: ServerResponse;
  readonly body: unknown;
}

const answer = async (parts: SseParts, exchange: Exchange): Promise<void> => {
  const { request, response } = exchange;
  const pinger = setInterval(() => isOpen(response) && response.write(ping), pingMs);
  response.once('close', () => clearInterval(pinger));
  try {
    await sendPayloads(parts, exchange);
  } catch (error) {
    const shown = clientErrorOf(error, { requestId: request.id, log: parts.settings.options.log });
    await send(response, new Payload({ errors: [shown] }));
  }
  complete(response);
};

const isOpen = (response: ServerResponse): boolean =>
  !response.writableEnded && !response.destroyed;

const complete = (response: ServerResponse): void => {
  if (isOpen(response)) response.end(writeEvent('complete', ''));
};

const sendPayloads = async (
  { hub, apollo, settings }: SseParts,
  { request, response, body }: Exchange,
): Promise<void> => {
  const token = request.token ?? { actor: { kind: 'anonymous' }, expiresAtMs: Infinity };
  const client = new Client(
    {
      requestId: request.id,
      authorization: request.headers.authorization,
      token,
      origin: originOf(request.raw, settings),
    },
    settings,
  );
  const operation = requestFrom(body);
  if (kindIn(operation, settings) !== OperationTypeNode.SUBSCRIPTION) {
    return send(response, await runOperation(apollo, operation, { client, settings }));
  }
  const onExpired = (): void =>
    mailbox.end(refusal('UNAUTHENTICATED', 'The access token has expired.', request.id));
  const mailbox = hub.subscribe({
    ...operation,
    client,
    onExpired,
    onOverflow: () => cutOff(response, request.id),
  });
  const forgetExpiry = client.onExpiry(onExpired);
  response.once('close', () => void mailbox.return());
  for await (const payload of mailbox) await send(response, payload);
  forgetExpiry();
};

/** Resolves when the text is on its way, so that a slow client is felt here and not in memory. */
const send = (response: ServerResponse, payload: Payload): Promise<void> =>
  new Promise((resolve) => {
    if (!isOpen(response)) return resolve();
    const settle = (): void => {
      response.off('close', settle);
      resolve();
    };
    response.once('close', settle);
    response.write(writeEvent('next', payload.text), settle);
  });

/** Ends a stream whose client does not keep up: with the reason if it still reads, without it else. */
const cutOff = (response: ServerResponse, requestId: string): void => {
  if (!isOpen(response)) return;
  const last = refusal('LIMIT_EXCEEDED', 'The client does not keep up with its events.', requestId);
  response.end(writeEvent('next', last.text) + writeEvent('complete', ''));
  setTimeout(() => response.destroy(), graceMs).unref();
};
