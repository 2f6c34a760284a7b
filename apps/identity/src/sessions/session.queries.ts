import { newId, type AccountId } from '@lyceum/contracts';
import assert from 'node:assert';
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

type Opening = Pick<AccountTx, 'db' | 'now' | 'device'>;

export const openSession = async (tx: Opening, accountId: AccountId): Promise<OpenedSession> => {
  const opened = await open(tx, accountId, 'true');
  assert(opened !== null, 'nothing stands against it');
  return opened;
};

/** Null, and nothing, for an account with a second factor. One statement, which needs no transaction around it. */
export const openSessionWithoutCode = (
  tx: Opening,
  accountId: AccountId,
): Promise<OpenedSession | null> =>
  open(
    tx,
    accountId,
    'NOT EXISTS (SELECT FROM totp WHERE account_id = $2 AND confirmed_at IS NOT NULL)',
  );

const open = async (
  { db, now, device }: Opening,
  accountId: AccountId,
  condition: string,
): Promise<OpenedSession | null> => {
  const sessionId = newId<'Session'>();
  const refreshToken = newRefreshToken();
  const [row] = await db.query<unknown[]>(
    `WITH opened AS (
       INSERT INTO session (id, account_id, created_at, expires_at, user_agent, client)
       SELECT $1::uuid, $2::uuid, $3::timestamptz, $4::timestamptz, $7::text, $8::text WHERE ${condition} RETURNING id
     )
     INSERT INTO refresh_token (hash, session_id, expires_at) SELECT $5, id, $6 FROM opened RETURNING session_id`,
    [
      sessionId,
      accountId,
      now,
      new Date(now.getTime() + sessionLifetimeMs),
      hashToken(refreshToken),
      new Date(now.getTime() + idleLifetimeMs),
      device.userAgent,
      device.client,
    ],
  );
  return row === undefined ? null : { accountId, sessionId, refreshToken };
};
