import { requireUser, useCase } from '@lyceum/platform';
import { ArgsType, Field } from 'type-graphql';

@ArgsType()
export class LogoutArgs {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'End all sessions of the account, not only this one.',
  })
  everywhere!: boolean;
}

/** Ends the caller's session: it cannot be refreshed any more. Access tokens already given live out their minutes. */
export const logout = useCase(async (tx, { everywhere }: LogoutArgs) => {
  const { accountId, sessionId } = requireUser(tx);
  await tx.db.query(
    `UPDATE session SET revoked_at = $1, revoked_because = 'logout'
       WHERE account_id = $2 AND ($3::uuid IS NULL OR id = $3) AND revoked_at IS NULL`,
    [tx.now, accountId, everywhere ? null : sessionId],
  );
  return true;
});
