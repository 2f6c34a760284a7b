import { UserError, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { kitOf } from '../kit';
import { spend } from '../limits';
import { enter, SecondFactorRequired } from '../second-factor/enter';
import { AuthPayload } from '../sessions/auth-payload';
import { parseLine } from '../text';
import { credentialsOf, type Credentials } from './account.queries';
import { cutPassword } from './passwords';

@InputType({ description: 'Who says to be whom.' })
export class LoginInput {
  @Field(() => String) handleOrEmail!: string;
  @Field(() => String) password!: string;
}

@ObjectType({ implements: UserError, description: 'Whether there is such an account is not told.' })
export class InvalidCredentials extends UserError {
  readonly code = 'INVALID_CREDENTIALS' as const;
  readonly message = 'There is no account with this name and this password.';
}

@ObjectType({
  implements: UserError,
  description: 'Told to who knows the password. `reactivateAccount` brings the account back.',
})
export class AccountDeactivated extends UserError {
  readonly code = 'ACCOUNT_DEACTIVATED' as const;
  readonly message = 'This account is deactivated; you can bring it back.';
}

export const LoginResult = createUnionType({
  name: 'LoginResult',
  types: () => [AuthPayload, SecondFactorRequired, InvalidCredentials, AccountDeactivated] as const,
});
export type LoginOutcome =
  AuthPayload | SecondFactorRequired | InvalidCredentials | AccountDeactivated;

export const login = async (ctx: Ctx, input: LoginInput): Promise<LoginOutcome> => {
  const account = await checkCredentials(ctx, input);
  if (account === null) return new InvalidCredentials();
  if (account.deactivatedAt !== null) return new AccountDeactivated();
  return enter(ctx, { accountId: account.id, reactivates: false });
};

/**
 * Whose name and password these are, or null. Unknown accounts, unclaimed ones and wrong passwords take the same
 * path, one query and one verification, so that neither the answer nor its time tells who has an account.
 */
export const checkCredentials = async (
  ctx: Ctx,
  input: LoginInput,
): Promise<Credentials | null> => {
  const name = parseLine('handleOrEmail', input.handleOrEmail, { max: 254 });
  await spend(ctx, 'login', name);
  const account = await credentialsOf(ctx.db, name);
  const passwords = kitOf(ctx).passwords;
  const isCorrect = await passwords.isCorrect(
    account?.passwordHash ?? null,
    cutPassword(input.password),
  );
  return isCorrect ? account : null;
};
