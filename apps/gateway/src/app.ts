import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createApollo } from './graph/apollo';
import { Graph } from './graph/graph';
import { registerGraphqlRoute } from './http/graphql-route';
import { registerOperatorRoutes } from './http/operator-routes';
import { createHttpServer } from './http/server';
import { createMetrics } from './metrics';
import { settingsOf, type GatewayOptions } from './options';
import { createSubgraphClient } from './subgraphs/subgraph-client';

export type { GatewayOptions } from './options';
export { composeSupergraph } from './compose';

export interface Gateway {
  readonly server: FastifyInstance;
  /** Starts answering; resolves with the address that clients use. */
  listen(address?: { readonly host?: string; readonly port?: number }): Promise<string>;
  /** Switches to another supergraph; throws, and keeps the present one, when it is not valid. */
  setSupergraph(sdl: string): Promise<void>;
  /** Ends streams, lets requests under way finish, and closes; within five seconds. */
  close(): Promise<void>;
}

/** How long requests under way may take to finish at a shutdown. */
const drainMs = 4_000;

/** The gateway's composition root. */
export const createGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const settings = settingsOf(options);
  const graph = new Graph(settings);
  const metrics = createMetrics({ subscriptions: () => 0, upstreams: () => 0, sockets: () => 0 });
  const subgraphs = new Map(
    options.subgraphs.map((address) => [
      address.name,
      createSubgraphClient(address, settings, metrics.fetch),
    ]),
  );
  const missing = graph.supergraph.subgraphNames.filter((name) => !subgraphs.has(name));
  if (missing.length > 0) throw new Error(`no address for the subgraph ${missing.join(', ')}`);

  const apollo = createApollo({ graph, subgraphs, settings, onOperation: metrics.operation });
  await apollo.start();
  const server = createHttpServer(settings);
  let isDraining = false;
  registerOperatorRoutes(server, { subgraphs, metrics, isDraining: () => isDraining });
  await registerGraphqlRoute(server, { apollo, settings, stream: () => Promise.resolve(), explorerPage: undefined });
  await graph.warmUp();

  const close = async (): Promise<void> => {
    isDraining = true;
    const timer = setTimeout(() => server.server.closeAllConnections(), drainMs);
    await server.close();
    clearTimeout(timer);
    await apollo.stop();
    await Promise.all([...subgraphs.values()].map((subgraph) => subgraph.close()));
  };
  return {
    server,
    listen: async ({ host = '127.0.0.1', port = 0 } = {}) => {
      await server.listen({ host, port });
      const { port: bound } = server.server.address() as AddressInfo; // a TCP server has a port
      return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${String(bound)}`;
    },
    setSupergraph: (sdl) => graph.setSupergraph(sdl),
    close,
  };
};
