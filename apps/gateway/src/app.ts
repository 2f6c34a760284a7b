import type { FastifyInstance } from 'fastify';
import { answerKnown, createApollo } from './graph/apollo';
import { Graph } from './graph/graph';
import { trackConnections } from './http/connections';
import { registerExplorerFiles } from './http/explorer';
import { registerGraphqlRoute } from './http/graphql-route';
import { registerOperatorRoutes } from './http/operator-routes';
import { registerPassThrough } from './http/pass-through';
import { createHttpServer } from './http/server';
import { createMetrics, type GatewayMetrics } from './metrics';
import { settingsOf, type GatewayOptions, type Settings } from './options';
import { createSubgraphClient, type SubgraphClient } from './subgraphs/subgraph-client';
import { SubscriptionHub } from './subscriptions/hub';
import { createSseEndpoint } from './subscriptions/sse';
import { createWebSocketEndpoint } from './subscriptions/websocket';

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
  const metrics = createMetrics();
  const subgraphs = connect(settings, metrics);
  const hub = new SubscriptionHub(graph, { subgraphs, settings, onEvent: metrics.event });
  const parts = {
    ...{ graph, subgraphs, settings, onOperation: metrics.operation },
    // Ids, names and numbers: to look for secrets in them would double the line's price.
    operationLog: options.log.child({}, { redact: [] }),
  };
  const apollo = createApollo(parts);
  await apollo.start();

  let isDraining = false;
  const server = createHttpServer(settings);
  const connections = trackConnections(server.server);
  const sse = createSseEndpoint({ hub, apollo, settings });
  const webSockets = createWebSocketEndpoint(server.server, { hub, graph, apollo, settings });
  registerOperatorRoutes(server, { subgraphs, metrics, isDraining: () => isDraining });
  const passThrough = registerPassThrough(server, settings);
  await registerGraphqlRoute(server, {
    ...{ apollo, settings, stream: sse.stream },
    answerKnown: (operation, context) => answerKnown(parts, operation, context),
  });
  if (settings.isExplorable) registerExplorerFiles(server);
  metrics.watch({
    subscriptions: () => hub.subscriptionCount,
    upstreams: () => hub.upstreamCount,
    sockets: webSockets.openCount,
  });
  await graph.warmUp();

  return {
    server,
    listen: ({ host = '127.0.0.1', port = 0 } = {}) => server.listen({ host, port }),
    setSupergraph: (sdl) => graph.setSupergraph(sdl),
    close: async () => {
      isDraining = true;
      webSockets.close();
      hub.close();
      sse.close();
      connections.drain();
      const timer = setTimeout(() => server.server.closeAllConnections(), drainMs);
      await server.close();
      clearTimeout(timer);
      await apollo.stop();
      await passThrough.close();
      await Promise.all([...subgraphs.values()].map((subgraph) => subgraph.close()));
    },
  };
};

const connect = (
  settings: Settings,
  metrics: GatewayMetrics,
): ReadonlyMap<string, SubgraphClient> =>
  new Map(
    settings.options.subgraphs.map((address) => [
      address.name,
      createSubgraphClient(address, settings, metrics.fetch),
    ]),
  );
