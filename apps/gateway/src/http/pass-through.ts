import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Pool } from 'undici';
import type { Settings } from '../options';

/** What of the public address is answered by a subgraph itself, and by which. */
const passedThrough = [
  { path: '/webhooks/*', methods: ['POST'], subgraph: 'payments' },
  { path: '/pay/*', methods: ['GET', 'POST'], subgraph: 'payments' },
  { path: '/files/avatars/*', methods: ['GET'], subgraph: 'identity' },
  { path: '/files/metrics/*', methods: ['GET'], subgraph: 'reputation' },
] as const;

/** Headers that are between two neighbours, or that only the gateway may set. */
const ownHeaders =
  /^(connection|keep-alive|te|trailer|transfer-encoding|upgrade|host|content-length|expect|proxy-.*|x-lyceum-.*)$/;

export interface PassThrough {
  close(): Promise<void>;
}

/**
 * Hands requests of other than GraphQL on as they are, the body byte for byte: payment providers sign it. No token is
 * looked at and nothing is signed, so a subgraph serves nothing there that needs to know who asks.
 */
export const registerPassThrough = (server: FastifyInstance, settings: Settings): PassThrough => {
  const pools = new Map<string, { pool: Pool; base: string }>();
  for (const { name, url } of settings.options.subgraphs) {
    if (!passedThrough.some(({ subgraph }) => subgraph === name)) continue;
    const { origin, pathname } = new URL(url);
    const pool = new Pool(origin, { connect: { timeout: settings.deadlines.connectMs } });
    pools.set(name, { pool, base: pathname.replace(/(\/graphql)?\/?$/, '') });
  }
  void server.register((raw, _, done) => {
    raw.removeAllContentTypeParsers();
    raw.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) =>
      parsed(null, body),
    );
    for (const { path, methods, subgraph } of passedThrough) {
      const target = pools.get(subgraph);
      if (target === undefined) continue;
      raw.route({
        method: [...methods],
        url: path,
        handler: (request, reply) => handOn(request, reply, { ...target, settings }),
      });
    }
    done();
  });
  return {
    close: async () => {
      await Promise.all([...pools.values()].map(({ pool }) => pool.destroy()));
    },
  };
};

interface Target {
  readonly pool: Pool;
  readonly base: string;
  readonly settings: Settings;
}

const handOn = async (
  request: FastifyRequest,
  reply: FastifyReply,
  { pool, base, settings }: Target,
): Promise<FastifyReply> => {
  try {
    const answer = await pool.request({
      method: request.method === 'POST' ? 'POST' : 'GET',
      path: `${base}${request.url}`,
      headers: { ...carried(request.headers), 'x-request-id': request.id },
      body: Buffer.isBuffer(request.body) ? request.body : null,
      headersTimeout: settings.deadlines.fetchMs,
      bodyTimeout: settings.deadlines.fetchMs,
    });
    // As it comes: a download may be larger than memory, and a slow client slows the subgraph.
    return await reply.code(answer.statusCode).headers(carried(answer.headers)).send(answer.body);
  } catch (error) {
    settings.options.log.warn({ err: error, requestId: request.id }, 'pass-through.failed');
    // Providers deliver again what was not taken.
    return reply.code(503).header('retry-after', '5').send({ error: 'try again later' });
  }
};

const carried = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && !ownHeaders.test(entry[0].toLowerCase()),
    ),
  );
