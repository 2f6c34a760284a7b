import type { AccountId } from '@lyceum/contracts';
import { UserError, type Ctx } from '@lyceum/platform';
import { createHash, randomBytes } from 'node:crypto';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { accountCase, deviceOf, type AccountTx } from '../account-case';
import { spend } from '../limits';
import { AuthPayload, authPayload } from '../sessions/auth-payload';
import {
  openSession,
  openSessionWithoutCode,
  type OpenedSession,
} from '../sessions/session.queries';
import { takeCode } from './check-code';
import { hasTotp, WrongCode } from './set-up-totp';

@ObjectType({ description: 'The password was right. `completeLogin` with a code logs in.' })
export class SecondFactorRequired {
  @Field(() => String, { description: 'For `completeLogin`; good for five tries.' })
  challenge!: string;
  @Field(() => Date) expiresAt!: Date;
}

const challengeMs = 5 * 60_000;
const maxTries = 5;

const hashOf = (challenge: string): string =>
  createHash('sha256').update(challenge).digest('base64url');

/** Who has proved an account's first factor: a session, or the question for the second. */
export const enter = async (
  ctx: Ctx,
  entry: { readonly accountId: AccountId; readonly reactivates: boolean },
): Promise<AuthPayload | SecondFactorRequired> => {
  const entered = (await enterAtOnce(ctx, entry)) ?? (await openOrAsk(ctx, entry));
  return entered instanceof SecondFactorRequired ? entered : authPayload(ctx, entered);
};

/** What most log-ins are: a session, and nothing else. Null for who needs more. */
const enterAtOnce = (
  ctx: Ctx,
  { accountId, reactivates }: { readonly accountId: AccountId; readonly reactivates: boolean },
): Promise<OpenedSession | null> => {
  if (reactivates) return Promise.resolve(null);
  return openSessionWithoutCode(
    { db: ctx.db, now: ctx.deps.now(), device: deviceOf(ctx) },
    accountId,
  );
};

const openOrAsk = accountCase(
  async (
    tx,
    { accountId, reactivates }: { accountId: AccountId; reactivates: boolean },
  ): Promise<OpenedSession | SecondFactorRequired> => {
    if (!(await hasTotp(tx.db, accountId))) return admit(tx, { accountId, reactivates });
    const challenge = randomBytes(32).toString('base64url');
    const expiresAt = new Date(tx.now.getTime() + challengeMs);
    await tx.db.query(
      'INSERT INTO login_challenge (hash, account_id, reactivates, expires_at) VALUES ($1, $2, $3, $4)',
      [hashOf(challenge), accountId, reactivates, expiresAt],
    );
    return Object.assign(new SecondFactorRequired(), { challenge, expiresAt });
  },
);

const admit = async (
  tx: AccountTx,
  { accountId, reactivates }: { accountId: AccountId; reactivates: boolean },
): Promise<OpenedSession> => {
  if (reactivates) {
    await tx.db.query('UPDATE account SET deactivated_at = NULL WHERE id = $1', [accountId]);
    await tx.audit('account.reactivated', accountId);
  }
  return openSession(tx, accountId);
};

@InputType()
export class CompleteLoginInput {
  @Field(() => String) challenge!: string;
  @Field(() => String, { description: 'Of the app, or a recovery code.' }) code!: string;
}

@ObjectType({
  implements: UserError,
  description: 'Its time or its tries are over, or it was used.',
})
export class LoginChallengeOver extends UserError {
  readonly code = 'LOGIN_CHALLENGE_OVER' as const;
  readonly message = 'This took too long, or too many tries; log in again.';
}

export const CompleteLoginResult = createUnionType({
  name: 'CompleteLoginResult',
  types: () => [AuthPayload, WrongCode, LoginChallengeOver] as const,
});
export type CompleteLoginOutcome = AuthPayload | WrongCode | LoginChallengeOver;

/** The second half of a log-in. Guesses are counted by challenge and, over all of them, by account. */
export const completeLogin = async (
  ctx: Ctx,
  input: CompleteLoginInput,
): Promise<CompleteLoginOutcome> => {
  const [asked] = await ctx.db.query<{ accountId: AccountId }[]>(
    'SELECT account_id AS "accountId" FROM login_challenge WHERE hash = $1',
    [hashOf(input.challenge)],
  );
  if (asked === undefined) return new LoginChallengeOver();
  await spend(ctx, 'secondFactor', asked.accountId);
  const entered = await answer(ctx, input);
  // A returned UserError would have rolled the count of tries back.
  if (entered === 'wrong') return new WrongCode();
  return entered instanceof UserError ? entered : authPayload(ctx, entered);
};

const answer = accountCase(
  async (
    tx,
    { challenge, code }: CompleteLoginInput,
  ): Promise<OpenedSession | LoginChallengeOver | 'wrong'> => {
    const hash = hashOf(challenge);
    const [[asked]] = await tx.db.query<
      [{ accountId: AccountId; reactivates: boolean; isGone: boolean }[], number]
    >(
      `UPDATE login_challenge SET tries = tries + 1 FROM account
       WHERE hash = $1 AND account.id = account_id AND expires_at > $2 AND tries < ${maxTries}
       RETURNING account_id AS "accountId", reactivates, deactivated_at IS NOT NULL AS "isGone"`,
      [hash, tx.now],
    );
    if (asked === undefined || (asked.isGone && !asked.reactivates))
      return new LoginChallengeOver();
    if (!(await takeCode(tx, asked.accountId, code))) return 'wrong';
    await tx.db.query('DELETE FROM login_challenge WHERE hash = $1', [hash]);
    return admit(tx, asked);
  },
);
