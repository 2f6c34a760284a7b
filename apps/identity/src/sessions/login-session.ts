import { isId, type AccountId } from '@lyceum/contracts';
import { requireUser, UserError, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { accountCase } from '../account-case';
import type { SessionId } from './session.entity';

export const SessionEnd = {
  LOGGED_OUT: 'logout',
  TOKEN_REUSED: 'reuse',
  REVOKED: 'revoked',
  PASSWORD_CHANGED: 'password',
  DEACTIVATED: 'deactivated',
} as const;
export type SessionEnd = (typeof SessionEnd)[keyof typeof SessionEnd];
registerEnumType(SessionEnd, {
  name: 'SessionEnd',
  description: 'Why a session ended before its time.',
  valuesConfig: {
    TOKEN_REUSED: {
      description: 'A refresh token came twice: somebody may have copied it. A mail was sent.',
    },
    REVOKED: { description: 'From another device.' },
  },
});

@ObjectType({ description: 'A log-in on a device, and what followed from it.' })
export class LoginSession {
  @Field(() => ID) id!: SessionId;
  @Field(() => Date) startedAt!: Date;
  @Field(() => Date, { description: 'When it was last refreshed, or else began.' })
  lastUsedAt!: Date;
  @Field(() => String, { nullable: true, description: 'What the client said it was.' })
  userAgent!: string | null;
  @Field(() => String, { nullable: true, description: 'The address it was last used from.' })
  address!: string | null;
  @Field(() => Boolean, { description: 'Whether it is the one that asks.' })
  isCurrent!: boolean;
  @Field(() => Date, { nullable: true, description: 'Null while it lives.' })
  endedAt!: Date | null;
  @Field(() => SessionEnd, { nullable: true })
  endedBecause!: SessionEnd | null;
}

@ObjectType({ implements: UserError, description: 'There is none, or it is of another account.' })
export class SessionNotFound extends UserError {
  readonly code = 'SESSION_NOT_FOUND' as const;
  readonly message = 'You have no such session.';
}

export const RevokeSessionResult = createUnionType({
  name: 'RevokeSessionResult',
  types: () => [LoginSession, SessionNotFound] as const,
});
export type RevokeSessionOutcome = LoginSession | SessionNotFound;

/** At most so many are shown. */
const shown = 100;

const columns = `id, created_at AS "startedAt", coalesce(last_used_at, created_at) AS "lastUsedAt",
  user_agent AS "userAgent", client AS address, revoked_at AS "endedAt", revoked_because AS "endedBecause"`;

/** The sessions of the caller that live, and those of the last month that were ended; the latest first. */
export const sessionsOf = async (ctx: Ctx): Promise<readonly LoginSession[]> => {
  const { accountId, sessionId } = requireUser(ctx);
  const rows = await ctx.db.query<Omit<LoginSession, 'isCurrent'>[]>(
    `SELECT ${columns} FROM session WHERE account_id = $1 AND expires_at > $2
     ORDER BY revoked_at IS NOT NULL, coalesce(last_used_at, created_at) DESC, id LIMIT ${shown}`,
    [accountId, ctx.deps.now()],
  );
  return rows.map((row) => toSession(row, sessionId));
};

const toSession = (row: Omit<LoginSession, 'isCurrent'>, current: string): LoginSession =>
  Object.assign(new LoginSession(), row, { isCurrent: row.id === current });

/** Ends one session of the caller, on whatever device. Its access token is refused from now on. */
export const revokeSession = accountCase(
  async (tx, { id }: { id: SessionId }): Promise<RevokeSessionOutcome> => {
    const { accountId, sessionId } = requireUser(tx);
    if (!isId(id)) return new SessionNotFound();
    const ended = await tx.endSessions(accountId, { because: 'revoked', only: id });
    if (ended > 0) await tx.audit('session.revoked', accountId);
    const [row] = await tx.db.query<(Omit<LoginSession, 'isCurrent'> & { owner: AccountId })[]>(
      `SELECT ${columns} FROM session WHERE id = $1 AND account_id = $2`,
      [id, accountId],
    );
    return row === undefined ? new SessionNotFound() : toSession(row, sessionId);
  },
);
