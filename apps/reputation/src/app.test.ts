import {
  assertRoutes,
  jobQueue,
  startWorker,
  type Queues,
  type WorkerGroup,
} from '@lyceum/platform';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { createApp, reputation } from './app';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld({ app: 'reputation', database: reputation.database });
});
afterAll(() => world.close());

it('consumes exactly what is routed to it, and exactly one worker group is primary', () => {
  const { consumers } = createApp(world.deps);
  const groups = Object.values(reputation.workerGroups);
  for (const destination of groups.flatMap(({ destinations }) => destinations))
    expect(() => assertRoutes(destination, consumers)).not.toThrow();
  expect(groups.filter(({ isPrimary }) => isPrimary)).toHaveLength(1);
});

it('does the work of metrics in their own group: its jobs, and more than one community at a time', async () => {
  const { jobs } = createApp(world.deps);
  const worked = async (group: WorkerGroup): Promise<ReadonlyMap<string, number | undefined>> => {
    const queues = new Map<string, number | undefined>();
    const work: Queues['work'] = (queue, _, options) => {
      queues.set(queue, options?.concurrency);
      return { close: () => Promise.resolve() };
    };
    const deps = { ...world.deps, queues: { ...world.deps.queues, work } };
    await startWorker(deps, { ...createApp(deps), jobs }, group).close();
    return queues;
  };
  const { incentives, engagement } = reputation.workerGroups;
  if (!incentives || !engagement) throw new Error('both groups are there');
  const [ofIncentives, ofEngagement] = [await worked(incentives), await worked(engagement)];

  const own = jobs.filter(({ destination }) => destination === 'reputation-engagement');
  expect(own.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['reputation.evaluate-alerts', 'reputation.compute-models']),
  );
  expect([...ofEngagement.keys()]).toEqual(expect.arrayContaining(own.map(jobQueue)));
  expect(ofEngagement.get('events-reputation-engagement')).toBe(2);
  expect([...ofEngagement.keys()].filter((queue) => ofIncentives.has(queue))).toEqual([]);
});
