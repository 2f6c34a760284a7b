import { createHash } from 'node:crypto';
import { newId } from '@lyceum/contracts';
import { requireUser, type Tx } from '@lyceum/platform';
import { KeyReused } from './order.errors';

export interface Command {
  readonly operation: string;
  readonly key: string;
  /** What is asked for, without the key. */
  readonly request: object;
}

/** The id of what the command makes, and what it answered when it was carried out before. */
export interface ClaimedKey {
  readonly resultId: string;
  readonly isReplay: boolean;
  readonly response: string | null;
}

/**
 * Claims the actor's key for this very request. A refused command rolls its claim back and is judged anew; of two at
 * once the second waits, and finds what the first has made.
 */
export const claimKey = async (tx: Tx, command: Command): Promise<ClaimedKey | KeyReused> => {
  const { accountId } = requireUser(tx);
  const resultId: string = newId();
  const hash = hashOf(command.request);
  const claimed = await tx.db.query<unknown[]>(
    `INSERT INTO command_key (account_id, key, operation, request_hash, result_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1`,
    [accountId, command.key, command.operation, hash, resultId, tx.now],
  );
  if (claimed.length > 0) return { resultId, isReplay: false, response: null };
  const [used] = await tx.db.query<{ resultId: string; response: string | null }[]>(
    `SELECT result_id AS "resultId", response FROM command_key
     WHERE account_id = $1 AND key = $2 AND operation = $3 AND request_hash = $4`,
    [accountId, command.key, command.operation, hash],
  );
  return used === undefined ? new KeyReused() : { ...used, isReplay: true };
};

/** Keeps the command's answer, unless one is kept already; returns the one that is kept. */
export const keepResponse = async (
  tx: Tx,
  { key, response }: { readonly key: string; readonly response: string },
): Promise<string> => {
  const { accountId } = requireUser(tx);
  await tx.db.query(
    'UPDATE command_key SET response = $3 WHERE account_id = $1 AND key = $2 AND response IS NULL',
    [accountId, key, response],
  );
  const [kept] = await tx.db.query<{ response: string }[]>(
    'SELECT response FROM command_key WHERE account_id = $1 AND key = $2',
    [accountId, key],
  );
  if (kept === undefined) throw new Error('the key was claimed before');
  return kept.response;
};

/** The same for the same request, whatever the order of its fields. */
const hashOf = (request: object): string => {
  const ordered = Object.entries(request)
    .filter(([, value]) => value !== undefined && value !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(ordered)).digest('hex');
};
