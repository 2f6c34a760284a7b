import { randomUUID } from 'node:crypto';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/fastify';
import {
  clientHeader,
  gatewaySignatureHeader,
  isGatewaySignatureValid,
  userAgentHeader,
  type TokenVerifier,
} from '../auth';
import type { AddRoutes } from '../app';
import type { Ctx, Deps } from '../context';
import { retryAfterOf, unauthenticated } from '../errors';
import { createLocalRateLimiter, type RateLimiter } from '../limits';
import { createMetrics } from '../metrics';
import { spendWrite } from '../write-limits';
import { formatError } from './format-error';

const bodyLimitBytes = 4 * 1024 * 1024; // a gateway's batch of representations can be larger than a client's request

export interface SubgraphServerOptions {
  readonly deps: Deps;
  readonly schema: GraphQLSchema;
  readonly verifyToken: TokenVerifier;
  readonly gatewaySecret: string;
  /** What counts mutations; by default each process counts for itself. */
  readonly limiter?: RateLimiter;
  /** Further plain HTTP routes of the app, such as published keys. */
  readonly routes?: AddRoutes;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came, for its signature. */
    rawBody?: string;
    /** The world of this request, once its signature and token were found good. */
    lyceum?: Ctx;
  }
}

/** The HTTP server of a subgraph: GraphQL for the gateway alone, health and metrics for operators. */
export const createSubgraphServer = async (
  options: SubgraphServerOptions,
): Promise<FastifyInstance> => {
  const { deps, schema } = options;
  const server = fastify({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: 'idle',
    logger: false,
  });
  keepRawBody(server);
  // Reads and writes need no queue: events wait in the outbox while it is away.
  addOperatorRoutes(server, deps, ['database']);

  const apollo = new ApolloServer<Ctx>({
    schema,
    introspection: true, // only the gateway gets this far
    csrfPrevention: false, // browsers cannot sign
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    formatError: formatError(deps.log),
    plugins: [
      fastifyApolloDrainPlugin(server),
      ApolloServerPluginLandingPageDisabled(),
      sayingWhenToRetry,
    ],
    logger: deps.log,
  });
  await apollo.start();
  await server.register(async (graph) => {
    graph.addHook('preHandler', admit(options));
    await graph.register(fastifyApollo(apollo), {
      path: '/graphql',
      method: ['POST'],
      context: (request) => Promise.resolve(ctxOf(request)),
    });
    graph.post('/graphql/stream', streamHandler(schema));
  });
  options.routes?.(server, { isSigned: (request) => isSigned(request, options.gatewaySecret) });
  return server;
};

const sayingWhenToRetry: ApolloServerPlugin<Ctx> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ response: { http }, errors = [] }) => {
        const seconds = retryAfterOf(errors);
        if (seconds !== undefined) http.headers.set('retry-after', String(seconds));
        return Promise.resolve();
      },
    }),
};

/** A worker answers operators only: health and metrics. */
export const createWorkerServer = (deps: Deps): FastifyInstance => {
  const server = fastify({ forceCloseConnections: true, logger: false });
  addOperatorRoutes(server, deps, ['database', 'queues']);
  return server;
};

const keepRawBody = (server: FastifyInstance): void => {
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    request.rawBody = body as string; // parseAs: 'string'
    try {
      done(null, JSON.parse(request.rawBody));
    } catch {
      done(Object.assign(new Error('The body is not JSON.'), { statusCode: 400 }));
    }
  });
};

const isSigned = (request: FastifyRequest, secret: string): boolean =>
  isGatewaySignatureValid(secret, String(request.headers[gatewaySignatureHeader] ?? ''), {
    body: request.rawBody ?? '',
    nowMs: Date.now(),
  });

/** Refuses what the gateway didn't sign, then finds out who asks. */
const admit =
  ({
    deps,
    gatewaySecret,
    verifyToken,
    limiter = createLocalRateLimiter(),
  }: SubgraphServerOptions) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!isSigned(request, gatewaySecret))
      return refuse(reply, 'This address answers the gateway only.');
    const verified = await verifyToken(request.headers.authorization).catch(
      (error: unknown) => error as Error,
    );
    if (verified instanceof Error) return refuse(reply, verified.message);
    const requestId = String(request.headers['x-request-id'] ?? randomUUID());
    const client = headerOf(request, clientHeader);
    request.lyceum = {
      ...verified,
      db: deps.dataSource.manager,
      deps,
      log: deps.log.child({ requestId }),
      requestId,
      loaders: new Map(),
      client,
      spendWrite: () => spendWrite(limiter, { actor: verified.actor, client }),
      userAgent: headerOf(request, userAgentHeader)?.slice(0, 300),
    };
  };

const headerOf = ({ headers }: FastifyRequest, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const refuse = async (reply: FastifyReply, message: string): Promise<void> => {
  await reply.code(401).send({ errors: [unauthenticated(message).toJSON()] });
};

const ctxOf = (request: FastifyRequest): Ctx => {
  if (request.lyceum === undefined) throw unauthenticated();
  return request.lyceum;
};

const streamHandler = (schema: GraphQLSchema) => {
  const handle = createHandler<never>({
    schema,
    authenticate: () => '', // "distinct connections mode": a stream a request
    context: (request) => ctxOf(request.raw) as never,
  });
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.hijack();
    await handle(request, reply);
  };
};

const addOperatorRoutes = (
  server: FastifyInstance,
  deps: Deps,
  needed: readonly Dependency[],
): void => {
  const metrics = createMetrics(deps);
  server.addHook('onResponse', (request, reply, done) => {
    if (request.url === '/graphql') {
      metrics.requestSeconds.observe(
        { status: String(reply.statusCode) },
        reply.elapsedTime / 1000,
      );
      deps.log.info(
        {
          requestId: request.lyceum?.requestId,
          status: reply.statusCode,
          durationMs: Math.round(reply.elapsedTime),
        },
        'request.done',
      );
    }
    done();
  });
  server.get('/health/live', () => ({ status: 'live' }));
  server.get('/health/ready', async (_, reply) => {
    const checks = await readiness(deps);
    const isReady = needed.every((dependency) => checks[dependency] === 'ok');
    await reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', checks });
  });
  server.get('/metrics', async (_, reply) => {
    await reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
};

type Dependency = 'database' | 'queues';

/** Asks everything this process depends on, at most for two seconds. */
export const readiness = async (
  deps: Pick<Deps, 'dataSource' | 'queues'>,
): Promise<Record<Dependency, string>> => {
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error('no answer')), 2_000).unref(),
  );
  const state = async (check: Promise<unknown>): Promise<string> => {
    try {
      await Promise.race([check, late]);
      return 'ok';
    } catch (error) {
      return error instanceof Error ? error.message : 'failed';
    }
  };
  const [database, queues] = await Promise.all([
    state(deps.dataSource.query('SELECT 1')),
    state(deps.queues.ping()),
  ]);
  return { database, queues };
};
