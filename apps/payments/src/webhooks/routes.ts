import type { Deps } from '@lyceum/platform';
import type { FastifyInstance } from 'fastify';
import { receiveWebhook } from './receive-webhook';

const bodyLimitBytes = 256 * 1024;

/** Where providers deliver: the raw body, whatever its type, is what they signed. */
export const webhookRoutes = (server: FastifyInstance, deps: Deps): void => {
  void server.register((inbound, _, done) => {
    inbound.removeAllContentTypeParsers();
    inbound.addContentTypeParser(
      '*',
      { parseAs: 'string', bodyLimit: bodyLimitBytes },
      (_request, body, parsed) => parsed(null, body),
    );
    inbound.post<{ Params: { provider: string }; Body: unknown }>(
      '/webhooks/:provider',
      async ({ params, body, headers }, reply) => {
        const receipt = await receiveWebhook(deps, params.provider, {
          rawBody: typeof body === 'string' ? body : '',
          headers: singleHeaders(headers),
          now: deps.now(),
        });
        switch (receipt.status) {
          case 'taken':
            return reply.code(200).type(receipt.contentType).send(receipt.body);
          case 'refused':
            return reply.code(401).send({ error: 'unsigned or stale' });
          case 'unknown-provider':
            return reply.code(404).send({ error: 'no such provider' });
        }
      },
    );
    done();
  });
};

const singleHeaders = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : value,
    ]),
  );
