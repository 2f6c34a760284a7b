import type { FastifyInstance } from 'fastify';
import type { GatewayMetrics } from '../metrics';
import type { SubgraphClient } from '../subgraphs/subgraph-client';

export interface OperatorRouteParts {
  readonly subgraphs: ReadonlyMap<string, SubgraphClient>;
  readonly metrics: GatewayMetrics;
  readonly isDraining: () => boolean;
}

/**
 * For operators and their machines. The gateway is ready once every subgraph has been ready; from then on
 * it stays ready with some of them down, because it answers what it can: taking it out of service as well
 * would turn a partial answer into none.
 */
export const registerOperatorRoutes = (
  server: FastifyInstance,
  parts: OperatorRouteParts,
): void => {
  let wasComplete = false;
  server.get('/health/live', () => ({ status: 'live' }));
  server.get('/health/ready', async (_, reply) => {
    const subgraphs = await readinessOf(parts.subgraphs);
    const states = Object.values(subgraphs);
    const isComplete = states.every((state) => state === 'ready');
    wasComplete ||= isComplete;
    const isReady =
      !parts.isDraining() && (isComplete || (wasComplete && states.includes('ready')));
    const status = parts.isDraining()
      ? 'draining'
      : isComplete
        ? 'ready'
        : isReady
          ? 'degraded'
          : 'not ready';
    return reply.code(isReady ? 200 : 503).send({ status, subgraphs });
  });
  server.get('/metrics', async (_, reply) =>
    reply.type(parts.metrics.registry.contentType).send(await parts.metrics.registry.metrics()),
  );
};

const readinessOf = async (
  subgraphs: ReadonlyMap<string, SubgraphClient>,
): Promise<Record<string, 'ready' | 'down'>> =>
  Object.fromEntries(
    await Promise.all(
      [...subgraphs].map(
        async ([name, subgraph]) => [name, (await subgraph.isReady()) ? 'ready' : 'down'] as const,
      ),
    ),
  );
