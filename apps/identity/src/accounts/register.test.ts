import { identityWorld, type IdentityWorld } from '../identity-world.factory';

const registerMutation = `mutation ($input: RegisterInput!) {
  register(input: $input) {
    __typename
    ... on AuthPayload { accessToken refreshToken expiresAt account { id handle displayName email } }
    ... on UserError { code message }
  }
}`;

interface Registered {
  __typename: string;
  accessToken: string;
  account: { id: string };
}

describe('register', () => {
  let world: IdentityWorld;
  let days = 0;
  beforeAll(async () => {
    world = await identityWorld();
  });
  beforeEach(async () => {
    world.setNow(new Date(Date.UTC(2026, 0, (days += 1)))); // limits are forgotten overnight
    await world.db.query('TRUNCATE account CASCADE');
  });
  afterAll(() => world.close());

  const register = (input: Record<string, unknown> = {}) =>
    world.ask<{ register: Registered }>(registerMutation, {
      input: {
        handle: 'Ada',
        displayName: 'Ada L.',
        email: 'ada@example.org',
        password: 'drapes-on-the-moon',
        ...input,
      },
    });
  const accounts = async (): Promise<number> => {
    const [row] = await world.db.query<
      {
        n: number;
      }[]
    >('SELECT count(*)::int AS n FROM account');
    return row?.n ?? 0;
  };

  it('makes an account whose tokens are good at once', async () => {
    const { data } = await register();
    expect(data.register).toMatchObject({
      __typename: 'AuthPayload',
      expiresAt: new Date(world.deps.now().getTime() + 600_000).toISOString(),
      account: { handle: 'Ada', displayName: 'Ada L.' },
    });
    const me = await world.ask('{ me { id email } viewer { id } }', {}, data.register.accessToken);
    expect(me.data).toEqual({
      me: { id: data.register.account.id, email: 'ada@example.org' },
      viewer: { id: data.register.account.id },
    });
  });

  it('keeps the password as an argon2id hash with 19 MiB and two passes, and nowhere else', async () => {
    await register();
    const [account] = await world.db.query<Record<string, unknown>[]>('SELECT * FROM account');
    expect(account?.['password_hash']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const everything = await world.db.query(
      `SELECT (SELECT json_agg(a) FROM account a) AS a, (SELECT json_agg(s) FROM session s) AS s,
              (SELECT json_agg(r) FROM refresh_token r) AS r, (SELECT json_agg(o) FROM outbox o) AS o`,
    );
    expect(JSON.stringify(everything)).not.toContain('drapes');
  });

  it('refuses a handle that differs only in case', async () => {
    await register();
    const { data } = await register({ handle: 'aDA', email: 'other@example.org' });
    expect(data.register).toMatchObject({ __typename: 'HandleTaken', code: 'HANDLE_TAKEN' });
    expect(await accounts()).toBe(1);
  });

  it('refuses an e-mail address that differs only in case', async () => {
    await register();
    const { data } = await register({ handle: 'other', email: 'ADA@Example.org' });
    expect(data.register).toMatchObject({ __typename: 'EmailTaken', code: 'EMAIL_TAKEN' });
    expect(await accounts()).toBe(1);
  });

  it('lets one of many win who take the same handle at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => register({ email: `ada${n}@example.org` })),
    );
    const names = answers.map(({ data }) => data.register.__typename).sort();
    expect(names).toEqual(['AuthPayload', ...Array.from({ length: 7 }, () => 'HandleTaken')]);
    expect(await accounts()).toBe(1);
  });

  it.each(['short-one', 'password1234', 'Qwertyuiop1', 'ada@example.org', 'x'.repeat(129)])(
    'refuses the password %j',
    async (password) => {
      const { data } = await register({ password });
      expect(data.register).toMatchObject({ __typename: 'WeakPassword', code: 'WEAK_PASSWORD' });
      expect(await accounts()).toBe(0);
    },
  );

  it.each([
    ['handle', 'ab'],
    ['handle', 'a'.repeat(31)],
    ['handle', 'Adа'], // the last letter is Cyrillic
    ['email', 'nowhere'],
    ['email', `${'a'.repeat(250)}@example.org`],
    ['displayName', ' '],
    ['displayName', 'a\u202eb'],
    ['displayName', 'a'.repeat(81)],
    ['displayName', 'half \ud83d of a face'],
  ])('answers BAD_INPUT to a %s of %j, and names the field', async (field, value) => {
    const { codes, errors } = await register({ [field]: value });
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors[0]?.extensions['field']).toBe(field);
    expect(await accounts()).toBe(0);
  });

  it('answers RATE_LIMITED, with the time to wait, to many tries for one address', async () => {
    for (let tries = 0; tries < 10; tries += 1) await register({ handle: 'ab1' });
    const { codes, errors } = await register({ handle: 'another' });
    expect(codes).toEqual(['RATE_LIMITED']);
    expect(errors[0]?.extensions['retryAfterMs']).toBeGreaterThan(0);
  });
});
