import { Readable } from 'node:stream';
import type { CommunityId } from '@lyceum/contracts';
import { serviceContext, type Deps } from '@lyceum/platform';
import type { FastifyInstance } from 'fastify';
import { communityToday } from '../metrics/read-metric';
import { query } from '../sql';
import { hashOf } from './create-download';
import type { MetricDownloadInput } from './download.types';
import { writeMetrics, type Download } from './write-metrics';

const types = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' } as const;

/** Where what was allowed is fetched; the secret in the path is all that is asked for. */
export const downloadRoutes = (server: FastifyInstance, deps: Deps): void => {
  server.get<{ Params: { token: string } }>('/files/metrics/:token', async (request, reply) => {
    const download = await allowed(deps, request.params.token, request.id);
    if (download === null) return reply.code(404).send({ error: 'not found, or expired' });
    const stream = Readable.from(writeMetrics(deps.dataSource.manager, download), {
      objectMode: false,
      highWaterMark: 64 * 1024,
    });
    return reply
      .type(types[download.format])
      .header(
        'content-disposition',
        `attachment; filename="metrics-${download.from}-${download.to}.${download.format}"`,
      )
      .header('cache-control', 'private, no-store')
      .header('x-content-type-options', 'nosniff')
      .send(stream);
  });
};

const allowed = async (deps: Deps, token: string, requestId: string): Promise<Download | null> => {
  const [ticket] = await query<{
    communityId: CommunityId;
    asked: Omit<MetricDownloadInput, 'communityId'>;
  }>(
    deps.dataSource.manager,
    'SELECT community_id AS "communityId", asked FROM download_ticket WHERE token_hash = $1 AND expires_at > $2',
    [hashOf(token), deps.now()],
  );
  if (ticket === undefined) return null;
  const { communityId, asked } = ticket;
  return {
    ...asked,
    communityId,
    today: await communityToday(serviceContext(deps, requestId), communityId),
  };
};
