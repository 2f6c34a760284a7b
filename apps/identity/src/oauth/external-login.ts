import { AccountRegistered, AccountVerified, newId, type AccountId } from '@lyceum/contracts';
import {
  badInput,
  requireUser,
  sqlState,
  useCase,
  UserError,
  type Ctx,
  type Tx,
} from '@lyceum/platform';
import { createHash, randomBytes } from 'node:crypto';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { accountCase, type AccountTx } from '../account-case';
import { Account } from '../accounts/account.entity';
import { AccountDeactivated } from '../accounts/login';
import { EmailTaken } from '../accounts/register';
import { kitOf } from '../kit';
import { spendAttempt } from '../limits';
import { enter, SecondFactorRequired } from '../second-factor/enter';
import { AuthPayload } from '../sessions/auth-payload';
import { parseEmail, parseLine } from '../text';
import {
  authorizationUrl,
  personBehind,
  type Attempt,
  type ExternalPerson,
  type LoginProvider,
} from './providers';

@ObjectType({ description: 'Where to send the browser, and what it has to keep.' })
export class ExternalLoginStart {
  @Field(() => String, { description: 'Of the other site.' }) url!: string;
  @Field(() => String, {
    description: 'To keep in the browser (sessionStorage) and hand to `completeExternalLogin`.',
  })
  binding!: string;
}

@ObjectType({
  implements: UserError,
  description: 'The other site refused, or what came back was not an answer to this attempt.',
})
export class ExternalLoginRefused extends UserError {
  readonly code = 'EXTERNAL_LOGIN_REFUSED' as const;
  readonly message = 'Logging in by the other site did not work; try again.';
}

@ObjectType({ implements: UserError, description: 'Log in there as somebody else, or here.' })
export class ExternalLoginTaken extends UserError {
  readonly code = 'EXTERNAL_LOGIN_TAKEN' as const;
  readonly message = 'This log-in belongs to another account.';
}

const attemptMs = 10 * 60_000;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

const providerNamed = (ctx: Ctx, id: string): LoginProvider => {
  const provider = kitOf(ctx).loginProviders.find((candidate) => candidate.id === id);
  if (provider === undefined) throw badInput('There is no such provider.', { field: 'provider' });
  return provider;
};

/** Nonce and verifier are made of the state and the secret: the database has nothing to prove anything with. */
const attemptOf = (ctx: Ctx, state: string): Attempt => {
  const { secret, mail } = kitOf(ctx);
  return {
    state,
    nonce: secret.tokenOf('oidc-nonce', state),
    codeVerifier: secret.tokenOf('pkce', state),
    redirectUri: mail.accountUrl,
  };
};

/** Begins a log-in or, for who is logged in, adding one to the account. */
export const beginExternalLogin = async (
  ctx: Ctx,
  { providerId, links }: { providerId: string; links: 'caller' | 'nobody' },
): Promise<ExternalLoginStart> => {
  const provider = providerNamed(ctx, providerId);
  await spendAttempt(ctx);
  const state = randomBytes(32).toString('base64url');
  const binding = randomBytes(32).toString('base64url');
  const accountId = links === 'caller' ? requireUser(ctx).accountId : null;
  const url = await authorizationUrl(provider, attemptOf(ctx, state));
  await leaveAttempt(ctx, { state, provider: providerId, bindingHash: hashOf(binding), accountId });
  return Object.assign(new ExternalLoginStart(), { url, binding });
};

interface NewAttempt {
  readonly state: string;
  readonly provider: string;
  readonly bindingHash: string;
  readonly accountId: AccountId | null;
}

const leaveAttempt = useCase(async (tx: Tx, attempt: NewAttempt): Promise<void> => {
  await tx.db.query(
    `INSERT INTO external_login_attempt (state, provider, binding_hash, account_id, expires_at)
     VALUES ($1, $2, $3, $4, $5)`,
    [
      attempt.state,
      attempt.provider,
      attempt.bindingHash,
      attempt.accountId,
      new Date(tx.now.getTime() + attemptMs),
    ],
  );
});

@InputType({ description: 'What the other site sent the browser back with.' })
export class CompleteExternalLoginInput {
  @Field(() => String, { description: 'The query of the address, as `code=…&state=…`.' })
  query!: string;
  @Field(() => String, { description: 'From `beginExternalLogin`.' }) binding!: string;
}

export const CompleteExternalLoginResult = createUnionType({
  name: 'CompleteExternalLoginResult',
  types: () =>
    [
      AuthPayload,
      SecondFactorRequired,
      ExternalLoginRefused,
      ExternalLoginTaken,
      EmailTaken,
      AccountDeactivated,
    ] as const,
});
export type CompleteExternalLoginOutcome =
  | AuthPayload
  | SecondFactorRequired
  | ExternalLoginRefused
  | ExternalLoginTaken
  | EmailTaken
  | AccountDeactivated;

/**
 * Logs in whom the other site names. Accounts are found by the other site's own id alone: an address proves nothing
 * about an account that is here already, so one that is taken is refused, and added by who is logged in.
 */
export const completeExternalLogin = async (
  ctx: Ctx,
  input: CompleteExternalLoginInput,
): Promise<CompleteExternalLoginOutcome> => {
  await spendAttempt(ctx);
  const query = new URLSearchParams(input.query.slice(0, 5_000));
  const attempt = await takeAttempt(ctx, {
    state: query.get('state') ?? '',
    bindingHash: hashOf(input.binding),
  });
  if (attempt === null) return new ExternalLoginRefused();
  const person = await identify(ctx, attempt, query);
  if (person === null) return new ExternalLoginRefused();
  try {
    const found = await findOrMake(ctx, { attempt, person });
    if (found instanceof UserError) return found;
    if (found.isGone) return new AccountDeactivated();
    return await enter(ctx, { accountId: found.accountId, reactivates: false });
  } catch (error) {
    if (sqlState(error) === '23505') return new EmailTaken();
    throw error;
  }
};

const takeAttempt = useCase(
  async (
    tx: Tx,
    { state, bindingHash }: { state: string; bindingHash: string },
  ): Promise<NewAttempt | null> => {
    const [[taken]] = await tx.db.query<[NewAttempt[], number]>(
      `DELETE FROM external_login_attempt WHERE state = $1 AND binding_hash = $2 AND expires_at > $3
       RETURNING state, provider, binding_hash AS "bindingHash", account_id AS "accountId"`,
      [state, bindingHash, tx.now],
    );
    return taken ?? null;
  },
);

const identify = async (
  ctx: Ctx,
  { provider, state }: NewAttempt,
  query: URLSearchParams,
): Promise<ExternalPerson | null> => {
  try {
    return await personBehind(providerNamed(ctx, provider), attemptOf(ctx, state), query);
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown'; // messages may quote what came
    ctx.log.info({ provider, reason }, 'external-login.refused');
    return null;
  }
};

interface Found {
  readonly accountId: AccountId;
  readonly isGone: boolean;
}

const findOrMake = accountCase(
  async (
    tx,
    { attempt, person }: { attempt: NewAttempt; person: ExternalPerson },
  ): Promise<Found | ExternalLoginTaken | EmailTaken> => {
    const [known] = await tx.db.query<Found[]>(
      `SELECT account.id AS "accountId", deactivated_at IS NOT NULL AS "isGone"
       FROM external_login JOIN account ON account.id = account_id WHERE provider = $1 AND subject = $2`,
      [attempt.provider, person.subject],
    );
    if (attempt.accountId !== null && known !== undefined && known.accountId !== attempt.accountId)
      return new ExternalLoginTaken();
    if (known !== undefined) return known;
    const accountId = attempt.accountId ?? (await makeAccount(tx, person));
    if (accountId === null) return new EmailTaken();
    await tx.db.query(
      'INSERT INTO external_login (provider, subject, account_id, created_at) VALUES ($1, $2, $3, $4)',
      [attempt.provider, person.subject, accountId, tx.now],
    );
    await tx.audit('account.second-factor-changed', accountId);
    const details = { change: 'login-linked' };
    if (attempt.accountId !== null)
      await tx.sendMail({ accountId, template: 'security-changed', details });
    return { accountId, isGone: false };
  },
);

/** Null when somebody here has the address. */
const makeAccount = async (tx: AccountTx, person: ExternalPerson): Promise<AccountId | null> => {
  const email = person.email === null ? null : parseEmail('email', person.email);
  if (email !== null) {
    const taken = await tx.db.query<unknown[]>(
      'SELECT FROM account WHERE lower(email) = lower($1)',
      [email],
    );
    if (taken.length > 0) return null;
  }
  const accountId = newId<'Account'>();
  const handle = await freeHandle(tx, person.handle ?? person.name ?? '');
  await tx.db.insert(Account, {
    id: accountId,
    handle,
    displayName: displayNameOf(person, handle),
    email,
    emailVerifiedAt: email === null ? null : tx.now,
    createdAt: tx.now,
  });
  await tx.emit(AccountRegistered, { accountId, handle });
  if (email !== null) await tx.emit(AccountVerified, { accountId });
  return accountId;
};

const displayNameOf = ({ name }: ExternalPerson, handle: string): string => {
  try {
    return parseLine(
      'name',
      Array.from(name ?? '')
        .slice(0, 80)
        .join(''),
      { max: 80 },
    );
  } catch {
    return handle; // what the other site allows in a name may not do here
  }
};

const freeHandle = async (tx: AccountTx, wish: string): Promise<string> => {
  const plain = wish.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 20);
  const rows = await tx.db.query<unknown[]>('SELECT FROM account WHERE lower(handle) = lower($1)', [
    plain,
  ]);
  const isFree = plain.length >= 3 && rows.length === 0;
  return isFree ? plain : `${plain === '' ? 'reader' : plain}-${randomBytes(4).toString('hex')}`;
};
