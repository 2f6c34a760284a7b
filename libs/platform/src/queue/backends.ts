import {
  Queue,
  Worker,
  createPostgresBackend,
  runMigrations,
  type Job,
  type JobsOptions,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { Log } from '../log';

export const defaultAttempts = 20;
const jobDefaults: JobsOptions = {
  attempts: defaultAttempts,
  backoff: { type: 'exponential', delay: 200, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: { count: 1_000 },
};

/** BullMQ's classes on one server. */
export interface Backend {
  queue(name: string): Queue;
  worker(name: string, run: (job: Job) => Promise<void>, options: Partial<WorkerOptions>): Worker;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Keys carry a hash tag, so that all keys of a queue live in one slot of a Redis Cluster. */
const prefix = '{lyceum}';

export const redisBackend = (url: string): Backend => {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const workerConnections: Redis[] = [];
  connection.on('error', () => undefined); // BullMQ reports it per queue; unheard, it would end the process
  return {
    queue: (name) => new Queue(name, { connection, prefix, defaultJobOptions: jobDefaults }),
    worker: (name, run, options) => {
      const own = connection.duplicate();
      own.on('error', () => undefined);
      workerConnections.push(own);
      return new Worker(name, run, { ...options, connection: own, prefix });
    },
    ping: async () => {
      await withinMs(connection.ping(), 2_000);
    },
    close: () => {
      for (const open of [connection, ...workerConnections]) open.disconnect();
      return Promise.resolve();
    },
  };
};

export const postgresBackend = async (connectionString: string, log: Log): Promise<Backend> => {
  // One pool for all queues of the process: a connection each would exhaust the server.
  const pool = new Pool({
    connectionString,
    max: 100, // each worker keeps one to listen on; opened as needed
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // BullMQ's schema, which on a pool of ours it cannot set. A crash of the server may lose the last commits, as
    // it may on Redis: the outbox sends again what was lost, the inbox drops what comes twice.
    options: '-c search_path=bullmq -c synchronous_commit=off',
  });
  pool.on('error', (error) => log.warn({ err: error }, 'queue.pool-error'));
  pool.setMaxListeners(0); // each queue and worker adds one
  await migrateQueueTables(pool);
  // BullMQ declares its own, smaller type of pg's pool.
  const connection = pool as never;
  return {
    queue: (name) =>
      new Queue(
        name,
        { connection, defaultJobOptions: jobDefaults },
        createPostgresBackend as never,
      ),
    worker: (name, run, options) =>
      new Worker(name, run, { ...options, connection }, createPostgresBackend as never),
    ping: async () => {
      await withinMs(pool.query('SELECT 1'), 2_000);
    },
    close: () => pool.end(),
  };
};

const migrateQueueTables = async (pool: Pool): Promise<void> => {
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
};

const withinMs = async <T>(promise: Promise<T>, ms: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${String(ms)} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};
