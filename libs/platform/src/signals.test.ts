import {
  describeWithRedis,
  startTestRedis,
  testServerUrl,
  waitFor,
  type TestRedis,
} from '@lyceum/testing';
import { createSignals, silentLog, type SignalServer } from './index';

const tests = (server: () => SignalServer): void => {
  it('wakes the listeners of a topic in another process, and no others', async () => {
    const [here, there] = [
      createSignals(server(), silentLog()),
      createSignals(server(), silentLog()),
    ];
    const end = new AbortController();
    let heard = 0;
    let other = 0;
    const listening = [
      (async () => {
        for await (const _ of there.listen('a', end.signal)) heard += 1;
      })(),
      (async () => {
        for await (const _ of there.listen('b', end.signal)) other += 1;
      })(),
    ];

    await waitFor(() => {
      here.publish('a');
      return heard;
    });

    expect(other).toBe(0);
    end.abort();
    await Promise.all(listening);
    await Promise.all([here.close(), there.close()]);
  });

  it('merges a burst while the listener is busy, and never queues without bound', async () => {
    const signals = createSignals(server(), silentLog());
    const end = new AbortController();
    const stream = signals.listen('busy', end.signal);
    const first = stream.next();
    await waitFor(async () => {
      signals.publish('busy');
      return Promise.race([
        first.then(() => true),
        new Promise((resolve) => setTimeout(() => resolve(false), 30)),
      ]);
    });
    for (let n = 0; n < 1_000; n += 1) signals.publish('busy');
    await stream.next();

    const third = stream.next();
    const state = await Promise.race([
      third,
      new Promise((resolve) => setTimeout(() => resolve('quiet'), 200)),
    ]);

    expect(state).toBe('quiet');
    end.abort();
    expect((await third).done).toBe(true);
    await signals.close();
  });
};

describe('signals on PostgreSQL', () => tests(() => ({ postgresUrl: testServerUrl() })));

describeWithRedis('signals on Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.stop());
  tests(() => ({ redisUrl: redis.url }));
});
