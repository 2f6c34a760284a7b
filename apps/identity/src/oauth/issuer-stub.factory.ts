import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { exportJWK, SignJWT } from 'jose';

interface Grant {
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly nonce: string | null;
  readonly claims: Record<string, unknown>;
}

/** An OpenID provider as strict as real ones: codes are good once, for their redirect address and verifier. */
export const issuerStub = async () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const grants = new Map<string, Grant>();
  const stub = {
    url: '',
    /** How id tokens of the next log-ins are wrong. */
    forge: {} as { issuer?: string; audience?: string; nonce?: string; isForeignKey?: boolean },
    /** The browser's part: consents as this person, and is sent back with this query. */
    visit: (authorizationUrl: string, claims: Record<string, unknown>): string => {
      const { searchParams } = new URL(authorizationUrl);
      const code = randomBytes(16).toString('hex');
      grants.set(code, {
        redirectUri: searchParams.get('redirect_uri') ?? '',
        codeChallenge: searchParams.get('code_challenge') ?? '',
        nonce: searchParams.get('nonce'),
        claims,
      });
      const back = { code, state: searchParams.get('state') ?? '', iss: stub.url };
      return new URLSearchParams(back).toString();
    },
    close: () => Promise.resolve(),
  };

  const idToken = ({ claims, nonce }: Grant): Promise<string> =>
    new SignJWT({ nonce: stub.forge.nonce ?? nonce, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setIssuer(stub.forge.issuer ?? stub.url)
      .setAudience(stub.forge.audience ?? 'lyceum')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(stub.forge.isForeignKey === true ? foreign.privateKey : keys.privateKey);

  const tokenFor = async (form: URLSearchParams): Promise<object | null> => {
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isGood =
      grant !== undefined &&
      grant.redirectUri === form.get('redirect_uri') &&
      grant.codeChallenge === challenge &&
      form.get('client_secret') === 'their secret';
    if (!isGood) return null;
    return { access_token: 'a', token_type: 'bearer', id_token: await idToken(grant) };
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration') {
      return void response.end(
        JSON.stringify({
          issuer: stub.url,
          authorization_endpoint: `${stub.url}/authorize`,
          token_endpoint: `${stub.url}/token`,
          jwks_uri: `${stub.url}/jwks`,
          authorization_response_iss_parameter_supported: true,
        }),
      );
    }
    if (request.url === '/jwks') {
      const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'RS256', use: 'sig' };
      return void response.end(JSON.stringify({ keys: [jwk] }));
    }
    const token = await tokenFor(new URLSearchParams(body));
    if (token === null) response.statusCode = 400;
    response.end(JSON.stringify(token ?? { error: 'invalid_grant' }));
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
