import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { newId } from '@lyceum/contracts';
import { waitFor } from '@lyceum/testing';
import { exportJWK, SignJWT } from 'jose';
import {
  createRevocationList,
  createTokenVerifier,
  isGatewaySignatureValid,
  linkToIdentity,
  personalToken,
  silentLog,
} from './index';

const secret = 'a secret of at least thirty-two characters';
const keys = generateKeyPairSync('ed25519');
const nowMs = Date.now();

const accessToken = (claims: object, kid = 'k1', key = keys.privateKey): Promise<string> => {
  const iat = Math.floor(nowMs / 1000);
  return new SignJWT({
    sub: newId<'Account'>(),
    sid: 's',
    scope: 'read',
    iss: 'lyceum',
    aud: 'lyceum',
    iat,
    exp: iat + 600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
    .sign(key);
};

/** As much of identity's server as the link needs. */
const stubIdentity = async () => {
  const stub = {
    url: '',
    streams: new Set<ServerResponse>(),
    fetches: { keys: 0, exchanges: 0 },
    exchange: (): Promise<string | null> => Promise.resolve(null),
    close: () => Promise.resolve(),
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.url === '/.well-known/jwks.json') {
      stub.fetches.keys += 1;
      const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'EdDSA' };
      return void response.end(JSON.stringify({ keys: [jwk] }));
    }
    const signature = request.headers['x-lyceum-gateway'];
    const isSigned = isGatewaySignatureValid(secret, String(signature), {
      body,
      nowMs: Date.now(),
    });
    if (!isSigned) return void response.writeHead(401).end('{}');
    if (request.url === '/internal/revocations') {
      stub.streams.add(response);
      response.once('close', () => stub.streams.delete(response));
      return void response.write('[]\n');
    }
    stub.fetches.exchanges += 1;
    const token = await stub.exchange();
    response.writeHead(token === null ? 403 : 200).end(JSON.stringify({ accessToken: token }));
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  stub.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  stub.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return stub;
};

describe('the link to identity', () => {
  let stub: Awaited<ReturnType<typeof stubIdentity>>;
  let link: ReturnType<typeof linkToIdentity>;
  beforeEach(async () => {
    stub = await stubIdentity();
    link = linkToIdentity({ baseUrl: () => stub.url, secret, log: silentLog(), reconnectMs: 10 });
  });
  afterEach(async () => {
    link.close();
    await stub.close();
  });
  const verifier = (now = () => nowMs) =>
    createTokenVerifier({ url: `${stub.url}/.well-known/jwks.json` }, now, link);

  it('hears of revocations, in lines however they are cut, and again after a lost connection', async () => {
    await waitFor(() => stub.streams.size === 1);
    for (const stream of stub.streams) stream.write('["on');
    for (const stream of stub.streams) stream.write('e"]\n\n["two","three"]\n');
    await waitFor(() => link.isRevoked('three'));
    expect(['one', 'two', 'four'].map((id) => link.isRevoked(id))).toEqual([true, true, false]);
    for (const stream of stub.streams) stream.destroy();
    await waitFor(() => stub.streams.size === 0);
    await waitFor(() => stub.streams.size === 1);
    for (const stream of stub.streams) stream.write('["four"]\n');
    await waitFor(() => link.isRevoked('four'));
  });

  it('turns a personal token into an actor, once for its ten minutes', async () => {
    const endsAt = Math.floor(nowMs / 1000) + 86_400;
    stub.exchange = () => accessToken({ sid: 't', lyc_end: endsAt });
    const header = `Bearer ${personalToken('a'.repeat(43))}`;
    let now = nowMs;
    const verify = verifier(() => now);
    for (let n = 0; n < 3; n += 1) {
      expect(await verify(header)).toMatchObject({
        actor: { sessionId: 't', scopes: ['read'] },
        expiresAtMs: endsAt * 1000,
      });
    }
    expect(stub.fetches.exchanges).toBe(1);
    now += 606_000; // the access token it was given is over: ask again
    await expect(verify(header)).rejects.toThrow('expired'); // the stub gives the same one
    expect(stub.fetches.exchanges).toBe(2);
  });

  it('asks for no token that is made up, and about a refused one only once in a while', async () => {
    const verify = verifier();
    for (const bad of [`lyc_${'a'.repeat(43)}_00000000`, `lyc_${'a'.repeat(52)}`, 'lyc_x'])
      await expect(verify(`Bearer ${bad}`)).rejects.toMatchObject({
        extensions: { code: 'UNAUTHENTICATED' },
      });
    expect(stub.fetches.exchanges).toBe(0);
    const unknown = `Bearer ${personalToken('b'.repeat(43))}`;
    for (let n = 0; n < 20; n += 1) await expect(verify(unknown)).rejects.toThrow('not valid');
    expect(stub.fetches.exchanges).toBe(1);
  });

  it('lets nobody in by a personal token while identity is away', async () => {
    const verify = verifier();
    await stub.close();
    await expect(verify(`Bearer ${personalToken('c'.repeat(43))}`)).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
    stub = await stubIdentity(); // for afterEach
  });

  it('fetches the keys once for a flood of tokens with unknown ones', async () => {
    const verify = verifier();
    await verify(`Bearer ${await accessToken({})}`);
    const foreign = generateKeyPairSync('ed25519').privateKey;
    const flood = Array.from({ length: 200 }, async (_, n) =>
      verify(`Bearer ${await accessToken({}, `unknown-${n}`, foreign)}`).then(
        () => 'let in',
        () => 'refused',
      ),
    );
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['refused']));
    expect(stub.fetches.keys).toBeLessThanOrEqual(2);
    await verify(`Bearer ${await accessToken({ sid: 'other' })}`); // honest ones are still let in
  });
});

it('revocations are forgotten when no access token can live any more', () => {
  let now = 0;
  const list = createRevocationList(() => now);
  list.add(['one']);
  now = 10 * 60_000;
  list.add([]);
  expect(list.isRevoked('one')).toBe(true);
  now = 12 * 60_000;
  list.add([]);
  expect(list.isRevoked('one')).toBe(false);
});
