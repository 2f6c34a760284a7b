import type { AccountId } from '@lyceum/contracts';
import { UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { accountCase, type AccountTx } from '../account-case';
import { AuthPayload, authPayload } from './auth-payload';
import { hashToken, isTokenShaped, newSalt, successorOf } from './rotation';
import type { SessionId } from './session.entity';
import { idleLifetimeMs, type OpenedSession } from './session.queries';

@InputType({ description: 'The refresh token that was given last.' })
export class RefreshSessionInput {
  @Field(() => String) refreshToken!: string;
}

@ObjectType({
  implements: UserError,
  description: 'Unknown, ended, or of a session that was ended.',
})
export class InvalidRefreshToken extends UserError {
  readonly code = 'INVALID_REFRESH_TOKEN' as const;
  readonly message = 'This session has ended; log in again.';
}

@ObjectType({
  implements: UserError,
  description: 'The token had been used before, so it may be stolen: the whole session was ended.',
})
export class RefreshTokenReused extends UserError {
  readonly code = 'REFRESH_TOKEN_REUSED' as const;
  readonly message =
    'This refresh token was used before. The session was ended for safety; log in again.';
}

export const RefreshSessionResult = createUnionType({
  name: 'RefreshSessionResult',
  types: () => [AuthPayload, InvalidRefreshToken, RefreshTokenReused] as const,
});
export type RefreshSessionOutcome = AuthPayload | InvalidRefreshToken | RefreshTokenReused;

/** How long a used token still gives the successor it gave: tabs of one browser refresh at the same time. */
const graceMs = 10_000;

export const refreshSession = async (
  ctx: Ctx,
  { refreshToken }: RefreshSessionInput,
): Promise<RefreshSessionOutcome> => {
  if (!isTokenShaped(refreshToken)) return new InvalidRefreshToken();
  const outcome = await rotate(ctx, refreshToken);
  // A returned UserError would have rolled the revocation back.
  if (outcome === 'reused') {
    ctx.log.warn('session.token-reused');
    return new RefreshTokenReused();
  }
  return outcome instanceof UserError ? outcome : authPayload(ctx, outcome);
};

interface LockedToken {
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
  readonly usedAt: Date | null;
  readonly successorSalt: string | null;
}

const rotate = accountCase(
  async (tx, token: string): Promise<OpenedSession | InvalidRefreshToken | 'reused'> => {
    const locked = await lockToken(tx, token);
    if (locked === undefined) return new InvalidRefreshToken();
    const { accountId, sessionId, usedAt, successorSalt } = locked;
    if (usedAt === null) {
      await noteUse(tx, sessionId);
      return { accountId, sessionId, refreshToken: await succeed(tx, { token, sessionId }) };
    }
    const isInGrace = tx.now.getTime() - usedAt.getTime() <= graceMs;
    if (isInGrace && successorSalt !== null) {
      const successor = successorOf(token, successorSalt);
      // Once the successor is used too, this token is two steps behind: too late, but hardly a theft.
      return (await isUnused(tx, successor))
        ? { accountId, sessionId, refreshToken: successor }
        : new InvalidRefreshToken();
    }
    await endStolen(tx, locked);
    return 'reused';
  },
);

/** The token of a session that still lives. The session's row is the lock: its tokens rotate one after the other. */
const lockToken = async (tx: Tx, token: string): Promise<LockedToken | undefined> => {
  const hash = hashToken(token);
  const sessions = await tx.db.query<Pick<LockedToken, 'sessionId' | 'accountId'>[]>(
    `SELECT id AS "sessionId", account_id AS "accountId" FROM session
     WHERE id = (SELECT session_id FROM refresh_token WHERE hash = $1)
       AND revoked_at IS NULL AND expires_at > $2 FOR NO KEY UPDATE`,
    [hash, tx.now],
  );
  const [session] = sessions;
  if (session === undefined) return undefined;
  const tokens = await tx.db.query<Pick<LockedToken, 'usedAt' | 'successorSalt'>[]>(
    `SELECT used_at AS "usedAt", successor_salt AS "successorSalt" FROM refresh_token
     WHERE hash = $1 AND expires_at > $2`,
    [hash, tx.now],
  );
  const [found] = tokens;
  return found === undefined ? undefined : { ...session, ...found };
};

const succeed = async (
  tx: Tx,
  { token, sessionId }: { token: string; sessionId: SessionId },
): Promise<string> => {
  const salt = newSalt();
  const successor = successorOf(token, salt);
  await tx.db.query(
    `WITH used AS (UPDATE refresh_token SET used_at = $1, successor_salt = $2 WHERE hash = $3)
     INSERT INTO refresh_token (hash, session_id, expires_at) VALUES ($4, $5, $6)`,
    [
      tx.now,
      salt,
      hashToken(token),
      hashToken(successor),
      sessionId,
      new Date(tx.now.getTime() + idleLifetimeMs),
    ],
  );
  return successor;
};

const isUnused = async (tx: Tx, token: string): Promise<boolean> => {
  const rows = await tx.db.query<unknown[]>(
    'SELECT FROM refresh_token WHERE hash = $1 AND used_at IS NULL',
    [hashToken(token)],
  );
  return rows.length > 0;
};

const noteUse = async (tx: AccountTx, sessionId: SessionId): Promise<void> => {
  await tx.db.query(
    'UPDATE session SET last_used_at = $2, client = coalesce($3, client) WHERE id = $1',
    [sessionId, tx.now, tx.device.client],
  );
};

/** Ends the family of a token that was used twice, and tells its person. */
const endStolen = async (tx: AccountTx, { accountId, sessionId }: LockedToken): Promise<void> => {
  await tx.endSessions(accountId, { because: 'reuse', only: sessionId });
  await tx.audit('session.token-reused', accountId);
  const [session] = await tx.db.query<{ startedAt: Date; userAgent: string | null }[]>(
    'SELECT created_at AS "startedAt", user_agent AS "userAgent" FROM session WHERE id = $1',
    [sessionId],
  );
  const startedAt = session?.startedAt.toISOString().slice(0, 10) ?? '';
  const details = { startedAt, device: session?.userAgent ?? '?' };
  await tx.sendMail({ accountId, template: 'session-stolen', details });
};
