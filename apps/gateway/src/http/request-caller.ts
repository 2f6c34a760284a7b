import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { VerifiedToken } from '@lyceum/platform';
import { Departure, type Caller } from '../caller';
import { errorBody } from '../client-error';
import type { Settings } from '../options';
import { originOf } from './origin';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once the token was found good. */
    caller?: Caller;
    token?: VerifiedToken;
  }
}

/** A preHandler that finds out who asks, and refuses a token that is not good, whatever is asked. */
export const identifyCaller =
  (settings: Settings) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { authorization } = request.headers;
    try {
      if (authorization !== undefined) {
        request.token = await settings.options.verifyToken(authorization);
      }
    } catch (error) {
      const message =
        error instanceof GraphQLError ? error.message : 'The access token is not valid.';
      return reply.code(401).send(errorBody({ code: 'UNAUTHENTICATED', message }, request.id));
    }
    const gone = new Departure();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) gone.leave();
    });
    request.caller = {
      requestId: request.id,
      authorization,
      origin: originOf(request.raw, settings),
      deadlineAtMs: settings.now() + settings.deadlines.requestMs,
      gone,
    };
    return undefined;
  };

export const callerOf = (request: FastifyRequest): Caller => {
  if (request.caller === undefined) throw new Error('the caller was not identified');
  return request.caller;
};
