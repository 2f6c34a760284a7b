import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { AccountId } from '@lyceum/contracts';
import {
  createRemoteJWKSet,
  createLocalJWKSet,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { GraphQLError } from 'graphql';
import { unauthenticated } from './errors';
import { isPersonalToken, type IdentityLink } from './identity-link';

/** Who asks. */
export type Actor =
  | {
      readonly kind: 'user';
      readonly accountId: AccountId;
      readonly sessionId: string;
      readonly scopes: readonly string[];
    }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'anonymous' };

export const anonymous: Actor = { kind: 'anonymous' };

export interface VerifiedToken {
  readonly actor: Actor;
  /** When the token ends, in Unix milliseconds; a stream must not outlive it. */
  readonly expiresAtMs: number;
}

/** Reads an `Authorization` header; no header is anonymous; a bad or expired token throws UNAUTHENTICATED. */
export type TokenVerifier = (authorization: string | undefined) => Promise<VerifiedToken>;

export const tokenIssuer = 'lyceum';
export const tokenAudience = 'lyceum';

export type KeySource = { readonly url: string } | { readonly keys: JSONWebKeySet };

const cacheSize = 10_000;
/** How long a personal token that was refused is not asked about again. */
const refusedMs = 10_000;

interface Known {
  readonly token: VerifiedToken;
  /** Until when it need not be verified again. */
  readonly untilMs: number;
}

/**
 * Verifies access tokens offline: EdDSA only, our issuer and audience, 5 s of clock tolerance. A verified
 * token is remembered until it ends, because the same one comes back with each request of a session. With a link
 * to identity, sessions that were ended are refused at once, and personal tokens are good as well.
 */
export const createTokenVerifier = (
  source: KeySource,
  now: () => number = Date.now,
  link?: IdentityLink,
): TokenVerifier => {
  const verify = jwtVerifier(source, now);
  const verifyPersonal = personalTokenVerifier(verify, now, link);
  const verified = new Map<string, Known>();

  const verifyFresh = async (token: string): Promise<Known> => {
    try {
      return await (token.startsWith('lyc_') ? verifyPersonal(token) : verify(token));
    } catch (cause) {
      if (cause instanceof GraphQLError) throw cause;
      throw unauthenticated(
        isExpired(cause) ? 'The access token has expired.' : 'The access token is not valid.',
      );
    }
  };

  return async (authorization) => {
    if (authorization === undefined || authorization === '')
      return { actor: anonymous, expiresAtMs: Infinity };
    const text = bearerToken.exec(authorization)?.[1];
    if (text === undefined)
      throw unauthenticated('The Authorization header must be "Bearer <token>".');
    let known = verified.get(text);
    if (known === undefined || known.untilMs <= now()) {
      verified.delete(text);
      known = await verifyFresh(text);
      if (verified.size >= cacheSize) verified.clear();
      verified.set(text, known);
    }
    const { actor } = known.token;
    if (actor.kind === 'user' && link?.isRevoked(actor.sessionId) === true)
      throw unauthenticated('This session has ended; log in again.');
    return known.token;
  };
};

type Verify = (token: string) => Promise<Known>;

const jwtVerifier = (source: KeySource, now: () => number): Verify => {
  const keys: JWTVerifyGetKey =
    'url' in source
      ? createRemoteJWKSet(new URL(source.url), { cooldownDuration: 10_000 })
      : createLocalJWKSet(source.keys);
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['EdDSA'],
      issuer: tokenIssuer,
      audience: tokenAudience,
      typ: 'at+jwt',
      clockTolerance: 5,
      requiredClaims: ['sub', 'sid', 'exp', 'iat'],
      currentDate: new Date(now()),
    });
    const actor: Actor = {
      kind: 'user',
      accountId: payload.sub as AccountId, // signed by identity, which only signs account ids
      sessionId: String(payload['sid']),
      scopes: typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : [],
    };
    const untilMs = (payload.exp ?? 0) * 1000;
    const endsAt = payload[personalTokenEnd];
    const expiresAtMs = typeof endsAt === 'number' ? endsAt * 1000 : untilMs;
    return { token: { actor, expiresAtMs }, untilMs };
  };
};

const personalTokenVerifier = (
  verify: Verify,
  now: () => number,
  link: IdentityLink | undefined,
): Verify => {
  const refused = new Map<string, number>();
  return async (token) => {
    if (link === undefined || !isPersonalToken(token) || (refused.get(token) ?? 0) > now())
      throw unauthenticated('The access token is not valid.');
    try {
      return await verify(await link.exchange(token));
    } catch (error) {
      if (refused.size >= cacheSize) refused.clear();
      refused.set(token, now() + refusedMs);
      throw error;
    }
  };
};

/** A JWT, or a personal token. */
const bearerToken = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+|lyc_[\w-]{52})$/i;

/** The claim that says when the personal token ends which an access token was given for, in Unix seconds. */
export const personalTokenEnd = 'lyc_end';

const isExpired = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ERR_JWT_EXPIRED';

/** Where the client is, told by the gateway to subgraphs. */
export const clientHeader = 'x-lyceum-client';
/** The client's own `User-Agent`. */
export const userAgentHeader = 'x-lyceum-user-agent';

export const gatewaySignatureHeader = 'x-lyceum-gateway';
const signatureWindowMs = 60_000;

/** A process has one secret, or two while it changes; making the key anew would cost as much as signing. */
const signingKeys = new Map<string, KeyObject>();

const signingKey = (secret: string): KeyObject => {
  const known = signingKeys.get(secret);
  if (known !== undefined) return known;
  const key = createSecretKey(Buffer.from(secret));
  signingKeys.set(secret, key);
  return key;
};

const hmac = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', signingKey(secret)).update(`${timestamp}.${body}`).digest('hex');

/** The header by which a subgraph knows that a request comes from the gateway (or another service of ours). */
export const signGatewayRequest = (secret: string, body: string, nowMs: number): string =>
  `t=${String(nowMs)},v1=${hmac(secret, String(nowMs), body)}`;

/** True for a signature over exactly this body, made less than a minute ago (or ahead: clocks differ). */
export const isGatewaySignatureValid = (
  secret: string,
  header: string | undefined,
  request: { readonly body: string; readonly nowMs: number },
): boolean => {
  const match = /^t=(\d{1,16}),v1=([0-9a-f]{64})$/.exec(header ?? '');
  if (match?.[1] === undefined || match[2] === undefined) return false;
  if (Math.abs(request.nowMs - Number(match[1])) > signatureWindowMs) return false;
  const expected = hmac(secret, match[1], request.body);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(match[2]));
};
