import { content } from '@lyceum/content/app';
import * as identity from '@lyceum/identity/app';
import { payments } from '@lyceum/payments/app';
import { createLog, openDeps, startWorker, type Subgraph } from '@lyceum/platform';
import { reputation } from '@lyceum/reputation/app';
import { emptyDatabase } from '@lyceum/testing';
import type { DataSource } from 'typeorm';

/** The four apps' databases with their real workers on real queues, without their servers. */
export interface RunningWorkers {
  readonly identity: DataSource;
  readonly content: DataSource;
  readonly reputation: DataSource;
  close(): Promise<void>;
}

export const startWorkers = async (): Promise<RunningWorkers> => {
  const signingKeys = [await identity.generateSigningKey()];
  const subgraphs: readonly Subgraph[] = [
    {
      ...identity,
      name: 'identity',
      createApp: (deps) => identity.createApp(deps, { signingKeys }),
    },
    content,
    payments,
    reputation,
  ];
  const queue = await emptyDatabase();
  const running = await Promise.all(subgraphs.map((subgraph) => startOne(subgraph, queue.url)));
  const sourceOf = (name: string): DataSource => {
    const found = running.find((one) => one.deps.app === name);
    if (found === undefined) throw new Error(`${name} does not run`);
    return found.deps.dataSource;
  };
  return {
    identity: sourceOf('identity'),
    content: sourceOf('content'),
    reputation: sourceOf('reputation'),
    close: async () => {
      await Promise.all(running.map((one) => one.close()));
      await queue.drop();
    },
  };
};

const startOne = async (subgraph: Subgraph, queueDatabaseUrl: string) => {
  const database = await emptyDatabase();
  const { deps, close } = await openDeps(subgraph, {
    databaseUrl: database.url,
    queueDatabaseUrl,
    subgraphUrls: {},
    gatewaySecret: 'a-secret-that-only-this-test-knows-of',
    log: createLog({ name: subgraph.name, level: 'error' }),
    poolSize: 6,
  });
  const app = subgraph.createApp(deps);
  const workers = Object.values(subgraph.workerGroups).map((group) =>
    startWorker(deps, app, group),
  );
  return {
    deps,
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
      await close();
      await database.drop();
    },
  };
};
