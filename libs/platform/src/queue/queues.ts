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

export interface NewJob<Data = unknown> {
  readonly name: string;
  readonly data: Data;
  /** Makes adding it twice one job, as long as the first is remembered. No `:` and not only digits. */
  readonly id?: string;
  readonly delayMs?: number;
  readonly attempts?: number;
}

export interface RunningJob<Data = unknown> {
  readonly id: string;
  readonly name: string;
  readonly data: Data;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly maxAttempts: number;
}

export interface WorkOptions {
  readonly concurrency?: number;
}

export interface QueueWorker {
  /** Takes no new job, and ends when those under way have. */
  close(): Promise<void>;
}

/** BullMQ, on Redis or on PostgreSQL: the only place that knows which. */
export interface Queues {
  add(queue: string, jobs: readonly NewJob[]): Promise<void>;
  work<Data>(
    queue: string,
    run: (job: RunningJob<Data>) => Promise<void>,
    options?: WorkOptions,
  ): QueueWorker;
  /** Runs a job again and again: once in `everyMs`, however many processes ask for it. */
  every(queue: string, job: NewJob & { everyMs: number }): Promise<void>;
  /** Jobs that wait, are delayed or under way. */
  backlog(queue: string): Promise<number>;
  /** Throws when the server behind the queues does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type QueueServer = { readonly redisUrl: string } | { readonly postgresUrl: string };

const defaultAttempts = 20;
const jobDefaults: JobsOptions = {
  attempts: defaultAttempts,
  backoff: { type: 'exponential', delay: 200, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: { count: 1_000 },
};
/** After a `kill -9` another worker takes the job over within about two of these. */
const lockMs = 10_000;
/** How long a worker lets a failing server alone before it asks again. */
const retryMs = 500;

/** Connects; on PostgreSQL it also makes or updates the tables of the queues. */
export const createQueues = async (server: QueueServer, log: Log): Promise<Queues> => {
  const backend =
    'redisUrl' in server
      ? redisBackend(server.redisUrl)
      : await postgresBackend(server.postgresUrl, log);
  const queues = new Map<string, Queue>();
  const workers = new Set<Worker>();

  const queueNamed = (name: string): Queue => {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const queue = backend.queue(name);
    queue.on('error', (error) => log.warn({ err: error, queue: name }, 'queue.error'));
    queues.set(name, queue);
    return queue;
  };

  return {
    async add(name, jobs) {
      await queueNamed(name).addBulk(jobs.map(toBullJob));
    },
    work(name, run, options = {}) {
      const worker = backend.worker(name, (job) => run(toRunningJob(job)), {
        concurrency: options.concurrency ?? 1,
        lockDuration: lockMs,
        stalledInterval: lockMs / 2,
        runRetryDelay: retryMs,
        maxStalledCount: 1_000, // a job is not to blame for the deaths of its workers
      });
      worker.on('error', (error) => {
        log.warn({ err: error, queue: name }, 'queue.error');
        pauseBriefly(worker);
      });
      worker.on('failed', (job, error) =>
        log.warn(
          { err: error, queue: name, job: job?.id, attempt: job?.attemptsMade },
          'job.failed',
        ),
      );
      workers.add(worker);
      return {
        close: async () => {
          workers.delete(worker);
          await worker.close();
        },
      };
    },
    async every(name, { everyMs, ...job }) {
      const template = toBullJob(job);
      await queueNamed(name).upsertJobScheduler(
        job.name,
        { every: everyMs },
        { name: template.name, data: template.data },
      );
    },
    async backlog(name) {
      const counts = await queueNamed(name).getJobCounts(
        'waiting',
        'active',
        'delayed',
        'prioritized',
      );
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    ping: () => backend.ping(),
    async close() {
      await Promise.all([...workers].map((worker) => worker.close()));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await backend.close();
    },
  };
};

/** BullMQ asks again at once after most errors, and would keep the process busy with a server that is down. */
const pauseBriefly = (worker: Worker): void => {
  if (worker.isPaused() || worker.closing !== undefined) return;
  void worker.pause(true);
  setTimeout(() => {
    if (worker.closing === undefined) worker.resume();
  }, retryMs).unref();
};

const toBullJob = (job: NewJob): { name: string; data: unknown; opts: JobsOptions } => ({
  name: job.name,
  data: job.data,
  opts: {
    ...(job.id === undefined ? {} : { jobId: job.id }),
    ...(job.delayMs === undefined ? {} : { delay: job.delayMs }),
    ...(job.attempts === undefined ? {} : { attempts: job.attempts }),
  },
});

const toRunningJob = <Data>(job: Job): RunningJob<Data> => ({
  id: job.id ?? '',
  name: job.name,
  data: job.data as Data, // what we put in; consumers parse it
  attempt: job.attemptsMade + 1,
  maxAttempts: job.opts.attempts ?? defaultAttempts,
});

interface Backend {
  queue(name: string): Queue;
  worker(name: string, run: (job: Job) => Promise<void>, options: Partial<WorkerOptions>): Worker;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Keys carry a hash tag, so that all keys of a queue live in one slot of a Redis Cluster. */
const prefix = '{lyceum}';

const redisBackend = (url: string): Backend => {
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

const postgresBackend = async (connectionString: string, log: Log): Promise<Backend> => {
  // One pool for all queues of the process: a connection each would exhaust the server.
  const pool = new Pool({
    connectionString,
    max: 40,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    options: '-c search_path=bullmq', // BullMQ's schema; on a pool of ours it cannot set it
  });
  pool.on('error', (error) => log.warn({ err: error }, 'queue.pool-error'));
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
    await runMigrations(client as never);
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
