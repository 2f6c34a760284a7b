import { accountWorld, type AccountWorld } from './accounts/account-world.factory';

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
});
