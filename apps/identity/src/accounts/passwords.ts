import type { AccountId } from '@lyceum/contracts';
import { UserError, type Ctx } from '@lyceum/platform';
import { ObjectType } from 'type-graphql';
import { kitOf } from '../kit';
import { spend } from '../limits';
import { passwordLength } from './password-policy';

@ObjectType({ implements: UserError, description: 'It is not the password of the account.' })
export class WrongPassword extends UserError {
  readonly code = 'WRONG_PASSWORD' as const;
  readonly message = 'This is not your password.';
}

/** No password has more characters; hashing megabytes for strangers would be a gift to them. */
export const cutPassword = (password: string): string =>
  password.slice(0, 2 * passwordLength.max + 1);

/**
 * Asks for the password again before something that a stolen session must not do. False for accounts that have
 * none: they set one first, by `setPassword`.
 */
export const isOwnPassword = async (
  ctx: Ctx,
  accountId: AccountId,
  password: string,
): Promise<boolean> => {
  await spend(ctx, 'password', accountId);
  const [account] = await ctx.db.query<{ hash: string | null }[]>(
    'SELECT password_hash AS hash FROM account WHERE id = $1',
    [accountId],
  );
  return kitOf(ctx).passwords.isCorrect(account?.hash ?? null, cutPassword(password));
};
