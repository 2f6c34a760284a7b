import { createGateway, type Gateway } from '@lyceum/gateway/app';
import { publicKeys } from '@lyceum/identity/app';
import {
  createSubgraphServer,
  createTokenVerifier,
  linkToIdentity,
  openDeps,
  startWorker,
  type Deps,
  type IdentityLink,
  type Log,
  type Subgraph,
} from '@lyceum/platform';
import type { Secrets } from './secrets';
import { subgraphsOf } from './subgraphs';
import { readSupergraph } from './supergraph';

export interface RunningSubgraph {
  readonly name: string;
  readonly deps: Deps;
  /** `http://127.0.0.1:port`, of its server. */
  readonly url: string;
  close(): Promise<void>;
}

export interface RunningSubgraphs {
  readonly running: readonly RunningSubgraph[];
  /** What all of them learn from identity about tokens; to be closed before them. */
  readonly link: IdentityLink;
}

export interface SubgraphSurroundings {
  readonly databaseUrl: (name: string) => string;
  readonly secrets: Secrets;
  readonly log: Log;
}

/** Four servers on the loopback address and all their workers, in this process. */
export const startSubgraphs = async (around: SubgraphSurroundings): Promise<RunningSubgraphs> => {
  // They ask each other, so each needs all addresses, which are known when all listen.
  const graphUrls: Record<string, string> = {};
  const link = linkToIdentity({
    baseUrl: () => graphUrls['identity'],
    secret: around.secrets.gatewaySecret,
    log: around.log,
  });
  const running = await Promise.allSettled(
    subgraphsOf(around.secrets).map((subgraph) =>
      startSubgraph(subgraph, { ...around, link }, graphUrls),
    ),
  );
  const started = running.flatMap((result) =>
    result.status === 'fulfilled' ? [result.value] : [],
  );
  const failure = running.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    link.close();
    await Promise.all(started.map((subgraph) => subgraph.close()));
    throw failure.reason;
  }
  return { running: started, link };
};

/** The one public endpoint, in front of them. */
export const startGateway = async (
  { running: subgraphs, link }: RunningSubgraphs,
  { secrets, log }: Omit<SubgraphSurroundings, 'databaseUrl'>,
): Promise<Gateway> =>
  createGateway({
    subgraphs: subgraphs.map(({ name, url }) => ({ name, url })),
    supergraphSdl: await readSupergraph(),
    gatewaySecret: secrets.gatewaySecret,
    verifyToken: createTokenVerifier({ keys: publicKeys(secrets.signingKeys) }, Date.now, link),
    revocations: link,
    log: log.child({ app: 'gateway' }),
    isExplorable: true,
  });

const startSubgraph = async (
  subgraph: Subgraph,
  { databaseUrl, secrets, log, link }: SubgraphSurroundings & { readonly link: IdentityLink },
  graphUrls: Record<string, string>,
): Promise<RunningSubgraph> => {
  const { deps, close } = await openDeps(subgraph, {
    databaseUrl: databaseUrl(subgraph.name),
    queueDatabaseUrl: databaseUrl('queue'),
    subgraphUrls: graphUrls,
    gatewaySecret: secrets.gatewaySecret,
    log: log.child({ app: subgraph.name }),
  });
  const app = subgraph.createApp(deps);
  const server = await createSubgraphServer({
    deps,
    schema: app.schema,
    verifyToken: createTokenVerifier({ keys: publicKeys(secrets.signingKeys) }, Date.now, link),
    gatewaySecret: secrets.gatewaySecret,
    ...(app.routes === undefined ? {} : { routes: app.routes }),
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  graphUrls[subgraph.name] = `${url}/graphql`;
  const workers = Object.values(subgraph.workerGroups).map((group) =>
    startWorker(deps, app, group),
  );
  return {
    name: subgraph.name,
    deps,
    url,
    close: async () => {
      await Promise.all([server.close(), ...workers.map((worker) => worker.close())]);
      await close();
    },
  };
};
