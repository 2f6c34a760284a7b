import { createHmac, createPrivateKey, sign as signBytes } from 'node:crypto';
import {
  CompactSign,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';
import { generateSigningKey, publicKeys, signingKeys, type SigningKey } from './signing-keys';

const nowSeconds = Date.UTC(2026, 0, 1) / 1000;

describe('access tokens', () => {
  let world: IdentityWorld;
  let key: SigningKey;
  let next: SigningKey;
  let person: Person;

  beforeAll(async () => {
    [key, next] = [await generateSigningKey(), await generateSigningKey()];
    world = await identityWorld({ signingKeys: [key, next] });
    person = await world.person();
  });
  afterAll(() => world.close());

  const claims = (changes: JWTPayload = {}): JWTPayload => ({
    sub: person.id,
    sid: '00000000-0000-7000-8000-000000000000',
    scope: '*',
    iss: 'lyceum',
    aud: 'lyceum',
    iat: nowSeconds,
    exp: nowSeconds + 600,
    ...changes,
  });
  const sign = async (
    payload: JWTPayload,
    header: Partial<JWTHeaderParameters> = {},
    by: SigningKey = key,
  ): Promise<string> =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: by.kid, ...header })
      .sign(await importJWK(by, 'EdDSA'));
  const base64 = (value: unknown): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const isRefused = async (token: string): Promise<boolean> => {
    const { data, codes } = await world.ask('{ me { id } }', {}, token);
    return data.me === undefined && codes[0] === 'UNAUTHENTICATED';
  };

  it('carry who, which session and for what, and live ten minutes', () => {
    const [header, payload] = person.token
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object);
    expect(header).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid });
    expect(payload).toMatchObject({
      sub: person.id,
      iss: 'lyceum',
      aud: 'lyceum',
      scope: '*',
      iat: nowSeconds,
      exp: nowSeconds + 600,
    });
  });

  it('are accepted from the key that signs and from the one that will', async () => {
    expect((await world.ask('{ me { id } }', {}, await sign(claims()))).data).toEqual({
      me: { id: person.id },
    });
    const early = await sign(claims(), {}, next);
    expect((await world.ask('{ me { id } }', {}, early)).data).toEqual({ me: { id: person.id } });
  });

  const attacks: Record<string, () => Promise<string> | string> = {
    'alg none': () => `${base64({ alg: 'none', typ: 'at+jwt' })}.${base64(claims())}.`,
    'alg none, with a signature': () =>
      `${base64({ alg: 'none', typ: 'at+jwt', kid: key.kid })}.${base64(claims())}.${person.token.split('.')[2] ?? ''}`,
    'HS256 with the public key as the secret': () => {
      const input = `${base64({ alg: 'HS256', typ: 'at+jwt', kid: key.kid })}.${base64(claims())}`;
      const secret = Buffer.from(key.x, 'base64url');
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    },
    'RS256 by a key of one’s own': async () => {
      const { privateKey } = await generateKeyPair('RS256');
      return new SignJWT(claims())
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: key.kid })
        .sign(privateKey);
    },
    'a foreign key under our kid': async () =>
      sign(claims(), { kid: key.kid }, await generateSigningKey()),
    'an unknown kid': async () => sign(claims(), {}, await generateSigningKey()),
    'a key in the header (jwk)': async () => {
      const foreign = await generateSigningKey();
      const { d: _d, ...jwk } = foreign;
      return sign(claims(), { jwk }, foreign);
    },
    'a key set in the header (jku)': async () =>
      sign(
        claims(),
        { jku: 'http://127.0.0.1:1/jwks.json', kid: 'theirs' },
        await generateSigningKey(),
      ),
    'another audience': () => sign(claims({ aud: 'another' })),
    'another issuer': () => sign(claims({ iss: 'another' })),
    'another type': () => sign(claims(), { typ: 'JWT' }),
    'no type': () => sign(claims(), { typ: undefined }),
    expired: () => sign(claims({ iat: nowSeconds - 700, exp: nowSeconds - 100 })),
    'not yet valid': () => sign(claims({ nbf: nowSeconds + 100 })),
    'without end': () => sign(claims({ exp: undefined })),
    'without subject': () => sign(claims({ sub: undefined })),
    'without session': () => sign(claims({ sid: undefined })),
    'changed payload': () => {
      const [header, , signature] = person.token.split('.');
      return [
        header,
        base64(claims({ sub: '00000000-0000-7000-8000-000000000001' })),
        signature,
      ].join('.');
    },
    'a critical header nobody knows': () => {
      const header = { alg: 'EdDSA', typ: 'at+jwt', kid: key.kid, crit: ['exp2'], exp2: 1 };
      const input = `${base64(header)}.${base64(claims())}`;
      const privateKey = createPrivateKey({ key: { ...key }, format: 'jwk' });
      return `${input}.${signBytes(null, Buffer.from(input), privateKey).toString('base64url')}`;
    },
    'a payload that is no JSON': async () =>
      new CompactSign(Buffer.from('not json'))
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid })
        .sign(await importJWK(key, 'EdDSA')),
    garbage: () => 'a.b.c',
    'a megabyte': () => `a.${'b'.repeat(10_000)}.c`,
  };
  it.each(Object.keys(attacks))('are refused: %s', async (name) => {
    expect(await isRefused((await attacks[name]?.()) ?? '')).toBe(true);
  });

  it('are refused five seconds after their end', async () => {
    const token = await sign(claims());
    world.setNow('2026-01-01T00:10:04Z');
    expect(await isRefused(token)).toBe(false);
    world.setNow('2026-01-01T00:10:06Z');
    expect(await isRefused(token)).toBe(true);
    world.setNow('2026-01-01T00:00:00Z');
  });

  it('of an account that is gone open nothing', async () => {
    const stranger = await sign(claims({ sub: '00000000-0000-7000-8000-000000000009' }));
    expect((await world.ask('{ me { id } }', {}, stranger)).data.me).toBeNull();
    const { codes } = await world.ask(
      `mutation { createCommunity(input: { slug: "any", name: "Any" }) { __typename } }`,
      {},
      stranger,
    );
    expect(codes).toEqual(['UNAUTHENTICATED']);
  });

  it('are verified with the keys at /.well-known/jwks.json, which tell nothing private', async () => {
    const response = await world.server.inject('/.well-known/jwks.json');
    expect(response.json()).toEqual(publicKeys([key, next]));
    expect(response.body).not.toContain('"d"');
    expect(response.json<{ keys: object[] }>().keys).toHaveLength(2);
  });
});

describe('signing keys', () => {
  it('are refused without a private part in front, with one kid twice, or of another kind', async () => {
    const [one, two] = [await generateSigningKey(), await generateSigningKey()];
    const { d: _d, ...published } = one;
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const other = { ...(await exportJWK(privateKey)), kid: 'other' };
    expect(signingKeys.safeParse([two, published]).success).toBe(true);
    for (const keys of [[], [published, two], [one, { ...two, kid: one.kid }], [other]])
      expect(signingKeys.safeParse(keys).success).toBe(false);
  });
});
