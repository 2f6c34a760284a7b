import type { Deps } from '@lyceum/platform';
import type { FastifyInstance } from 'fastify';
import { avatarStore } from './avatar-store';

/** Serves avatars by their names, which nobody can guess and which never mean another picture. */
export const addAvatarRoutes = (server: FastifyInstance, deps: Deps): void => {
  server.get<{ Params: { name: string } }>('/files/avatars/:name', async (request, reply) => {
    const { name } = request.params;
    const image = /^[0-9a-f]{32}\.webp$/.test(name)
      ? await avatarStore(deps.dataSource.manager).find(name)
      : null;
    if (image === null) return reply.code(404).send();
    return reply
      .header('content-type', 'image/webp')
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .send(image);
  });
};
