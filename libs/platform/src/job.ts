import type { Destination } from '@lyceum/contracts';
import type { z } from 'zod';
import { serviceContext, type Ctx, type Deps } from './context';
import { groupBy } from './group-by';
import type { QueueWorker, RunningJob } from './queue/queues';

/** Work done later, with its limits beside it. It may run twice: its effects must be idempotent. */
export interface JobDefinition<Input = unknown> {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  readonly attempts: number;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** It runs in the worker group that consumes this destination; without one, in the primary group. */
  readonly destination?: Destination;
  /** Present on jobs that a clock starts. */
  readonly everyMs?: number;
  /** For a job that a clock starts, and callers too: theirs may be many, and must not hold up other jobs. */
  readonly hasOwnQueue?: boolean;
  readonly run: (
    world: { deps: Deps; ctx: Ctx; signal: AbortSignal },
    input: Input,
  ) => Promise<void>;
}

/** A job of any input, as workers hold them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list of jobs has jobs of every input
export type AnyJob = JobDefinition<any>;

export const defineJob = <Input>(definition: JobDefinition<Input>): JobDefinition<Input> =>
  definition;

type Queued = Pick<AnyJob, 'name' | 'destination' | 'everyMs' | 'hasOwnQueue'>;

/** Jobs that only a clock starts share a queue: a worker costs a connection, and most run for an instant a minute. */
const isOfTheClock = (job: Queued): boolean =>
  job.everyMs !== undefined && job.hasOwnQueue !== true;

/** `jobs-identity-send-mail`; `clock-identity` for what the clock alone starts. */
export const jobQueue = (job: Queued): string => {
  if (!isOfTheClock(job)) return `jobs-${job.name.replaceAll('.', '-')}`;
  const [app = job.name] = job.name.split('.');
  return job.destination === undefined ? `clock-${app}` : `clock-${job.destination}`;
};

/** Queues one run. With an `id`, asking twice is one run while the first is remembered. */
export const enqueue = async <Input>(
  deps: Pick<Deps, 'queues'>,
  job: JobDefinition<Input>,
  options: { input: Input; id?: string; delayMs?: number },
): Promise<void> => {
  const { input, ...rest } = options;
  await deps.queues.add(jobQueue(job), [
    { name: job.name, data: job.input.parse(input), attempts: job.attempts, ...rest },
  ]);
};

/** Starts to do these jobs, and the schedules of those that have one. */
export const startJobs = (deps: Deps, jobs: readonly AnyJob[]): QueueWorker => {
  const workers = [...groupBy(jobs, jobQueue)].map(([queue, sharing]) =>
    workOn(deps, queue, sharing),
  );
  const schedules = jobs.flatMap((job) =>
    job.everyMs === undefined ? [] : [keepSchedule(deps, job, job.everyMs)],
  );
  return {
    close: async () => {
      for (const schedule of schedules) schedule.stop();
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
};

/**
 * Jobs that share a queue don't wait for each other: the clock has at most one run of each under way and one to come,
 * so with two places a job there is always one free.
 */
const workOn = (deps: Deps, queue: string, jobs: readonly AnyJob[]): QueueWorker => {
  const byName = new Map(jobs.map((job) => [job.name, inTurn(job)]));
  const concurrency = jobs.length === 1 ? (jobs[0]?.concurrency ?? 1) : jobs.length * 2;
  return deps.queues.work(
    queue,
    async (running) => {
      const job = byName.get(running.name);
      if (job === undefined) deps.log.warn({ job: running.name }, 'job.unknown');
      else await job(() => runJob(deps, job.definition, running));
    },
    { concurrency },
  );
};

/** Runs at most `concurrency` runs of a job at once; others wait for their turn. */
const inTurn = (definition: AnyJob) => {
  const waiting: (() => void)[] = [];
  let free = definition.concurrency;
  const take = async (run: () => Promise<void>): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
  return Object.assign(take, { definition });
};

const runJob = async (
  deps: Deps,
  job: AnyJob,
  { id, data, attempt }: RunningJob,
): Promise<void> => {
  const startedAt = performance.now();
  const ctx = serviceContext(deps, `job-${id}`);
  const signal = AbortSignal.timeout(job.timeoutMs);
  await job.run({ deps, ctx, signal }, job.input.parse(data));
  const durationMs = Math.round(performance.now() - startedAt);
  ctx.log.info({ job: job.name, attempt, durationMs }, 'job.done');
};

const scheduleCheckMs = 60_000;

/** Schedules the job now, and again should the queue server ever have lost the schedule. */
const keepSchedule = (deps: Deps, job: AnyJob, everyMs: number): { stop(): void } => {
  const queue = jobQueue(job);
  const failed = (error: unknown): void => {
    deps.log.error({ err: error, job: job.name }, 'job.schedule-failed');
  };
  const schedule = (): Promise<void> =>
    deps.queues.every(queue, { name: job.name, data: {}, everyMs });
  const check = async (): Promise<void> => {
    if (!(await deps.queues.isScheduled(queue, job.name))) await schedule();
  };
  schedule().catch(failed);
  const timer = setInterval(() => {
    check().catch(failed);
  }, scheduleCheckMs);
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
};
