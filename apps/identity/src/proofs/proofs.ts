import { newId, type AccountId } from '@lyceum/contracts';
import { UserError, type Tx } from '@lyceum/platform';
import { createHash } from 'node:crypto';
import { ObjectType } from 'type-graphql';
import type { Secret } from '../secret';
import type { ProofId, Purpose } from './proof.entity';

@ObjectType({
  implements: UserError,
  description: 'Used before, past its time, replaced by a newer one, or never given out.',
})
export class LinkNotValid extends UserError {
  readonly code = 'LINK_NOT_VALID' as const;
  readonly message = 'This link can no longer be used; ask for a new one.';
}

const hour = 60 * 60 * 1_000;

/** How long a mailed token can be used. */
const lifetimeMs: Readonly<Record<Purpose, number>> = {
  'verify-email': 72 * hour,
  'reset-password': hour,
  'leave-email': 24 * hour,
  'enter-email': 24 * hour,
  'claim-account': 7 * 24 * hour,
};

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/**
 * The token of a proof is made of its id and the secret, so that it is neither in the database nor in a
 * queue: who sends the mail makes it again.
 */
export const proofToken = (secret: Secret, id: ProofId): string => secret.tokenOf('proof', id);

/** Prepares a token for a mail. Earlier ones of this account and purpose end. */
export const issueProof = async (
  tx: Tx,
  secret: Secret,
  proof: { readonly accountId: AccountId; readonly purpose: Purpose; readonly email: string },
): Promise<ProofId> => {
  const id = newId<'Proof'>();
  const { accountId, purpose, email } = proof;
  await endProofs(tx, accountId, [purpose]);
  await tx.db.query(
    `INSERT INTO proof (id, hash, account_id, purpose, email, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      id,
      hashOf(proofToken(secret, id)),
      accountId,
      purpose,
      email,
      tx.now,
      new Date(tx.now.getTime() + lifetimeMs[purpose]),
    ],
  );
  return id;
};

export interface Proven {
  readonly accountId: AccountId;
  readonly email: string;
}

/** Uses a token up. Of two that come at once with the same one, one gets null. */
export const useProof = async (tx: Tx, token: string, purpose: Purpose): Promise<Proven | null> => {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const [[proven]] = await tx.db.query<[Proven[], number]>(
    `DELETE FROM proof WHERE hash = $1 AND purpose = $2 AND expires_at > $3
     RETURNING account_id AS "accountId", email`,
    [hashOf(token), purpose, tx.now],
  );
  return proven ?? null;
};

export const endProofs = async (
  tx: Tx,
  accountId: AccountId,
  purposes: readonly Purpose[],
): Promise<void> => {
  await tx.db.query('DELETE FROM proof WHERE account_id = $1 AND purpose = ANY ($2)', [
    accountId,
    purposes,
  ]);
};
