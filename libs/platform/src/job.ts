import type { Destination } from '@lyceum/contracts';
import type { z } from 'zod';
import { serviceContext, type Ctx, type Deps } from './context';
import type { QueueWorker } from './queue/queues';

/** Work done later, with its limits beside it. It may run twice: its effects must be idempotent. */
export interface JobDefinition<Input = unknown> {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  readonly attempts: number;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** It runs in the worker group that consumes this destination; without one, in the primary group. */
  readonly destination?: Destination;
  /** Present on jobs that a clock starts, not a caller. */
  readonly everyMs?: number;
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

export const jobQueue = (job: { readonly name: string }): string =>
  `jobs-${job.name.replaceAll('.', '-')}`;

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

/** Starts a worker for the job, and its schedule if it has one. */
export const startJob = (deps: Deps, job: AnyJob): QueueWorker => {
  const worker = deps.queues.work(
    jobQueue(job),
    async ({ id, data, attempt }) => {
      const startedAt = performance.now();
      const ctx = serviceContext(deps, `job-${id}`);
      await job.run(
        { deps, ctx, signal: AbortSignal.timeout(job.timeoutMs) },
        job.input.parse(data),
      );
      ctx.log.info(
        { job: job.name, attempt, durationMs: Math.round(performance.now() - startedAt) },
        'job.done',
      );
    },
    { concurrency: job.concurrency },
  );
  if (job.everyMs === undefined) return worker;
  const schedule = keepSchedule(deps, job, job.everyMs);
  return {
    close: async () => {
      schedule.stop();
      await worker.close();
    },
  };
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
