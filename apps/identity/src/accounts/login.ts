import { useCase, UserError, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { kitOf } from '../kit';
import { spend } from '../limits';
import { AuthPayload, authPayload } from '../sessions/auth-payload';
import { openSession } from '../sessions/session.queries';
import { parseLine } from '../text';
import { credentialsOf } from './account.queries';
import { passwordLength } from './password-policy';

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

export const LoginResult = createUnionType({
  name: 'LoginResult',
  types: () => [AuthPayload, InvalidCredentials] as const,
});
export type LoginOutcome = AuthPayload | InvalidCredentials;

/**
 * Unknown accounts, unclaimed ones and wrong passwords take the same path, one query and one verification,
 * so that neither the answer nor its time tells who has an account.
 */
export const login = async (ctx: Ctx, input: LoginInput): Promise<LoginOutcome> => {
  const name = parseLine('handleOrEmail', input.handleOrEmail, { max: 254 });
  await spend(ctx, 'login', name);
  // No password has more characters; hashing megabytes for strangers would be a gift to them.
  const password = input.password.slice(0, 2 * passwordLength.max + 1);

  const account = await credentialsOf(ctx.db, name);
  const passwords = kitOf(ctx).passwords;
  const isCorrect = await passwords.isCorrect(account?.passwordHash ?? null, password);
  if (account === null || !isCorrect) return new InvalidCredentials();

  return authPayload(ctx, await startSession(ctx, account.id));
};

const startSession = useCase(openSession);
