import { newId } from '@lyceum/contracts';
import { requireUser, UserError, type Tx } from '@lyceum/platform';
import { createHash } from 'node:crypto';
import { ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class IdempotencyConflict extends UserError {
  readonly code = 'IDEMPOTENCY_CONFLICT' as const;
  readonly message = 'You have used this idempotency key for another request.';
}

/** The id of what the command makes, or made when it was carried out before. */
export interface Claim {
  readonly id: string;
  readonly isReplay: boolean;
}

interface Command {
  readonly operation: string;
  readonly input: { readonly idempotencyKey?: string | null };
}

/**
 * Claims the actor's key for this command, until the transaction ends or for good. A refused command gives its
 * key back, and is judged anew. Of two at once the second waits, and then finds what the first has made.
 */
export const claimKey = async (
  tx: Tx,
  { operation, input }: Command,
): Promise<Claim | IdempotencyConflict> => {
  const id: string = newId();
  const { idempotencyKey: key, ...request } = input;
  if (key == null) return { id, isReplay: false };

  const { accountId } = requireUser(tx);
  const hash = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  const claimed = await tx.db.query<unknown[]>(
    `INSERT INTO idempotency_key (account_id, key, operation, request_hash, result_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1`,
    [accountId, key, operation, hash, id, tx.now],
  );
  if (claimed.length > 0) return { id, isReplay: false };

  const [used] = await tx.db.query<{ id: string }[]>(
    `SELECT result_id AS id FROM idempotency_key
     WHERE account_id = $1 AND key = $2 AND operation = $3 AND request_hash = $4`,
    [accountId, key, operation, hash],
  );
  return used === undefined ? new IdempotencyConflict() : { id: used.id, isReplay: true };
};
