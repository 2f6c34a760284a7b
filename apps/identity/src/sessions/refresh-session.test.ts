import { identityWorld, type IdentityWorld } from '../identity-world.factory';
import { forgetSessions } from './forget-sessions.job';

const authFields = `__typename
  ... on AuthPayload { accessToken refreshToken expiresAt account { handle } }
  ... on UserError { code message }`;

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

describe('refreshSession', () => {
  let world: IdentityWorld;
  let people = 0;
  beforeAll(async () => {
    world = await identityWorld();
  });
  beforeEach(() => world.setNow('2026-01-01T00:00:00Z'));
  afterAll(() => world.close());

  const logIn = async (): Promise<Tokens> => {
    const handle = `person${(people += 1)}`;
    const { data } = await world.ask<{ register: Tokens }>(
      `mutation ($input: RegisterInput!) { register(input: $input) { ${authFields} } }`,
      { input: { handle, email: `${handle}@example.org`, password: 'drapes-on-the-moon' } },
    );
    return data.register;
  };
  const refresh = async (refreshToken: string): Promise<Record<string, string>> => {
    const { data } = await world.ask<{ refreshSession: Record<string, string> }>(
      `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${authFields} } }`,
      { input: { refreshToken } },
    );
    return data.refreshSession;
  };

  it('gives the next pair of tokens, once and again', async () => {
    const first = await logIn();
    world.setNow('2026-01-01T01:00:00Z');
    const second = await refresh(first.refreshToken);
    expect(second).toMatchObject({
      __typename: 'AuthPayload',
      expiresAt: '2026-01-01T01:10:00.000Z',
    });
    expect(second['refreshToken']).not.toBe(first.refreshToken);
    const third = await refresh(second['refreshToken'] ?? '');
    expect(third).toMatchObject({ __typename: 'AuthPayload' });
  });

  it('stores no token, only hashes', async () => {
    const { refreshToken } = await logIn();
    const next = await refresh(refreshToken);
    const rows = JSON.stringify(await world.db.query('SELECT * FROM refresh_token, session'));
    expect(rows).not.toContain(refreshToken);
    expect(rows).not.toContain(next['refreshToken']);
  });

  it('gives many that refresh at once one and the same successor', async () => {
    const { refreshToken } = await logIn();
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken)));
    expect(new Set(answers.map((answer) => answer['refreshToken'])).size).toBe(1);
    expect(await refresh(answers[0]?.['refreshToken'] ?? '')).toMatchObject({
      __typename: 'AuthPayload',
    });
  });

  it('ends the whole session when a used token comes back later', async () => {
    const { refreshToken: stolen } = await logIn();
    const { refreshToken: own = '' } = await refresh(stolen);
    world.setNow('2026-01-01T00:00:11Z');
    expect(await refresh(stolen)).toMatchObject({ code: 'REFRESH_TOKEN_REUSED' });
    expect(await refresh(own)).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    expect(await refresh(stolen)).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
  });

  it('refuses a token two steps behind within the grace, and ends nothing', async () => {
    const { refreshToken: first } = await logIn();
    const { refreshToken: second = '' } = await refresh(first);
    const { refreshToken: third = '' } = await refresh(second);
    expect(await refresh(first)).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    expect(await refresh(third)).toMatchObject({ __typename: 'AuthPayload' });
  });

  it('ends 30 days after it was last used, and 90 days after the log-in', async () => {
    const idle = await logIn();
    let used = (await logIn()).refreshToken;
    for (const day of ['2026-01-29', '2026-02-26', '2026-03-26']) {
      world.setNow(`${day}T00:00:00Z`);
      used = (await refresh(used))['refreshToken'] ?? '';
    }
    expect(used).not.toBe('');
    expect(await refresh(idle.refreshToken)).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    world.setNow('2026-04-02T00:00:00Z');
    expect(await refresh(used)).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
  });

  it.each(['', 'x', 'a'.repeat(43), 'a'.repeat(100_000), '\u0000', '😀'])(
    'refuses what is no token at all',
    async (token) => {
      expect(await refresh(token)).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    },
  );

  describe('logout', () => {
    const logout = (token: string | null, everywhere = false) =>
      world.ask(
        'mutation ($everywhere: Boolean!) { logout(everywhere: $everywhere) }',
        { everywhere },
        token,
      );

    it('ends this session, and no other one', async () => {
      const [own, others] = [await logIn(), await logIn()];
      expect((await logout(own.accessToken)).data).toEqual({ logout: true });
      expect(await refresh(own.refreshToken)).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
      expect(await refresh(others.refreshToken)).toMatchObject({ __typename: 'AuthPayload' });
      expect((await logout(own.accessToken)).data).toEqual({ logout: true });
    });

    it('ends all sessions of the account, everywhere', async () => {
      const here = await logIn();
      const { data } = await world.ask<{ login: Tokens }>(
        `mutation ($input: LoginInput!) { login(input: $input) { ${authFields} } }`,
        { input: { handleOrEmail: `person${people}`, password: 'drapes-on-the-moon' } },
      );
      await logout(here.accessToken, true);
      expect(await refresh(data.login.refreshToken)).toMatchObject({
        code: 'INVALID_REFRESH_TOKEN',
      });
    });

    it('is for who is logged in', async () => {
      expect((await logout(null)).codes).toEqual(['UNAUTHENTICATED']);
    });
  });

  it('forgets what has long ended, and nothing that lives', async () => {
    await world.db.query('TRUNCATE account CASCADE');
    const ended = await logIn();
    await refresh(ended.refreshToken);
    world.setNow('2026-05-15T00:00:00Z');
    const living = await logIn();
    await forgetSessions.run(
      { deps: world.deps, ctx: world.as(null), signal: AbortSignal.timeout(1_000) },
      {},
    );
    expect(await world.db.query('SELECT count(*)::int AS n FROM refresh_token')).toEqual([
      { n: 1 },
    ]);
    expect(await refresh(living.refreshToken)).toMatchObject({ __typename: 'AuthPayload' });
  });
});
