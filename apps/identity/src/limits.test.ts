import {
  createLocalRateLimiter,
  createRedisRateLimiter,
  silentLog,
  type Deps,
  type RateLimiter,
} from '@lyceum/platform';
import { describeWithRedis, startTestRedis, type TestRedis } from '@lyceum/testing';
import type { GraphQLError } from 'graphql';
import { accountWorld, type AccountWorld } from './accounts/account-world.factory';
import { openKit } from './kit';
import { limits, spend } from './limits';

/** A try of somebody from somewhere; how long to wait, 0 when it is let through. */
const tryAs = async (
  limiter: RateLimiter,
  action: keyof typeof limits,
  { key, client }: { key: string; client: string },
): Promise<number> => {
  const deps = {} as Deps; // what a limit needs of them is the kit
  openKit(deps, { signingKeys: [], limiter });
  const error = await spend({ deps, client }, action, key).catch((thrown: unknown) => thrown);
  if (error === undefined) return 0;
  const { extensions } = error as GraphQLError;
  expect(extensions).toMatchObject({ code: 'RATE_LIMITED' });
  return Number(extensions['retryAfter']);
};

/** Each limit, tried until it refuses: by one account from everywhere, and by everybody from one line. */
const judgeLimits = (limiterOf: () => RateLimiter): void => {
  it.each(Object.keys(limits) as (keyof typeof limits)[])('%s', async (action) => {
    const limiter = limiterOf();
    const { own, network } = limits[action];
    const tries = async (burst: number, as: (n: number) => { key: string; client: string }) => {
      // Time goes on while Redis counts: some more may get through.
      for (let n = 0; n < burst + 20; n += 1) {
        const wait = await tryAs(limiter, action, as(n));
        if (wait > 0) return { let: n, wait };
      }
      return { let: Infinity, wait: 0 };
    };
    const byAccount = await tries(own.burst, (n) => ({ key: 'ada', client: `192.0.2.${n}` }));
    expect(byAccount.let).toBeGreaterThanOrEqual(own.burst);
    expect(byAccount.wait).toBeLessThanOrEqual(own.periodMs / 1_000);
    expect(await tryAs(limiter, action, { key: 'bob', client: '192.0.2.250' })).toBe(0);

    const byLine = await tries(network.burst, (n) => ({ key: `u${n}`, client: '198.51.100.1' }));
    expect(byLine.let).toBeGreaterThanOrEqual(network.burst);
    expect(byLine.let).toBeLessThan(Infinity);
    expect(await tryAs(limiter, action, { key: 'eve', client: '198.51.100.2' })).toBe(0);
  });
};

describe('limits of an account and of a line, in one process', () => {
  judgeLimits(() => createLocalRateLimiter(() => 0));
});

describeWithRedis('limits of an account and of a line, for all processes', () => {
  let redis: TestRedis;
  let limiter: ReturnType<typeof createRedisRateLimiter>;
  beforeAll(async () => {
    redis = await startTestRedis();
    limiter = createRedisRateLimiter(redis.url, silentLog());
  });
  afterAll(async () => {
    limiter.close();
    await redis.stop();
  });
  judgeLimits(() => limiter);
});

describe('limits by the client’s address', () => {
  let world: AccountWorld;
  beforeEach(async () => {
    world = await accountWorld();
  });
  afterEach(() => world.close());

  const from = (address: string) => void (world.headers['x-lyceum-client'] = address);
  const login = async (name: string) => {
    const { errors } = await world.ask(
      'mutation ($input: LoginInput!) { login(input: $input) { __typename } }',
      { input: { handleOrEmail: name, password: 'the-same-everywhere' } },
    );
    return errors[0]?.extensions;
  };

  it('stop one password from being tried on everybody, and nobody elsewhere', async () => {
    from('192.0.2.1');
    for (let n = 0; n < 300; n += 1) expect(await login(`victim${n}`)).toBeUndefined();
    expect(await login('victim300')).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfter: 1,
      retryAfterMs: expect.any(Number) as number,
    });
    from('192.0.2.2');
    expect(await login('victim301')).toBeUndefined();
    from('192.0.2.1');
    world.setNow('2026-01-01T00:00:02Z');
    expect(await login('victim302')).toBeUndefined();
  });

  it.each([
    ['register', 60, (n: number) => ({ handle: `handle${n}`, email: `e${n}@example.org` })],
    ['requestPasswordReset', 30, (n: number) => `e${n}@example.org`],
  ])('bound %s, for all of an IPv6 customer’s addresses together', async (name, burst, wish) => {
    const ask = (n: number) => {
      from(`2001:db8:1:2:${(n % 7) + 1}::${n}`);
      const given = wish(n);
      return typeof given === 'string'
        ? world.mutate(name, { email: ['String!', given] })
        : world.mutate(name, {
            input: ['RegisterInput!', { ...given, password: 'drapes-on-the-moon' }],
          });
    };
    for (let n = 0; n < burst; n += 1) expect(await ask(n)).not.toHaveProperty('codes');
    expect(await ask(burst)).toEqual({ codes: ['RATE_LIMITED'] });
    from('2001:db8:1:3::1');
    expect(
      await world.mutate('requestPasswordReset', { email: ['String!', 'z@example.org'] }),
    ).toEqual({ answer: true });
  });

  it('bound invites, and say in a header when to come again', async () => {
    const founder = await world.person();
    const { id } = await world.community(founder);
    const invite = () =>
      world.ask(
        'mutation ($input: CreateInviteInput!) { createInvite(input: $input) { __typename } }',
        { input: { communityId: id, maxUses: 1, daysValid: 1 } },
        founder,
      );
    for (let n = 0; n < 20; n += 1) expect(await invite()).toMatchObject({ codes: [] });
    expect(await invite()).toMatchObject({ codes: ['RATE_LIMITED'], retryAfter: '30' });
  });

  it('bound tries with a link to a new password', async () => {
    const wish = (token: string) =>
      world.mutate('resetPassword', {
        input: ['ResetPasswordInput!', { token, newPassword: 'drapes-on-the-moon' }],
      });
    for (let n = 0; n < 10; n += 1)
      expect(await wish('x')).toMatchObject({ code: 'LINK_NOT_VALID' });
    expect(await wish('x')).toEqual({ codes: ['RATE_LIMITED'] });
    from('192.0.2.1');
    for (let n = 0; n < 60; n += 1) expect(await wish(`y${n}`)).not.toHaveProperty('codes');
    expect(await wish('z')).toEqual({ codes: ['RATE_LIMITED'] });
  });
});
