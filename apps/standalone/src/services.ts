import { createGateway, type Gateway } from '@lyceum/gateway/app';
import { publicKeys } from '@lyceum/identity/app';
import { createTokenVerifier, type Log } from '@lyceum/platform';
import { startSubgraphs, type RunningSubgraph } from './composition';
import type { RunningDatabases } from './databases';
import { openSecrets, type Secrets } from './secrets';
import { readSupergraph } from './supergraph';

export interface RunningServices {
  readonly subgraphs: readonly RunningSubgraph[];
  readonly secrets: Secrets;
  close(): Promise<void>;
}

/** The subgraphs with their workers, on databases that run. */
export const startServices = async (
  dataDir: string,
  { databases, log }: { databases: RunningDatabases; log: Log },
): Promise<RunningServices> => {
  const secrets = await openSecrets(dataDir);
  const subgraphs = await startSubgraphs({ databaseUrl: databases.urlOf, secrets, log });
  return {
    subgraphs,
    secrets,
    close: async () => {
      await Promise.all(subgraphs.map((subgraph) => subgraph.close()));
    },
  };
};

export const startGateway = async (
  { subgraphs, secrets }: RunningServices,
  log: Log,
): Promise<Gateway> =>
  createGateway({
    subgraphs: subgraphs.map(({ name, url }) => ({ name, url })),
    supergraphSdl: await readSupergraph(),
    gatewaySecret: secrets.gatewaySecret,
    verifyToken: createTokenVerifier({ keys: publicKeys(secrets.signingKeys) }),
    log: log.child({ app: 'gateway' }),
    isExplorable: true,
  });

/** Waits for an ending, whichever, but not for longer than that. */
export const atMost = async (ms: number, ending: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms));
  });
  await Promise.race([ending.catch(() => undefined), late]);
  clearTimeout(timer);
};
