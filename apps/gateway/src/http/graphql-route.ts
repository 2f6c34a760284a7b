import type { ApolloServer } from '@apollo/server';
import fastifyApollo from '@as-integrations/fastify';
import type { ErrorCode } from '@lyceum/platform';
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from '../client-error';
import type { GatewayContext } from '../graph/apollo';
import type { Settings } from '../options';
import { acceptsEventStream, acceptsHtml, acceptsJson, wantsPlainJson } from './accept';
import { sendExplorerPage } from './explorer';
import { callerOf, identifyCaller } from './request-caller';

export interface GraphqlRouteParts {
  readonly apollo: ApolloServer<GatewayContext>;
  /** The text of the answer to an operation that Apollo Server need not look at again; else undefined. */
  readonly answerKnown: (
    operation: { query: string; operationName: string | undefined; variables: Variables },
    context: GatewayContext,
  ) => Promise<string | undefined>;
  readonly settings: Settings;
  /** Answers a request that accepts `text/event-stream`. */
  readonly stream: (request: FastifyRequest, reply: FastifyReply, body: unknown) => Promise<void>;
}

type Variables = Readonly<Record<string, unknown>> | undefined;

/** `/graphql`: JSON for programs, an event stream for subscriptions, a page for people. */
export const registerGraphqlRoute = async (
  server: FastifyInstance,
  parts: GraphqlRouteParts,
): Promise<void> => {
  const { apollo, settings } = parts;
  await server.register(async (scope) => {
    scope.addHook('preHandler', beforeApollo(parts));
    await scope.register(fastifyApollo(apollo), {
      path: '/graphql',
      method: ['POST'],
      context: (request, reply) => Promise.resolve(contextOf(request, reply, settings)),
    });
  });
  await server.register((scope, _, done) => {
    registerGet(scope, parts);
    done();
  });
};

const contextOf = (
  request: FastifyRequest,
  reply: FastifyReply,
  settings: Settings,
): GatewayContext => ({
  caller: callerOf(request),
  startedAtMs: settings.now(),
  onRetryAfter: (seconds) => void reply.header('retry-after', String(seconds)),
});

/**
 * Most requests repeat an operation that was found valid and planned before: they need nothing of Apollo Server, whose
 * pipeline costs more than executing them. It stays the judge of every new one, and of what is asked in another format.
 */
const answerWhenKnown =
  ({ answerKnown, settings }: GraphqlRouteParts) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (!wantsPlainJson(request.headers.accept)) return undefined;
    const { query, operationName, variables } = request.body as KnownBody; // see `problemWithBody`
    const text = await answerKnown(
      { query, operationName: operationName ?? undefined, variables: variables ?? undefined },
      contextOf(request, reply, settings),
    );
    if (text === undefined) return undefined;
    sendJsonText(reply, text);
    return reply;
  };

/** As `reply.send` would, without its hooks and serializers, of which a finished text needs none. */
const sendJsonText = (reply: FastifyReply, text: string): void => {
  reply.hijack();
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders), // Fastify's type allows undefined values
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  reply.raw.end(text);
};

interface KnownBody {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Variables | null;
}

/** GET never executes anything, except for `EventSource`, which can do nothing else. */
const registerGet = (scope: FastifyInstance, { settings, stream }: GraphqlRouteParts): void => {
  scope.get('/graphql', async (request, reply) => {
    const { accept } = request.headers;
    if (acceptsEventStream(accept)) {
      await identifyCaller(settings)(request, reply);
      if (!reply.sent) await stream(request, reply, bodyFromQuery(request.query));
      return reply;
    }
    if (acceptsHtml(accept) && settings.isExplorable) return sendExplorerPage(reply);
    return refuse(
      reply.code(405).header('allow', 'POST'),
      'BAD_INPUT',
      'Operations are sent with POST.',
    );
  });
};

/** A link could carry a mutation: only the parameters are taken here, what they may do is decided by `stream`. */
const bodyFromQuery = (query: unknown): Record<string, unknown> => {
  const { query: text, operationName, variables } = query as Record<string, unknown>; // Fastify parses it to an object
  return { query: text, operationName, variables: parsedOrAsIs(variables) };
};

const parsedOrAsIs = (text: unknown): unknown => {
  try {
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : text;
  } catch {
    return text;
  }
};

/** Refuses what is no operation or has a bad token, and answers what Apollo Server is not needed for. */
const beforeApollo = (
  parts: GraphqlRouteParts,
): ((request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>) => {
  const identify = identifyCaller(parts.settings);
  const answer = answerWhenKnown(parts);
  return async (request, reply) => {
    const refused = refuseWhatIsNoOperation(request, reply);
    if (refused !== undefined) return refused;
    await identify(request, reply);
    if (reply.sent) return reply;
    if (!acceptsEventStream(request.headers.accept)) return answer(request, reply);
    await parts.stream(request, reply, request.body);
    return reply;
  };
};

const refuseWhatIsNoOperation = (
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | undefined => {
  const { accept } = request.headers;
  if (!acceptsJson(accept) && !acceptsEventStream(accept)) {
    return refuse(
      reply.code(406),
      'BAD_INPUT',
      'Answers are JSON or an event stream; the accept header allows neither.',
    );
  }
  const problem = problemWithBody(request.body);
  return problem === undefined ? undefined : refuse(reply.code(400), 'BAD_INPUT', problem);
};

/** What the body of a GraphQL request must be; undefined when it is. */
export const problemWithBody = (body: unknown): string | undefined => {
  if (Array.isArray(body)) return 'Send one operation a request: batches are not accepted.';
  if (typeof body !== 'object' || body === null) return 'The body must be a JSON object.';
  const { query, operationName, variables, extensions } = body as Record<string, unknown>; // an object, as checked
  if (typeof query !== 'string' || query === '') return 'The body must have a "query".';
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    return '"operationName" must be a string.';
  }
  if (!isObjectOrAbsent(variables)) return '"variables" must be an object.';
  if (!isObjectOrAbsent(extensions)) return '"extensions" must be an object.';
  if (extensions && 'persistedQuery' in extensions) return 'Persisted queries are not supported.';
  return undefined;
};

const isObjectOrAbsent = (value: unknown): value is object | null | undefined =>
  value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value));

const refuse = (reply: FastifyReply, code: ErrorCode, message: string): FastifyReply =>
  reply.send(errorBody({ code, message }, reply.request.id));
