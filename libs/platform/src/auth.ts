import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AccountId } from '@lyceum/contracts';
import {
  createRemoteJWKSet,
  createLocalJWKSet,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { unauthenticated } from './errors';

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

/**
 * Verifies access tokens offline: EdDSA only, our issuer and audience, 5 s of clock tolerance. A verified
 * token is remembered until it ends, because the same one comes back with each request of a session.
 */
export const createTokenVerifier = (
  source: KeySource,
  now: () => number = Date.now,
): TokenVerifier => {
  const keys: JWTVerifyGetKey =
    'url' in source
      ? createRemoteJWKSet(new URL(source.url), { cooldownDuration: 10_000 })
      : createLocalJWKSet(source.keys);
  const verified = new Map<string, VerifiedToken>();

  const verify = async (token: string): Promise<VerifiedToken> => {
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
    return { actor, expiresAtMs: (payload.exp ?? 0) * 1000 };
  };

  return async (authorization) => {
    if (authorization === undefined || authorization === '')
      return { actor: anonymous, expiresAtMs: Infinity };
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
    if (token === undefined)
      throw unauthenticated('The Authorization header must be "Bearer <token>".');
    const known = verified.get(token);
    if (known !== undefined && known.expiresAtMs > now()) return known;
    verified.delete(token);
    const fresh = await verify(token).catch((cause: unknown) => {
      throw unauthenticated(
        isExpired(cause) ? 'The access token has expired.' : 'The access token is not valid.',
      );
    });
    if (verified.size >= cacheSize) verified.clear();
    verified.set(token, fresh);
    return fresh;
  };
};

const isExpired = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ERR_JWT_EXPIRED';

export const gatewaySignatureHeader = 'x-lyceum-gateway';
const signatureWindowMs = 60_000;

const hmac = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');

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
