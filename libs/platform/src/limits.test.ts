import { describeWithRedis, startTestRedis } from '@lyceum/testing';
import {
  createLocalRateLimiter,
  createRedisRateLimiter,
  silentLog,
  type RateLimiter,
} from './index';

const limit = { burst: 3, periodMs: 10_000 };

it('allows a burst, then one a period, and says how long to wait', async () => {
  let now = 1_000_000;
  const limiter = createLocalRateLimiter(() => now);
  expect(await Promise.all([1, 2, 3].map(() => limiter('login:ada', limit)))).toEqual([0, 0, 0]);
  expect(await limiter('login:ada', limit)).toBe(10_000);
  expect(await limiter('login:bob', limit)).toBe(0);
  now += 9_999;
  expect(await limiter('login:ada', limit)).toBe(1);
  now += 1;
  expect(await limiter('login:ada', limit)).toBe(0);
  expect(await limiter('login:ada', limit)).toBe(10_000);
});

describeWithRedis('with Redis', () => {
  it('counts for all processes together, and each for itself while Redis is away', async () => {
    const redis = await startTestRedis();
    const limiters = [
      createRedisRateLimiter(redis.url, silentLog()),
      createRedisRateLimiter(redis.url, silentLog()),
    ];
    const allowed = async (limiter: RateLimiter | undefined): Promise<boolean> =>
      (await limiter?.('k', limit)) === 0;

    expect(
      await Promise.all([allowed(limiters[0]), allowed(limiters[1]), allowed(limiters[0])]),
    ).toEqual([true, true, true]);
    expect(await allowed(limiters[1])).toBe(false);

    await redis.stop();
    expect(await allowed(limiters[0])).toBe(true);
    for (const limiter of limiters) limiter.close();
  });
});
