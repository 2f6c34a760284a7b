import { emptyDatabase, testWorld, waitFor, type TestWorld } from '@lyceum/testing';
import { z } from 'zod';
import {
  createQueues,
  defineJob,
  enqueue,
  jobQueue,
  silentLog,
  startJobs,
  type AnyJob,
  type Deps,
  type Queues,
} from './index';

/* Jobs by example, on BullMQ with PostgreSQL. What they do is written down in `did`. */

let world: TestWorld;
let queueServer: Awaited<ReturnType<typeof emptyDatabase>>;
let queues: Queues;
let deps: Deps;
let did: string[];

beforeAll(async () => {
  world = await testWorld({ app: 'test', database: { entities: [], migrations: [] } });
  queueServer = await emptyDatabase();
});
afterAll(async () => {
  await world.close();
  await queueServer.drop();
});
beforeEach(async () => {
  did = [];
  queues = await createQueues({ postgresUrl: queueServer.url }, silentLog());
  deps = { ...world.deps, queues };
});
afterEach(() => queues.close());

const aJob = (name: string, more: Partial<AnyJob> = {}): AnyJob =>
  defineJob<object>({
    name,
    input: z.object({}),
    attempts: 1,
    timeoutMs: 5_000,
    concurrency: 1,
    run: () => {
      did.push(name);
      return Promise.resolve();
    },
    ...more,
  });

describe('a queue', () => {
  it('is shared by the jobs of an app, or of a worker group, that only a clock starts', () => {
    expect(jobQueue(aJob('test.sweep', { everyMs: 1_000 }))).toBe('clock-test');
    expect(jobQueue(aJob('test.count', { everyMs: 1_000, destination: 'content' }))).toBe(
      'clock-content',
    );
    expect(jobQueue(aJob('test.mail', { everyMs: 1_000, hasOwnQueue: true }))).toBe(
      'jobs-test-mail',
    );
    expect(jobQueue(aJob('test.ask'))).toBe('jobs-test-ask');
  });
});

it('does what the clock asks for again and again, though another job in its queue never ends', async () => {
  let end = (): void => undefined;
  const forever = new Promise<void>((resolve) => {
    end = resolve;
  });
  const jobs = [
    aJob('test.stuck', { everyMs: 100, run: () => forever }),
    aJob('test.sweep', { everyMs: 100 }),
    aJob('test.prune', { everyMs: 100 }),
  ];
  const workers = startJobs(deps, jobs);
  await waitFor(() => {
    const times = (name: string) => did.filter((one) => one === name).length;
    return times('test.sweep') >= 3 && times('test.prune') >= 3;
  });
  end();
  await workers.close();
});

it('runs a job no more often at a time than it allows, in a shared queue too', async () => {
  let running = 0;
  let most = 0;
  const slow = aJob('test.slow', {
    everyMs: 20,
    run: async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 60));
      running -= 1;
      did.push('slow');
    },
  });
  const workers = startJobs(deps, [slow, aJob('test.other', { everyMs: 1_000 })]);
  await waitFor(() => did.length >= 4);
  await workers.close();
  expect(most).toBe(1);
});

it('goes on when it meets a run of a job that is no more', async () => {
  await enqueue(deps, aJob('test.gone', { everyMs: 60_000 }), { input: {} });
  const workers = startJobs(deps, [aJob('test.sweep', { everyMs: 60_000 })]);
  await waitFor(() => did.includes('test.sweep'));
  await workers.close();
  expect(did).not.toContain('test.gone');
});
