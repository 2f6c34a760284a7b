import { accountWorld, type AccountWorld } from '../accounts/account-world.factory';
import { verifyAuditLog } from '../audit/verify-audit-log';

interface Session {
  readonly id: string;
  readonly isCurrent: boolean;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly lastUsedAt: string;
  readonly endedBecause: string | null;
}

describe('the list of sessions', () => {
  let world: AccountWorld;
  beforeAll(async () => {
    world = await accountWorld();
  });
  beforeEach(() => {
    world.setNow('2026-01-01T00:00:00Z');
    delete world.headers['x-lyceum-client'];
    delete world.headers['x-lyceum-user-agent'];
  });
  afterAll(() => world.close());

  const list = async (token: string | undefined): Promise<readonly Session[]> => {
    const { data } = await world.ask<{ sessions: readonly Session[] }>(
      '{ sessions { id startedAt lastUsedAt isCurrent userAgent address endedAt endedBecause } }',
      {},
      token ?? null,
    );
    return data.sessions;
  };
  const from = (client: string, userAgent: string): void => {
    Object.assign(world.headers, { 'x-lyceum-client': client, 'x-lyceum-user-agent': userAgent });
  };
  const refresh = (refreshToken: unknown) =>
    world.mutate('refreshSession', { input: ['RefreshSessionInput!', { refreshToken }] });

  it('shows each device, where it was last, and which one asks', async () => {
    from('192.0.2.1', 'Firefox on Linux');
    const person = await world.register();
    from('192.0.2.2', 'x'.repeat(1_000));
    const phone = await world.login(person.handle);
    world.setNow('2026-01-01T00:05:00Z');
    from('192.0.2.9', 'curl');
    await refresh(person.refreshToken);

    const sessions = await list(phone.accessToken);
    expect(sessions).toMatchObject([
      {
        isCurrent: false,
        userAgent: 'Firefox on Linux',
        address: '192.0.2.9',
        lastUsedAt: '2026-01-01T00:05:00.000Z',
      },
      { isCurrent: true, userAgent: 'x'.repeat(300), address: '192.0.2.2', endedBecause: null },
    ]);
  });

  it('ends one of them, and tells everybody who verifies tokens', async () => {
    const person = await world.register();
    const phone = await world.login(person.handle);
    const [other] = (await list(person.token)).filter(({ isCurrent }) => !isCurrent);
    world.signalled.length = 0;
    const id: [string, unknown] = ['ID!', other?.id];
    expect(await world.mutate('revokeSession', { id }, person)).toMatchObject({
      endedBecause: 'REVOKED',
    });
    expect(world.signalled).toEqual(['identity.revocations']);
    expect(await world.canRefresh(phone.refreshToken)).toBe(false);
    expect(await world.canRefresh(person.refreshToken)).toBe(true);
    expect(await world.mutate('revokeSession', { id }, person)).toMatchObject({ id: other?.id });
  });

  it('ends no session of anybody else', async () => {
    const [person, other] = [await world.register(), await world.register()];
    const [theirs] = await list(other.token);
    for (const id of [theirs?.id, 'x', '00000000-0000-7000-8000-000000000000'])
      expect(await world.mutate('revokeSession', { id: ['ID!', id] }, person)).toMatchObject({
        code: 'SESSION_NOT_FOUND',
      });
    expect(await world.canRefresh(other.refreshToken)).toBe(true);
  });

  it('tells of a token that came twice, as a mail does, and the log', async () => {
    from('192.0.2.1', 'Firefox <b>on</b> Linux');
    const person = await world.register();
    await refresh(person.refreshToken);
    world.setNow('2026-01-01T00:00:11Z');
    expect(await refresh(person.refreshToken)).toMatchObject({ code: 'REFRESH_TOKEN_REUSED' });

    const again = await world.login(person.handle);
    expect((await list(again.accessToken)).map(({ endedBecause }) => endedBecause)).toEqual([
      null,
      'TOKEN_REUSED',
    ]);
    const [mail] = (await world.mailTo(person.email)).filter(
      ({ template }) => template === 'session-stolen',
    );
    expect(mail?.text).toContain('2026-01-01 (Firefox <b>on</b> Linux)');
    expect(
      await world.db.query('SELECT action FROM audit_entry WHERE subject_id = $1', [person.id]),
    ).toEqual([{ action: 'session.token-reused' }]);
    expect(await verifyAuditLog(world.db)).toMatchObject({ faults: [] });
  });

  it('is for who is logged in, not for tokens of programs', async () => {
    expect((await world.ask('{ sessions { id } }')).codes).toEqual(['UNAUTHENTICATED']);
  });
});
