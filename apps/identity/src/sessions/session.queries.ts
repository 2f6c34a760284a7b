import { newId, type AccountId } from '@lyceum/contracts';
import type { AccountTx } from '../account-case';
import type { SessionId } from './session.entity';
import { hashToken, newRefreshToken } from './rotation';

const day = 24 * 60 * 60 * 1_000;
/** Logged in this long at most, however often refreshed. */
const sessionLifetimeMs = 90 * day;
/** A refresh token that nobody uses ends after this. */
export const idleLifetimeMs = 30 * day;

export interface OpenedSession {
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
  readonly refreshToken: string;
}

export const openSession = async (tx: AccountTx, accountId: AccountId): Promise<OpenedSession> => {
  const sessionId = newId<'Session'>();
  const refreshToken = newRefreshToken();
  await tx.db.query(
    `WITH opened AS (
       INSERT INTO session (id, account_id, created_at, expires_at, user_agent, client)
       VALUES ($1, $2, $3, $4, $7, $8) RETURNING id
     )
     INSERT INTO refresh_token (hash, session_id, expires_at) SELECT $5, id, $6 FROM opened`,
    [
      sessionId,
      accountId,
      tx.now,
      new Date(tx.now.getTime() + sessionLifetimeMs),
      hashToken(refreshToken),
      new Date(tx.now.getTime() + idleLifetimeMs),
      tx.device.userAgent,
      tx.device.client,
    ],
  );
  return { accountId, sessionId, refreshToken };
};
