import { z } from 'zod';
import { startWorker, type App, type AppDatabase, type WorkerGroup } from './app';
import { createTokenVerifier } from './auth';
import type { Deps } from './context';
import { migrate, openDatabase } from './database';
import { commonEnv, parseEnv, postgresUrl, type CommonEnv } from './env';
import { createInternalGraph } from './graph/internal';
import { linkToIdentity } from './identity-link';
import { createSubgraphServer, createWorkerServer } from './graph/server';
import { createRedisRateLimiter } from './limits';
import { createLog, type Log } from './log';
import { createQueues } from './queue/queues';
import { createSignals } from './signals';

/** What makes a subgraph: its name, its database, and how it is composed. */
export interface Subgraph {
  readonly name: string;
  readonly database: AppDatabase;
  readonly createApp: (deps: Deps) => App;
  /** The worker processes it can be split into, by name; exactly one is primary. */
  readonly workerGroups: Readonly<Record<string, WorkerGroup>>;
}

/** Connections and addresses of one subgraph, whoever provides them. */
export interface Surroundings {
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  readonly queueDatabaseUrl?: string | undefined;
  readonly subgraphUrls: Readonly<Record<string, string>>;
  readonly gatewaySecret: string;
  readonly log: Log;
  readonly now?: () => Date;
  readonly poolSize?: number;
}

export interface OpenDeps {
  readonly deps: Deps;
  close(): Promise<void>;
}

/** Connects one app with everything outside of it, its schema brought up to date. */
export const openDeps = async (subgraph: Subgraph, around: Surroundings): Promise<OpenDeps> => {
  const dataSource = await openDatabase({
    ...subgraph.database,
    url: around.databaseUrl,
    applicationName: `lyceum-${subgraph.name}`,
    ...(around.poolSize === undefined ? {} : { poolSize: around.poolSize }),
  });
  const applied = await migrate(dataSource);
  if (applied.length > 0) around.log.info({ app: subgraph.name, applied }, 'database.migrated');
  const queues = await createQueues(
    around.redisUrl === undefined
      ? { postgresUrl: around.queueDatabaseUrl ?? around.databaseUrl }
      : { redisUrl: around.redisUrl },
    around.log,
  );
  const signals = createSignals(
    around.redisUrl === undefined
      ? { postgresUrl: around.databaseUrl }
      : { redisUrl: around.redisUrl },
    around.log,
  );
  const graph = createInternalGraph({ urls: around.subgraphUrls, secret: around.gatewaySecret });
  const deps: Deps = {
    app: subgraph.name,
    dataSource,
    queues,
    signals,
    graph,
    log: around.log,
    now: around.now ?? (() => new Date()),
  };
  return {
    deps,
    close: async () => {
      await queues.close();
      await signals.close();
      await graph.close();
      await dataSource.destroy();
    },
  };
};

const subgraphNames = ['identity', 'content', 'payments', 'reputation'] as const;

const envOf = (subgraph: Subgraph): CommonEnv & Record<string, string | undefined> => {
  const prefix = subgraph.name.toUpperCase();
  const schema = z.intersection(
    commonEnv,
    z.object({
      [`${prefix}_DATABASE_URL`]: postgresUrl,
      ...Object.fromEntries(
        subgraphNames.map((name) => [`${name.toUpperCase()}_URL`, z.url().optional()]),
      ),
    }),
  );
  const env: unknown = parseEnv(schema);
  return env as CommonEnv & Record<string, string | undefined>; // the schema's names are computed
};

const openFromEnv = async (subgraph: Subgraph) => {
  const env = envOf(subgraph);
  const log = createLog({ name: subgraph.name, level: env.LOG_LEVEL });
  const open = await openDeps(subgraph, {
    databaseUrl: env[`${subgraph.name.toUpperCase()}_DATABASE_URL`] ?? '',
    redisUrl: env.REDIS_URL,
    queueDatabaseUrl: env.QUEUE_DATABASE_URL,
    gatewaySecret: env.GATEWAY_SECRET,
    subgraphUrls: Object.fromEntries(
      subgraphNames.flatMap((name) => {
        const url = env[`${name.toUpperCase()}_URL`];
        return url === undefined ? [] : [[name, url]];
      }),
    ),
    log,
  });
  return { env, log, ...open };
};

/**
 * The process behind an app's `server.ts`: answers until SIGTERM, then finishes what it has begun. With the
 * argument `migrate` it only brings the schema up to date, as a step of a deployment.
 */
export const runServer = async (subgraph: Subgraph, command = process.argv[2]): Promise<void> => {
  const { env, log, deps, close } = await openFromEnv(subgraph);
  if (command === 'migrate') return close();
  const app = subgraph.createApp(deps);
  const link = linkToIdentity({ baseUrl: () => env.JWKS_URL, secret: env.GATEWAY_SECRET, log });
  const server = await createSubgraphServer({
    deps,
    schema: app.schema,
    verifyToken: createTokenVerifier({ url: env.JWKS_URL }, Date.now, link),
    gatewaySecret: env.GATEWAY_SECRET,
    ...(env.REDIS_URL === undefined ? {} : { limiter: createRedisRateLimiter(env.REDIS_URL, log) }),
    ...(app.routes === undefined ? {} : { routes: app.routes }),
  });
  const address = await server.listen({ host: env.HOST, port: env.PORT });
  log.info({ address }, 'server.listening');
  onShutdown(log, async () => {
    link.close();
    await server.close();
    await close();
  });
};

/** The process behind an app's `worker.ts`; the group is its first argument, or the only one. */
export const runWorker = async (subgraph: Subgraph, groupName = process.argv[2]): Promise<void> => {
  const names = Object.keys(subgraph.workerGroups);
  const name = groupName ?? (names.length === 1 ? names[0] : undefined);
  const group = subgraph.workerGroups[name ?? ''];
  if (group === undefined) {
    process.stderr.write(`Which group? One of: ${names.join(', ')}\n`);
    process.exit(1);
  }
  const { env, log, deps, close } = await openFromEnv(subgraph);
  const worker = startWorker(deps, subgraph.createApp(deps), group);
  const server = createWorkerServer(deps);
  const address = await server.listen({ host: env.HOST, port: env.PORT });
  log.info({ group: name, address }, 'worker.started');
  onShutdown(log, async () => {
    await worker.close();
    await server.close();
    await close();
  });
};

const drainMs = 5_000;

/** Ends the process once, in order, on the first SIGTERM or SIGINT; hard when that takes too long. */
export const onShutdown = (log: Log, drain: () => Promise<void>): void => {
  let isEnding = false;
  const end = (signal: string): void => {
    if (isEnding) return;
    isEnding = true;
    log.info({ signal }, 'process.draining');
    setTimeout(() => process.exit(1), drainMs).unref();
    drain().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'process.drain-failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
};
