import { AccountRegistered, newId } from '@lyceum/contracts';
import { UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { accountCase } from '../account-case';
import { kitOf } from '../kit';
import { spend } from '../limits';
import { AuthPayload, authPayload } from '../sessions/auth-payload';
import { openSession, type OpenedSession } from '../sessions/session.queries';
import { parseEmail, parseHandle, parseLine } from '../text';
import { isHandleHeld } from '../profiles/handle.queries';
import { Account } from './account.entity';
import { weaknessOf } from './password-policy';
import { sendVerification } from './verify-email';

@InputType({ description: 'A new account.' })
export class RegisterInput {
  @Field(() => String, { description: '3 to 30 characters out of a-z, A-Z, 0-9, "-" and "_".' })
  handle!: string;
  @Field(() => String, {
    nullable: true,
    description: 'At most 80 characters; the handle by default.',
  })
  displayName?: string | null;
  @Field(() => String, { description: 'Unique; shown to the account itself alone.' })
  email!: string;
  @Field(() => String, { description: 'At least 10 characters.' }) password!: string;
}

@ObjectType({
  implements: UserError,
  description: 'Another account has the handle, be it in other case.',
})
export class HandleTaken extends UserError {
  readonly code = 'HANDLE_TAKEN' as const;
  readonly message = 'Someone else has this handle.';
}

@ObjectType({
  implements: UserError,
  description: 'Another account has the address, be it in other case.',
})
export class EmailTaken extends UserError {
  readonly code = 'EMAIL_TAKEN' as const;
  readonly message = 'There is an account with this e-mail address.';
}

@ObjectType({
  implements: UserError,
  description: 'The message says what is wrong with the password.',
})
export class WeakPassword extends UserError {
  readonly code = 'WEAK_PASSWORD' as const;
  readonly message: string;
  constructor(weakness: string) {
    super();
    this.message = weakness;
  }
}

export const RegisterResult = createUnionType({
  name: 'RegisterResult',
  types: () => [AuthPayload, HandleTaken, EmailTaken, WeakPassword] as const,
});
export type RegisterOutcome = AuthPayload | HandleTaken | EmailTaken | WeakPassword;

/** Makes an account, logs it in, and mails a link that verifies its address. The password is hashed before the transaction: that takes long. */
export const register = async (ctx: Ctx, input: RegisterInput): Promise<RegisterOutcome> => {
  const handle = parseHandle('handle', input.handle);
  const email = parseEmail('email', input.email);
  const displayName = parseLine('displayName', input.displayName ?? handle, { max: 80 });
  const weakness = weaknessOf(input.password, { handle, email });
  if (weakness !== null) return new WeakPassword(weakness);
  await spend(ctx, 'register', email);

  const passwordHash = await kitOf(ctx).passwords.hash(input.password);
  const registered = await createAccount(ctx, { handle, email, displayName, passwordHash });
  return registered instanceof UserError ? registered : authPayload(ctx, registered);
};

export interface NewAccount {
  readonly handle: string;
  readonly email: string;
  readonly displayName: string;
  readonly passwordHash: string;
}

const createAccount = accountCase(
  async (tx, account: NewAccount): Promise<OpenedSession | HandleTaken | EmailTaken> => {
    if (await isHandleHeld(tx.db, account.handle)) return new HandleTaken();
    const accountId = newId<'Account'>();
    const inserted = await tx.db.query<unknown[]>(
      `INSERT INTO account (id, handle, display_name, email, password_hash, created_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id`,
      [accountId, account.handle, account.displayName, account.email, account.passwordHash, tx.now],
    );
    if (inserted.length === 0) return whatIsTaken(tx, account);

    await sendVerification(tx, { accountId, email: account.email });
    await tx.emit(AccountRegistered, { accountId, handle: account.handle });
    return openSession(tx, accountId);
  },
);

const whatIsTaken = async (tx: Tx, { handle }: NewAccount): Promise<HandleTaken | EmailTaken> => {
  const isHandleTaken = await tx.db
    .createQueryBuilder(Account, 'account')
    .where('handle_skeleton(account.handle) = handle_skeleton(:handle)', { handle })
    .getExists();
  return isHandleTaken ? new HandleTaken() : new EmailTaken();
};
