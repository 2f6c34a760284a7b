import { randomUUID } from 'node:crypto';
import { accountWorld, password, type AccountWorld } from '../accounts/account-world.factory';
import { issuerStub } from './issuer-stub.factory';
import { authorizationUrl } from './providers';

describe('logging in by another site', () => {
  let world: AccountWorld;
  let issuer: Awaited<ReturnType<typeof issuerStub>>;
  beforeAll(async () => {
    issuer = await issuerStub();
    const provider = { id: 'campus', name: 'Campus', clientId: 'lyceum' };
    world = await accountWorld({
      mail: { from: 'a@lyceum.example', accountUrl: 'https://lyceum.example/account' },
      loginProviders: [{ ...provider, issuer: issuer.url, clientSecret: 'their secret' }],
    });
  });
  let tests = 0;
  beforeEach(() => {
    world.setNow('2026-01-01T00:00:00Z');
    world.headers['x-lyceum-client'] = `192.0.2.${(tests += 1)}`; // limits remember the clock of another test
    issuer.forge = {};
  });
  afterAll(async () => {
    await world.close();
    await issuer.close();
  });

  const begin = async (who: { token: string } | null = null) => {
    const name = who === null ? 'beginExternalLogin' : 'beginExternalLink';
    const { url, binding } = await world.mutate(name, { provider: ['String!', 'campus'] }, who);
    return { url: String(url), binding: String(binding) };
  };
  const complete = (query: string, binding: string) =>
    world.mutate('completeExternalLogin', {
      input: ['CompleteExternalLoginInput!', { query, binding }],
    });
  const comeBack = async (
    claims: Record<string, unknown>,
    who: { token: string } | null = null,
  ) => {
    const { url, binding } = await begin(who);
    return complete(issuer.visit(url, claims), binding);
  };
  const somebody = (more: object = {}) => {
    const sub = randomUUID();
    const email = `${sub.slice(0, 8)}@campus.example`;
    return {
      sub,
      name: 'Ada L.',
      preferred_username: `ada-${sub.slice(0, 8)}`,
      email,
      email_verified: true,
      ...more,
    };
  };
  const refused = { code: 'EXTERNAL_LOGIN_REFUSED' };

  it('makes an account the first time, and finds it by the site’s id after that', async () => {
    const ada = somebody();
    const first = await comeBack(ada);
    expect(first).toMatchObject({ account: { handle: ada.preferred_username } });
    const again = await comeBack({ ...ada, email: 'other@campus.example', name: 'Renamed' });
    expect(again['account']).toEqual(first['account']);
    const { data } = await world.ask(
      '{ me { displayName email isEmailVerified } }',
      {},
      String(first['accessToken']),
    );
    expect(data).toEqual({
      me: { displayName: 'Ada L.', email: ada.email, isEmailVerified: true },
    });
  });

  it('takes no address that the site has not verified', async () => {
    const answer = await comeBack(somebody({ email_verified: false }));
    const { data } = await world.ask('{ me { email } }', {}, String(answer['accessToken']));
    expect(data).toEqual({ me: { email: null } });
  });

  it('never lets anybody into an account that is here by its address', async () => {
    const person = await world.register();
    for (const email_verified of [true, false]) {
      const answer = await comeBack(
        somebody({ email: person.email.toUpperCase(), email_verified }),
      );
      if (email_verified) expect(answer).toMatchObject({ code: 'EMAIL_TAKEN' });
      else expect(answer['account']).not.toMatchObject({ id: person.id });
    }
  });

  it('is added by who is logged in, told by mail, and then logs in there', async () => {
    const person = await world.register();
    const ada = somebody();
    expect(await comeBack(ada, person)).toMatchObject({ account: { id: person.id } });
    expect(await comeBack(ada)).toMatchObject({ account: { id: person.id } });
    const mails = await world.mailTo(person.email);
    expect(mails.some((mail) => mail.text.includes('a log-in by another site was added'))).toBe(
      true,
    );
    expect(await comeBack(ada, await world.register())).toMatchObject({
      code: 'EXTERNAL_LOGIN_TAKEN',
    });
  });

  it('asks for the second factor all the same, and lets nobody into a deactivated account', async () => {
    const person = await world.register();
    const ada = somebody();
    await comeBack(ada, person);
    await world.db.query(
      `INSERT INTO totp (account_id, sealed_secret, created_at, confirmed_at) VALUES ($1, '', now(), now())`,
      [person.id],
    );
    const asked = await comeBack(ada);
    expect(asked).toMatchObject({ __typename: 'SecondFactorRequired' });
    expect(asked).not.toHaveProperty('accessToken');
    await world.mutate('deactivateAccount', { password: ['String!', password] }, person);
    expect(await comeBack(ada)).toMatchObject({ code: 'ACCOUNT_DEACTIVATED' });
  });

  it.each<[string, typeof issuer.forge]>([
    ['of another issuer', { issuer: 'https://evil.example' }],
    ['for another client', { audience: 'somebody-else' }],
    ['of another log-in (nonce)', { nonce: 'replayed' }],
    ['that the issuer did not sign', { isForeignKey: true }],
  ])('refuses an id token %s', async (_, forge) => {
    issuer.forge = forge;
    expect(await comeBack(somebody())).toMatchObject(refused);
  });

  it('refuses an answer to no attempt, to another browser’s, to an old one, and a second time', async () => {
    const ada = somebody();
    const mine = await begin();
    const theirs = await begin();
    const back = issuer.visit(mine.url, ada);
    expect(await complete(back, theirs.binding)).toMatchObject(refused); // log-in CSRF
    expect(await complete(back, '')).toMatchObject(refused);
    const swapped = new URLSearchParams(back);
    swapped.set('state', 'made-up');
    expect(await complete(swapped.toString(), mine.binding)).toMatchObject(refused);
    expect(await complete(back, mine.binding)).toMatchObject({ __typename: 'AuthPayload' });
    expect(await complete(back, mine.binding)).toMatchObject(refused);

    const late = await begin();
    world.setNow('2026-01-01T00:10:01Z');
    expect(await complete(issuer.visit(late.url, ada), late.binding)).toMatchObject(refused);
  });

  it('refuses a code of another attempt (PKCE), of another issuer, and an error', async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const code = new URLSearchParams(issuer.visit(theirs.url, somebody())).get('code') ?? '';
    const injected = new URLSearchParams(issuer.visit(mine.url, somebody()));
    injected.set('code', code);
    expect(await complete(injected.toString(), mine.binding)).toMatchObject(refused);

    const mixed = await begin();
    const back = new URLSearchParams(issuer.visit(mixed.url, somebody()));
    back.set('iss', 'https://evil.example');
    expect(await complete(back.toString(), mixed.binding)).toMatchObject(refused);

    const denied = await begin();
    const state = new URL(denied.url).searchParams.get('state') ?? '';
    const error = new URLSearchParams({ error: 'access_denied', state, iss: issuer.url });
    expect(await complete(error.toString(), denied.binding)).toMatchObject(refused);
  });

  it('stores nothing that an attempt could be completed with', async () => {
    const { url, binding } = await begin();
    const rows = JSON.stringify(await world.db.query('SELECT * FROM external_login_attempt'));
    const { searchParams } = new URL(url);
    for (const hidden of [binding, searchParams.get('nonce'), searchParams.get('code_challenge')])
      expect(rows).not.toContain(hidden);
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    expect(searchParams.get('redirect_uri')).toBe('https://lyceum.example/account');
  });

  it('knows only the sites that it was told of', async () => {
    expect((await world.ask('{ loginProviders { id name } }')).data).toEqual({
      loginProviders: [{ id: 'campus', name: 'Campus' }],
    });
    expect(
      await world.mutate('beginExternalLogin', { provider: ['String!', 'elsewhere'] }),
    ).toEqual({ codes: ['BAD_INPUT'] });
  });

  it('goes GitHub’s own way to GitHub', async () => {
    const provider = {
      id: 'github',
      name: 'GitHub',
      issuer: 'https://github.com',
      clientId: 'c',
      clientSecret: 's',
    };
    const attempt = {
      state: 's',
      nonce: 'n',
      codeVerifier: 'v'.repeat(43),
      redirectUri: 'https://a.example/b',
    };
    const url = new URL(await authorizationUrl(provider, attempt));
    expect(url.origin + url.pathname).toBe('https://github.com/login/oauth/authorize');
    expect(url.searchParams.get('scope')).toBe('read:user user:email');
    expect(url.searchParams.has('nonce')).toBe(false);
  });
});
