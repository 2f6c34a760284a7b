import { isPersonalToken, personalToken } from '@lyceum/platform';
import { accountWorld, password, type AccountWorld } from '../accounts/account-world.factory';

interface Made {
  readonly token: string;
  readonly personalToken: { readonly id: string; readonly hint: string };
}

describe('personal tokens', () => {
  let world: AccountWorld;
  beforeAll(async () => {
    world = await accountWorld();
  });
  beforeEach(() => world.setNow('2026-01-01T00:00:00Z'));
  afterAll(() => world.close());

  const make = (who: { token: string }, wish: object = {}) =>
    world.mutate(
      'createPersonalToken',
      {
        input: [
          'CreatePersonalTokenInput!',
          { name: 'notebook', scopes: ['READ'], expiresInDays: 30, ...wish },
        ],
      },
      who,
    ) as Promise<Record<string, unknown> & Made>;
  const me = async (token: string): Promise<unknown> => {
    const { data, codes } = await world.ask('{ me { id } }', {}, token);
    return codes.length > 0 ? codes[0] : (data.me as { id: string }).id;
  };
  const update = 'mutation { updateProfile(input: { bio: "by a program" }) { bio } }';

  it('act for their account, within their scopes', async () => {
    const person = await world.register();
    const reader = await make(person);
    expect(await me(reader.token)).toBe(person.id);
    expect((await world.ask(update, {}, reader.token)).codes).toEqual(['FORBIDDEN']);
    const writer = await make(person, { scopes: ['WRITE'] });
    expect((await world.ask(update, {}, writer.token)).codes).toEqual([]);
    expect(await me(writer.token)).toBe('FORBIDDEN');
  });

  it('cannot touch what protects the account, whatever their scopes', async () => {
    const person = await world.register();
    const scopes = ['READ', 'WRITE', 'ADMIN', 'MONEY_READ', 'MONEY_WRITE', 'ANALYTICS_READ'];
    const { token } = await make(person, { scopes });
    expect(await make({ token })).toEqual({ codes: ['FORBIDDEN'] });
    expect(await world.mutate('logout', {}, { token })).toEqual({ codes: ['FORBIDDEN'] });
    expect(
      await world.mutate('deactivateAccount', { password: ['String!', password] }, { token }),
    ).toEqual({ codes: ['FORBIDDEN'] });
    expect((await world.ask('{ sessions { id } }', {}, token)).codes).toEqual(['FORBIDDEN']);
    expect((await world.ask('{ personalTokens { id } }', {}, token)).codes).toEqual(['FORBIDDEN']);
  });

  it('are shown once, stored as a hash, and told to their person', async () => {
    const person = await world.register();
    const { token, personalToken: shown } = await make(person);
    expect(token).toMatch(/^lyc_[\w-]{43}_[0-9a-f]{8}$/);
    expect(shown).toMatchObject({ name: 'notebook', scopes: ['READ'], lastUsedAt: null });
    const rows = JSON.stringify(await world.db.query('SELECT * FROM personal_token'));
    expect(rows).not.toContain(token.slice(8));
    const [mail] = await world.mailTo(person.email);
    expect(mail?.text).toContain('a token for programs was made');
  });

  it('know when they were last used, to ten minutes', async () => {
    const person = await world.register();
    const { token } = await make(person);
    const lastUsed = async () => {
      const { data } = await world.ask<{ personalTokens: { lastUsedAt: string }[] }>(
        '{ personalTokens { lastUsedAt } }',
        {},
        person.token,
      );
      return data.personalTokens[0]?.lastUsedAt;
    };
    await me(token);
    expect(await lastUsed()).toBe('2026-01-01T00:00:00.000Z');
  });

  it('end when they are revoked, at their time, and with their account', async () => {
    const person = await world.register();
    const revoked = await make(person);
    const id: [string, unknown] = ['ID!', revoked.personalToken.id];
    const other = await world.register();
    expect(await world.mutate('revokePersonalToken', { id }, other)).toMatchObject({
      code: 'TOKEN_NOT_FOUND',
    });
    world.signalled.length = 0;
    expect(await world.mutate('revokePersonalToken', { id }, person)).toMatchObject({
      revokedAt: '2026-01-01T00:00:00.000Z',
    });
    expect(world.signalled).toEqual(['identity.revocations']);
    expect(await me(revoked.token)).toBe('UNAUTHENTICATED');

    const short = await make(other, { expiresInDays: 1 });
    expect(await me(short.token)).toBe(other.id);
    world.setNow('2026-01-02T00:00:00Z');
    expect(await me(short.token)).toBe('UNAUTHENTICATED');

    world.setNow('2026-01-01T00:00:00Z');
    const third = await world.register();
    const left = await make(third);
    await world.mutate('deactivateAccount', { password: ['String!', password] }, third);
    expect(await me(left.token)).toBe('UNAUTHENTICATED');
  });

  it('are refused when they are made up, mistyped or of another kind', async () => {
    const { token } = await make(await world.register());
    const made = personalToken('A'.repeat(43));
    expect(isPersonalToken(made)).toBe(true);
    const flipped = `${token.slice(0, 10)}${token[10] === 'a' ? 'b' : 'a'}${token.slice(11)}`;
    expect(isPersonalToken(flipped)).toBe(false);
    for (const bad of [made, flipped, token.slice(0, -1), 'lyc_', `${token}x`])
      expect([bad, await me(bad)]).toEqual([bad, 'UNAUTHENTICATED']);
  });

  it.each([
    ['no scope', { scopes: [] }],
    ['no end', { expiresInDays: 0 }],
    ['an end too far away', { expiresInDays: 367 }],
    ['no name', { name: ' ' }],
    ['a scope that is none', { scopes: ['EVERYTHING'] }],
  ])('are not made with %s', async (_, wish) => {
    expect(await make(await world.register(), wish)).toEqual({ codes: ['BAD_INPUT'] });
  });

  it('are fifty at most', async () => {
    const person = await world.register();
    await world.db.query(
      `INSERT INTO personal_token (id, account_id, name, hash, hint, scopes, created_by, created_at, expires_at)
       SELECT gen_random_uuid(), $1, 'n', 'hash' || n, 'lyc_', '{read}', $1, $2, $3 FROM generate_series(1, 49) AS n`,
      [person.id, '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'],
    );
    const both = await Promise.all([make(person), make(person)]);
    expect(both.map((answer) => answer['__typename']).sort()).toEqual([
      'NewPersonalToken',
      'TooManyTokens',
    ]);
  });

  describe('of service accounts', () => {
    const create = (who: { token: string }, communityId: string) =>
      world.mutate(
        'createServiceAccount',
        { input: ['CreateServiceAccountInput!', { communityId, name: 'Dashboards' }] },
        who,
      );
    const makeFor = (who: { token: string }, serviceAccountId: unknown, scopes: string[]) =>
      world.mutate(
        'createServiceToken',
        {
          input: [
            'CreateServiceTokenInput!',
            { serviceAccountId, name: 'n', scopes, expiresInDays: 9 },
          ],
        },
        who,
      );

    it('read as an analyst of the community, until it is deleted', async () => {
      const owner = await world.person();
      const { id: communityId } = await world.community(owner, { visibility: 'PRIVATE' });
      const service = await create(owner, communityId);
      expect(service).toMatchObject({ displayName: 'Dashboards' });
      const made = await makeFor(owner, service['id'], ['READ', 'ANALYTICS_READ']);
      const token = String(made['token']);
      const unused = await makeFor(owner, service['id'], ['READ']);
      const { data } = await world.ask(
        'query ($id: ID!) { community(id: $id) { viewerMember { role } } }',
        { id: communityId },
        token,
      );
      expect(data).toEqual({ community: { viewerMember: { role: 'ANALYST' } } });
      expect((await world.ask(update, {}, token)).codes).toEqual(['FORBIDDEN']);

      const id: [string, unknown] = ['ID!', service['id']];
      expect(
        await world.mutate('deleteServiceAccount', { serviceAccountId: id }, owner),
      ).toMatchObject({ isDeactivated: true });
      expect(await me(String(unused['token']))).toBe('UNAUTHENTICATED');
      expect(await makeFor(owner, service['id'], ['READ'])).toMatchObject({
        code: 'SERVICE_ACCOUNT_NOT_FOUND',
      });
    });

    it('are for who runs the community, and never write', async () => {
      const owner = await world.person();
      const { id: communityId } = await world.community(owner);
      const moderator = await world.person();
      await world.member(moderator, communityId, { role: 'moderator' });
      for (const who of [moderator, await world.person()])
        expect(await create(who, communityId)).toEqual({ codes: ['FORBIDDEN'] });
      const service = await create(owner, communityId);
      expect(await makeFor(moderator, service['id'], ['READ'])).toMatchObject({
        code: 'SERVICE_ACCOUNT_NOT_FOUND',
      });
      for (const scope of ['WRITE', 'ADMIN', 'MONEY_WRITE'])
        expect(await makeFor(owner, service['id'], ['READ', scope])).toEqual({
          codes: ['BAD_INPUT'],
        });
      const person = await world.register(); // a person's account is no service account
      expect(await makeFor(owner, person.id, ['READ'])).toMatchObject({
        code: 'SERVICE_ACCOUNT_NOT_FOUND',
      });
    });
  });
});
