import { requireUser } from '@lyceum/platform';
import { ArgsType, Field } from 'type-graphql';
import { accountCase } from '../account-case';
import type { SessionId } from './session.entity';

@ArgsType()
export class LogoutArgs {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'End all sessions of the account, not only this one.',
  })
  everywhere!: boolean;
}

/** Ends the caller's session: it cannot be refreshed any more, and its access tokens are refused from now on. */
export const logout = accountCase(async (tx, { everywhere }: LogoutArgs): Promise<true> => {
  const { accountId, sessionId } = requireUser(tx);
  const only = sessionId as SessionId; // of a log-in: tokens for programs may not do this
  await tx.endSessions(accountId, { because: 'logout', ...(everywhere ? {} : { only }) });
  return true;
});
