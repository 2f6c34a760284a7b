import type { Job, JobsOptions, Queue, Worker } from 'bullmq';
import type { Log } from '../log';
import { defaultAttempts, postgresBackend, redisBackend, type Backend } from './backends';

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
  /** Whether a job of that name runs again and again: a queue server that lost its memory has no schedules. */
  isScheduled(queue: string, name: string): Promise<boolean>;
  /** Jobs that wait, are delayed or under way. */
  backlog(queue: string): Promise<number>;
  /** Throws when the server behind the queues does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type QueueServer = { readonly redisUrl: string } | { readonly postgresUrl: string };

/** After a `kill -9` another worker takes the job over within about two of these. */
const lockMs = 10_000;
/** On PostgreSQL, BullMQ's bulk insert makes two temporary tables a call: dearer than a few single inserts. */
const fewJobs = 2;
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
      const queue = queueNamed(name);
      if (jobs.length > fewJobs) await queue.addBulk(jobs.map(toBullJob));
      else for (const job of jobs.map(toBullJob)) await queue.add(job.name, job.data, job.opts);
    },
    work(name, run, options = {}) {
      const worker = startBullWorker(backend, name, {
        run: (job) => run(toRunningJob(job)),
        concurrency: options.concurrency ?? 1,
        log,
      });
      workers.add(worker);
      return {
        close: async () => {
          workers.delete(worker);
          await worker.close();
        },
      };
    },
    every: (name, job) => schedule(queueNamed(name), job),
    isScheduled: async (queue, name) =>
      (await queueNamed(queue).getJobScheduler(name)) !== undefined,
    backlog: (name) => backlogOf(queueNamed(name)),
    ping: () => backend.ping(),
    async close() {
      await Promise.all([...workers].map((worker) => worker.close()));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await backend.close();
    },
  };
};

const schedule = async (
  queue: Queue,
  { everyMs, ...job }: NewJob & { everyMs: number },
): Promise<void> => {
  const { name, data } = toBullJob(job);
  await queue.upsertJobScheduler(name, { every: everyMs }, { name, data });
};

const backlogOf = async (queue: Queue): Promise<number> => {
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
};

const startBullWorker = (
  backend: Backend,
  queue: string,
  { run, concurrency, log }: { run: (job: Job) => Promise<void>; concurrency: number; log: Log },
): Worker => {
  const worker = backend.worker(queue, run, {
    concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs / 2,
    runRetryDelay: retryMs,
    maxStalledCount: 1_000, // a job is not to blame for the deaths of its workers
  });
  worker.on('error', (error) => {
    log.warn({ err: error, queue }, 'queue.error');
    pauseBriefly(worker);
  });
  worker.on('failed', (job, error) => {
    log.warn({ err: error, queue, job: job?.id, attempt: job?.attemptsMade }, 'job.failed');
  });
  return worker;
};

/** BullMQ asks again at once after most errors, and would keep the process busy with a server that is down. */
const pauseBriefly = (worker: Worker): void => {
  if (worker.isPaused() || worker.closing !== undefined) return;
  void worker.pause(true);
  setTimeout(() => {
    if (worker.closing === undefined) void worker.resume();
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
