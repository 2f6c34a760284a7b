import { describeWithRedis, waitFor } from '@lyceum/testing';
import { badInput } from './bad-input.suite';
import { buying } from './buying.suite';
import { faults } from './faults.suite';
import { journeys } from './journey.suite';
import { privacy } from './privacy.suite';
import { security } from './security.suite';
import { startScaledOut, type ScaledOut } from './system';

describeWithRedis('scaled out: a process a service, on Redis', () => {
  let system: ScaledOut;
  beforeAll(async () => {
    system = await startScaledOut();
  }, 120_000);
  afterAll(() => system.stop(), 30_000);

  journeys(() => system);
  buying(() => system);
  badInput(() => system);
  privacy(() => system);
  security(() => system);
  faults(() => system);

  it('says of each process whether it lives, is ready, and how it does', async () => {
    for (const [name, url] of system.services.urls) {
      expect([name, (await fetch(`${url}/health/live`)).status]).toEqual([name, 200]);
      expect([name, (await fetch(`${url}/health/ready`)).status]).toEqual([name, 200]);
      expect([name, await (await fetch(`${url}/metrics`)).text()]).toEqual([
        name,
        expect.stringContaining('process_cpu_user_seconds_total'),
      ]);
    }
  });

  it('follows one request through the logs of every hop', async () => {
    const requestId = `e2e-${Date.now().toString(36)}`;
    await fetch(`${system.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': requestId },
      body: JSON.stringify({
        query:
          '{ communities(first: 1) { edges { node { id leaderboard(window: ALL_TIME, first: 1) { edges { cursor } } } } } }',
      }),
    });
    for (const service of ['gateway', 'identity', 'reputation']) {
      await waitFor(() =>
        system.said.some((line) => line.startsWith(`${service} `) && line.includes(requestId)),
      );
    }
  });
});
