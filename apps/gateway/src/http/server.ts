import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '@lyceum/platform';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { errorBody } from '../client-error';
import type { Settings } from '../options';

const validRequestId = /^[\w.-]{8,64}$/;
/** For a client to send its whole request. */
const requestTimeoutMs = 30_000;

/** The bare HTTP server: request ids, limits, typed errors and headers for whatever is registered on it. */
export const createHttpServer = (settings: Settings): FastifyInstance => {
  const server = fastify({
    bodyLimit: settings.limits.maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
    logger: false,
    requestIdHeader: false,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && validRequestId.test(given) ? given : randomUUID();
    },
  });
  server.removeContentTypeParser('text/plain'); // what a form of another site can send without a preflight
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    const bytes = Number(request.headers['content-length'] ?? 0);
    if (bytes <= settings.limits.maxBodyBytes) {
      done();
      return;
    }
    // Read to its end (within the request's time) and thrown away: a client that is still sending when the
    // connection closes gets a broken pipe instead of the answer.
    request.raw.once('end', () => {
      done(Object.assign(new Error('too large'), { statusCode: 413 }));
    });
    request.raw.resume();
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const { status, code, message } = refusalOf(error, settings);
    if (code === 'INTERNAL')
      settings.options.log.error({ err: error, requestId: request.id }, 'request.failed');
    return reply.code(status).send(errorBody({ code, message }, request.id));
  });
  server.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send(
        errorBody({ code: 'NOT_FOUND', message: 'There is nothing at this address.' }, request.id),
      ),
  );
  return server;
};

interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
}

const refusalOf = (error: FastifyError, { limits }: Settings): Refusal => {
  const status = error.statusCode ?? 500;
  if (status === 413) {
    return {
      status,
      code: 'LIMIT_EXCEEDED',
      message: `The body is larger than ${String(limits.maxBodyBytes)} bytes.`,
    };
  }
  if (status === 415)
    return { status, code: 'BAD_INPUT', message: 'The content type must be application/json.' };
  if (status >= 400 && status < 500)
    return { status, code: 'BAD_INPUT', message: 'The request cannot be read as JSON.' };
  return { status: 500, code: 'INTERNAL', message: 'Something went wrong on our side.' };
};
