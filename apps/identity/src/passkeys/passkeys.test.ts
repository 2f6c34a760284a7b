import { generateKeyPairSync } from 'node:crypto';
import { accountWorld, password, type AccountWorld } from '../accounts/account-world.factory';
import { authenticator, type Manner } from './authenticator.factory';

const origin = 'https://lyceum.example';
const text = (value: unknown): [string, unknown] => ['String!', value];

describe('passkeys', () => {
  let world: AccountWorld;
  beforeAll(async () => {
    world = await accountWorld({
      mail: { from: 'a@lyceum.example', accountUrl: `${origin}/account` },
    });
  });
  let tests = 0;
  beforeEach(() => {
    world.setNow('2026-01-01T00:00:00Z');
    world.headers['x-lyceum-client'] = `192.0.2.${(tests += 1)}`; // limits remember the clock of another test
  });
  afterAll(() => world.close());

  const begin = async (who: { token: string }): Promise<string> => {
    const { json } = await world.mutate('beginPasskey', { password: text(password) }, who);
    return String(json);
  };
  const add = (who: { token: string }, response: string) =>
    world.mutate('addPasskey', { input: ['AddPasskeyInput!', { name: 'Phone', response }] }, who);
  const challenge = async (): Promise<string> =>
    String((await world.mutate('beginPasskeyLogin', {}))['json']);
  const login = (response: string) =>
    world.mutate('loginWithPasskey', { response: text(response) });
  const withPasskey = async () => {
    const person = await world.register();
    const key = authenticator();
    const added = await add(person, key.create(await begin(person), { origin }));
    return { person, key, added };
  };

  it('log in by themselves, again and again', async () => {
    const { person, key, added } = await withPasskey();
    expect(added).toMatchObject({ name: 'Phone' });
    for (let n = 0; n < 2; n += 1)
      expect(await login(key.get(await challenge(), { origin }))).toMatchObject({
        account: { id: person.id },
      });
    const mails = await world.mailTo(person.email);
    expect(mails.some((mail) => mail.text.includes('a passkey was added'))).toBe(true);
  });

  it('ask for no one-time code: they are two factors', async () => {
    const { person, key } = await withPasskey();
    await world.db.query(
      `INSERT INTO totp (account_id, sealed_secret, created_at, confirmed_at) VALUES ($1, '', now(), now())`,
      [person.id],
    );
    expect(await world.login(person.handle)).toMatchObject({ __typename: 'SecondFactorRequired' });
    expect(await login(key.get(await challenge(), { origin }))).toMatchObject({
      __typename: 'AuthPayload',
    });
  });

  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const bad: Record<string, Manner> = {
    'of another site': { origin: 'https://evil.example', rpId: 'lyceum.example' },
    'for another site': { origin, rpId: 'evil.example' },
    'without their person': { origin, isVerified: false },
  };

  it.each([...Object.entries(bad), ['of another key', { origin, key: stranger }] as const])(
    'are refused when they are %s',
    async (_, manner) => {
      const { key } = await withPasskey();
      expect(await login(key.get(await challenge(), manner))).toMatchObject({
        code: 'PASSKEY_REFUSED',
      });
    },
  );

  it.each(Object.entries(bad))('are not added when they are %s', async (_, manner) => {
    const person = await world.register();
    const response = authenticator().create(await begin(person), manner);
    expect(await add(person, response)).toMatchObject({ code: 'PASSKEY_REFUSED' });
  });

  it('answer a challenge once, within five minutes, and one that was given', async () => {
    const { key } = await withPasskey();
    const once = key.get(await challenge(), { origin });
    expect(await login(once)).toMatchObject({ __typename: 'AuthPayload' });
    expect(await login(once)).toMatchObject({ code: 'PASSKEY_REFUSED' });
    const made = JSON.stringify({ challenge: 'bWFkZS11cA' });
    expect(await login(key.get(made, { origin }))).toMatchObject({ code: 'PASSKEY_REFUSED' });
    const late = key.get(await challenge(), { origin });
    world.setNow('2026-01-01T00:05:01Z');
    expect(await login(late)).toMatchObject({ code: 'PASSKEY_REFUSED' });
  });

  it('are added by who began, not by somebody who saw the challenge', async () => {
    const [person, other] = [await world.register(), await world.register()];
    const response = authenticator().create(await begin(person), { origin });
    expect(await add(other, response)).toMatchObject({ code: 'PASSKEY_REFUSED' });
    expect(await add(person, response)).toMatchObject({ __typename: 'Passkey' });
  });

  it('that count are refused when they count backwards: one of the two is a copy', async () => {
    const { key } = await withPasskey();
    const at = async (counter: number) => login(key.get(await challenge(), { origin, counter }));
    expect(await at(7)).toMatchObject({ __typename: 'AuthPayload' });
    for (const counter of [7, 3, 0])
      expect(await at(counter)).toMatchObject({ code: 'PASSKEY_REFUSED' });
    expect(await at(8)).toMatchObject({ __typename: 'AuthPayload' });
  });

  it('belong to one account', async () => {
    const { key } = await withPasskey();
    const other = await world.register();
    const again = key.create(await begin(other), { origin });
    expect(await add(other, again)).toMatchObject({ code: 'PASSKEY_REFUSED' });
  });

  it('are removed with the password, by their owner', async () => {
    const { person, key, added } = await withPasskey();
    const other = await world.register();
    const remove = (who: { token: string }, secret: string) =>
      world.mutate(
        'removePasskey',
        { input: ['RemovePasskeyInput!', { id: added['id'], password: secret }] },
        who,
      );
    expect(await remove(other, password)).toMatchObject({ code: 'PASSKEY_NOT_FOUND' });
    expect(await remove(person, 'wrong')).toMatchObject({ code: 'WRONG_PASSWORD' });
    expect(await remove(person, password)).toMatchObject({ name: 'Phone' });
    expect(await login(key.get(await challenge(), { origin }))).toMatchObject({
      code: 'PASSKEY_REFUSED',
    });
  });

  it('of a deactivated account do not bring it back', async () => {
    const { person, key } = await withPasskey();
    await world.mutate('deactivateAccount', { password: text(password) }, person);
    expect(await login(key.get(await challenge(), { origin }))).toMatchObject({
      code: 'ACCOUNT_DEACTIVATED',
    });
  });

  it.each(['', '{}', 'null', '[]', '{"id":1}', 'x'.repeat(60_000)])(
    'that are no answer of a browser are refused',
    async (response) => {
      expect(await login(response)).toMatchObject({ code: 'PASSKEY_REFUSED' });
    },
  );
});
