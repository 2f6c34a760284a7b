import type { AccountId } from '@lyceum/contracts';
import { allScopes, personalTokenEnd, tokenAudience, tokenIssuer } from '@lyceum/platform';
import { importJWK, SignJWT } from 'jose';
import type { SessionId } from './session.entity';
import type { PersonalTokenId } from '../tokens/personal-token.entity';
import type { SigningKey } from './signing-keys';

const lifetimeSeconds = 600;

export interface AccessToken {
  readonly accessToken: string;
  readonly expiresAt: Date;
}

export interface AccessTokens {
  /** For a log-in, with all rights; or for a personal token, with its scopes and not beyond its end. */
  sign(subject: Subject): Promise<AccessToken>;
}

interface Subject {
  readonly accountId: AccountId;
  readonly sessionId: SessionId | PersonalTokenId;
  readonly scopes?: readonly string[];
  readonly endsAt?: Date;
}

/** Signs access tokens with the first key. */
export const createAccessTokens = (
  [key]: readonly SigningKey[],
  nowMs: () => number,
): AccessTokens => {
  let imported: ReturnType<typeof importJWK> | undefined;
  return {
    async sign({ accountId, sessionId, scopes = [allScopes], endsAt }) {
      if (key === undefined) throw new Error('this process has no key to sign access tokens with');
      imported ??= importJWK(key, 'EdDSA');
      const issuedAt = Math.floor(nowMs() / 1000);
      const endsAtSeconds = endsAt === undefined ? Infinity : Math.floor(endsAt.getTime() / 1000);
      const expiresAtSeconds = Math.min(issuedAt + lifetimeSeconds, endsAtSeconds);
      const accessToken = await new SignJWT({
        sid: sessionId,
        scope: scopes.join(' '),
        ...(endsAt === undefined ? {} : { [personalTokenEnd]: endsAtSeconds }),
      })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid })
        .setSubject(accountId)
        .setIssuer(tokenIssuer)
        .setAudience(tokenAudience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAtSeconds)
        .sign(await imported);
      return { accessToken, expiresAt: new Date(expiresAtSeconds * 1000) };
    },
  };
};
