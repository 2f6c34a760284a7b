import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey } from '@lyceum/identity/app';
import { createLog } from '@lyceum/platform';
import { startServices, startStandalone, type RunningServices } from '@lyceum/standalone/app';
import { emptyDatabase, startTestRedis, type TestRedis } from '@lyceum/testing';
import type { Stores } from './traces';

/** A running Lyceum, whichever profile it has. */
export interface System extends Stores {
  readonly url: string;
  stop(): Promise<void>;
}

/** All in this process, on an embedded PostgreSQL. */
export const startEmbedded = async (): Promise<System> => {
  const directory = mkdtempSync(join(tmpdir(), 'lyceum-e2e-'));
  const said: string[] = [];
  const standalone = await startStandalone({
    port: 0,
    host: '127.0.0.1',
    dataDir: join(directory, 'data'),
    log: createLog({
      name: 'e2e',
      destination: { write: (line) => void said.push(line) },
    }),
  });
  return {
    url: standalone.url,
    databaseUrls: standalone.databaseUrls,
    said,
    stop: async () => {
      await standalone.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

export interface ScaledOut extends System {
  readonly services: RunningServices;
  readonly redis: TestRedis;
}

/** A process a deployable, a database a subgraph, and a Redis. */
export const startScaledOut = async (): Promise<ScaledOut> => {
  const redis = await startTestRedis();
  const names = ['identity', 'content', 'payments', 'reputation'];
  const databases = await Promise.all(names.map(() => emptyDatabase()));
  const databaseUrls = Object.fromEntries(names.map((name, n) => [name, databases[n]?.url ?? '']));
  const said: string[] = [];
  const services = await startServices({
    port: 0,
    host: '127.0.0.1',
    databaseUrls,
    redisUrl: redis.url,
    gatewaySecret: 'a secret that only the services of this test know',
    signingKeys: JSON.stringify([await generateSigningKey()]),
    onLine: (service, line) => void said.push(`${service} ${line}`),
  });
  return {
    url: services.url,
    services,
    redis,
    redisUrl: redis.url,
    databaseUrls,
    said,
    stop: async () => {
      await services.stop();
      await redis.stop();
      for (const database of databases) await database.drop();
    },
  };
};
