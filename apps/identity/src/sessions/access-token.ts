import type { AccountId } from '@lyceum/contracts';
import { allScopes, tokenAudience, tokenIssuer } from '@lyceum/platform';
import { importJWK, SignJWT } from 'jose';
import type { SessionId } from './session.entity';
import type { SigningKey } from './signing-keys';

const lifetimeSeconds = 600;

export interface AccessToken {
  readonly accessToken: string;
  readonly expiresAt: Date;
}

export interface AccessTokens {
  sign(subject: { accountId: AccountId; sessionId: SessionId }): Promise<AccessToken>;
}

/** Signs access tokens with the first key. */
export const createAccessTokens = (
  [key]: readonly SigningKey[],
  nowMs: () => number,
): AccessTokens => {
  let imported: ReturnType<typeof importJWK> | undefined;
  return {
    async sign({ accountId, sessionId }) {
      if (key === undefined) throw new Error('this process has no key to sign access tokens with');
      imported ??= importJWK(key, 'EdDSA');
      const issuedAt = Math.floor(nowMs() / 1000);
      const accessToken = await new SignJWT({ sid: sessionId, scope: allScopes })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid })
        .setSubject(accountId)
        .setIssuer(tokenIssuer)
        .setAudience(tokenAudience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(await imported);
      return { accessToken, expiresAt: new Date((issuedAt + lifetimeSeconds) * 1000) };
    },
  };
};
