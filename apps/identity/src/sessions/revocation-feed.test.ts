import { newId } from '@lyceum/contracts';
import {
  createSignals,
  createTokenVerifier,
  linkToIdentity,
  silentLog,
  type IdentityLink,
} from '@lyceum/platform';
import { waitFor } from '@lyceum/testing';
import { accountWorld, type AccountWorld } from '../accounts/account-world.factory';
import { gatewaySecret } from '../identity-world.factory';
import { generateSigningKey, publicKeys, type SigningKey } from './signing-keys';

describe('ending a session', () => {
  let world: AccountWorld;
  let key: SigningKey;
  let url: string;
  const links: IdentityLink[] = [];
  const follow = (): IdentityLink => {
    const link = linkToIdentity({
      baseUrl: () => url,
      secret: gatewaySecret,
      log: silentLog(),
      reconnectMs: 20,
    });
    links.push(link);
    return link;
  };

  beforeAll(async () => {
    key = await generateSigningKey();
    world = await accountWorld({ signingKeys: [key] });
    world.setNow(new Date());
    const { options } = world.deps.dataSource;
    const postgresUrl = 'url' in options ? String(options.url) : '';
    Object.assign(world.deps, { signals: createSignals({ postgresUrl }, silentLog()) });
    url = await world.server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await world.deps.signals.close();
    await world.close(); // with streams open: it must not wait for them
    for (const link of links) link.close();
  });

  it('has its access token refused by another process, at once', async () => {
    const person = await world.register();
    const link = follow();
    const verify = createTokenVerifier({ keys: publicKeys([key]) }, Date.now, link);
    const authorization = `Bearer ${person.token}`;
    expect(await verify(authorization)).toMatchObject({ actor: { accountId: person.id } });
    await waitForStream(link, world);

    const startedAt = Date.now();
    await world.mutate('logout', {}, person);
    await waitFor(() =>
      verify(authorization).then(
        () => false,
        () => true,
      ),
    );
    expect(Date.now() - startedAt).toBeLessThan(2_000); // not the timer of five seconds
    await expect(verify(authorization)).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it('calls back who holds something open for it, once, and nobody else', async () => {
    const [person, other] = [await world.register(), await world.register()];
    const [mine, theirs] = await Promise.all(
      [person, other].map(async ({ token }) => {
        const { data } = await world.ask<{ sessions: { id: string }[] }>(
          '{ sessions { id } }',
          {},
          token,
        );
        return data.sessions[0]?.id ?? '';
      }),
    );
    const link = follow();
    const heard: string[] = [];
    link.onRevoked(mine ?? '', () => heard.push('mine'));
    link.onRevoked(mine ?? '', () => heard.push('forgotten'))();
    link.onRevoked(theirs ?? '', () => heard.push('theirs'));
    await waitForStream(link, world);
    await world.mutate('logout', {}, person);
    await waitFor(() => Promise.resolve(heard.length > 0));
    expect(heard).toEqual(['mine']);
  });

  it('is heard of by who connects later', async () => {
    const person = await world.register();
    await world.mutate('logout', {}, person);
    const verify = createTokenVerifier({ keys: publicKeys([key]) }, Date.now, follow());
    await waitFor(() =>
      verify(`Bearer ${person.token}`).then(
        () => false,
        () => true,
      ),
    );
  });

  it('is told to the platform alone', async () => {
    for (const signature of ['', 't=1,v1=00'])
      expect(
        (
          await fetch(`${url}/internal/revocations`, {
            headers: { 'x-lyceum-gateway': signature },
          })
        ).status,
      ).toBe(401);
    const response = await fetch(`${url}/internal/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"token":"x"}',
    });
    expect(response.status).toBe(401);
  });
});

/** The stream is there when something revoked by SQL and signalled has come through it. */
const waitForStream = async (link: IdentityLink, world: AccountWorld): Promise<void> => {
  const id = newId<'Session'>();
  const [account] = await world.db.query<{ id: string }[]>('SELECT id FROM account LIMIT 1');
  const now = new Date();
  await world.db.query(
    `INSERT INTO session (id, account_id, created_at, expires_at, revoked_at, revoked_because)
     VALUES ($1, $2, $3, $3, $3, 'logout')`,
    [id, account?.id, now],
  );
  await waitFor(() => {
    world.deps.signals.publish('identity.revocations');
    return Promise.resolve(link.isRevoked(id));
  });
};
