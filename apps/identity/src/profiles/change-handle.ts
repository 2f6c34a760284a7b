import { requireUser, sqlState, useCase, UserError, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { Account } from '../accounts/account.entity';
import { requireAccount } from '../accounts/account.queries';
import { HandleTaken } from '../accounts/register';
import { spend } from '../limits';
import { parseHandle } from '../text';
import { isHandleHeld } from './handle.queries';

@InputType({ description: 'What one wants to be called.' })
export class ChangeHandleInput {
  @Field(() => String, { description: '3 to 30 characters out of a-z, A-Z, 0-9, "-" and "_".' })
  handle!: string;
}

@ObjectType({ implements: UserError, description: 'The handle was changed a short while ago.' })
export class HandleChangedRecently extends UserError {
  readonly code = 'HANDLE_CHANGED_RECENTLY' as const;
  readonly message = 'You have changed your handle lately; wait a little.';
  @Field(() => Date) readonly retryAt: Date;
  constructor(retryAt: Date) {
    super();
    this.retryAt = retryAt;
  }
}

export const ChangeHandleResult = createUnionType({
  name: 'ChangeHandleResult',
  types: () => [Account, HandleTaken, HandleChangedRecently] as const,
});
export type ChangeHandleOutcome = Account | HandleTaken | HandleChangedRecently;

const uniqueViolation = '23505';

/** The old handle leads to the account from then on. Of two who want one handle at once, one gets it. */
export const changeHandle = async (
  ctx: Ctx,
  input: ChangeHandleInput,
): Promise<ChangeHandleOutcome> => {
  const handle = parseHandle('handle', input.handle);
  await spend(ctx, 'register', requireUser(ctx).accountId);
  try {
    return await change(ctx, handle);
  } catch (error) {
    if (sqlState(error) === uniqueViolation) return new HandleTaken();
    throw error;
  }
};

const waitMs = 7 * 86_400_000;

const change = useCase(async (tx, handle: string): Promise<ChangeHandleOutcome> => {
  const accountId = await requireAccount(tx);
  const account = await tx.db.findOneOrFail(Account, {
    where: { id: accountId },
    lock: { mode: 'for_no_key_update' }, // beside the key's share lock, which others hold too
  });
  if (account.handle === handle) return account;
  if (await isHandleHeld(tx.db, handle, accountId)) return new HandleTaken();
  const [last] = await tx.db.query<{ at: Date | null }[]>(
    'SELECT max(left_at) AS at FROM former_handle WHERE account_id = $1',
    [accountId],
  );
  const retryAt = new Date((last?.at?.getTime() ?? 0) + waitMs);
  if (last?.at != null && retryAt > tx.now) return new HandleChangedRecently(retryAt);

  await tx.db.query(
    'DELETE FROM former_handle WHERE account_id = $1 AND handle_skeleton(handle) IN (handle_skeleton($2), handle_skeleton($3))',
    [accountId, handle, account.handle],
  );
  await tx.db.query('INSERT INTO former_handle (account_id, handle, left_at) VALUES ($1, $2, $3)', [
    accountId,
    account.handle,
    tx.now,
  ]);
  account.handle = handle;
  return tx.db.save(account);
});
