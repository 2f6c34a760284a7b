import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  ClientSecretPost,
  discoveryRequest,
  getValidatedIdTokenClaims,
  processAuthorizationCodeResponse,
  processDiscoveryResponse,
  protectedResourceRequest,
  validateApplicationLevelSignature,
  validateAuthResponse,
  type AuthorizationServer,
} from 'oauth4webapi';
import { z } from 'zod';

/** Another site that people can log in by. */
export const loginProvider = z.object({
  /** In links and in the database: never change it. */
  id: z.string().regex(/^[a-z0-9-]{2,30}$/),
  name: z.string().min(1),
  /** Of OpenID Connect, or `https://github.com` for GitHub, which has a way of its own. */
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
});
export type LoginProvider = z.infer<typeof loginProvider>;

/** What is to be proved with when one comes back; made anew for each attempt. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

/** Who the other site says it is. */
export interface ExternalPerson {
  readonly subject: string;
  readonly name: string | null;
  readonly handle: string | null;
  /** Only one that the other site has verified. */
  readonly email: string | null;
}

const github = 'https://github.com';

export const authorizationUrl = async (
  provider: LoginProvider,
  { state, nonce, codeVerifier, redirectUri }: Attempt,
): Promise<string> => {
  const server = await serverOf(provider);
  const url = new URL(server.authorization_endpoint ?? '');
  const isGithub = provider.issuer === github;
  const parameters = {
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: isGithub ? 'read:user user:email' : 'openid profile email',
    state,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ...(isGithub ? {} : { nonce }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.toString();
};

/** Trades the code for who it is. Throws for whatever is not as it should be: state, issuer, signature, nonce, audience. */
export const personBehind = async (
  provider: LoginProvider,
  attempt: Attempt,
  callback: URLSearchParams,
): Promise<ExternalPerson> => {
  const server = await serverOf(provider);
  const client = { client_id: provider.clientId };
  const options = optionsFor(provider);
  const parameters = validateAuthResponse(server, client, callback, attempt.state);
  const response = await authorizationCodeGrantRequest(
    server,
    client,
    ClientSecretPost(provider.clientSecret),
    parameters,
    attempt.redirectUri,
    attempt.codeVerifier,
    options,
  );
  if (provider.issuer === github) {
    const { access_token } = await processAuthorizationCodeResponse(server, client, response);
    return githubPerson(access_token);
  }
  const result = await processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: attempt.nonce,
    requireIdToken: true,
  });
  await validateApplicationLevelSignature(server, response, options);
  return personIn(getValidatedIdTokenClaims(result) ?? {});
};

const claims = z.object({
  sub: z.string().min(1).max(255),
  name: z.string().nullish(),
  preferred_username: z.string().nullish(),
  email: z.string().nullish(),
  email_verified: z.boolean().nullish(),
});

const personIn = (given: unknown): ExternalPerson => {
  const { sub, name, preferred_username, email, email_verified } = claims.parse(given);
  return {
    subject: sub,
    name: name ?? null,
    handle: preferred_username ?? null,
    email: email_verified === true ? (email ?? null) : null,
  };
};

const githubUser = z.object({ id: z.int(), login: z.string(), name: z.string().nullish() });
const githubEmails = z.array(
  z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }),
);

const githubPerson = async (accessToken: string): Promise<ExternalPerson> => {
  const get = async (path: string): Promise<unknown> => {
    const url = new URL(path, 'https://api.github.com');
    const options = { signal: AbortSignal.timeout(timeoutMs) };
    const response = await protectedResourceRequest(
      accessToken,
      'GET',
      url,
      new Headers({ accept: 'application/vnd.github+json' }),
      null,
      options,
    );
    return response.json();
  };
  const { id, login, name } = githubUser.parse(await get('/user'));
  const emails = githubEmails.parse(await get('/user/emails'));
  const email = emails.find(({ primary, verified }) => primary && verified)?.email ?? null;
  return { subject: String(id), name: name ?? null, handle: login, email };
};

const timeoutMs = 5_000;

/** Without TLS only to this machine: for development. */
const optionsFor = ({ issuer }: LoginProvider) => ({
  signal: () => AbortSignal.timeout(timeoutMs),
  [allowInsecureRequests]: ['localhost', '127.0.0.1'].includes(new URL(issuer).hostname),
});

const known = new Map<string, { readonly server: AuthorizationServer; readonly untilMs: number }>();
const rememberMs = 60 * 60_000;

const serverOf = async (provider: LoginProvider): Promise<AuthorizationServer> => {
  if (provider.issuer === github) {
    return {
      issuer: github,
      authorization_endpoint: `${github}/login/oauth/authorize`,
      token_endpoint: `${github}/login/oauth/access_token`,
    };
  }
  const found = known.get(provider.issuer);
  if (found !== undefined && found.untilMs > Date.now()) return found.server;
  const issuer = new URL(provider.issuer);
  const response = await discoveryRequest(issuer, { algorithm: 'oidc', ...optionsFor(provider) });
  const server = await processDiscoveryResponse(issuer, response);
  known.set(provider.issuer, { server, untilMs: Date.now() + rememberMs });
  return server;
};
