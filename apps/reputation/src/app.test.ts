import { assertRoutes } from '@lyceum/platform';
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
