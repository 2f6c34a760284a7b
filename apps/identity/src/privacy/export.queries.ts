import { isId, type AccountId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { DataExport } from './data-export.type';

const columns = `id, account_id AS "accountId", state, requested_at AS "requestedAt", ready_at AS "readyAt",
  expires_at AS "expiresAt", digest`;

const select = async (
  db: EntityManager,
  rest: string,
  parameters: unknown[],
): Promise<DataExport[]> => {
  const rows = await db.query<object[]>(`SELECT ${columns} FROM data_export ${rest}`, parameters);
  return rows.map((row) => Object.assign(new DataExport(), row));
};

/** The newest first. */
export const exportsOf = (db: EntityManager, accountId: AccountId): Promise<DataExport[]> =>
  select(db, 'WHERE account_id = $1 ORDER BY requested_at DESC, id DESC LIMIT 20', [accountId]);

export const waitingExports = (db: EntityManager): Promise<DataExport[]> =>
  select(db, `WHERE state = 'waiting' ORDER BY requested_at LIMIT 10`, []);

/** The archive of the account's own export; null when it is not there (any more). */
export const archiveOf = async (
  db: EntityManager,
  { id, accountId }: { id: string; accountId: AccountId },
): Promise<Buffer | null> => {
  if (!isId(id)) return null;
  const [row] = await db.query<{ archive: Buffer | null }[]>(
    'SELECT archive FROM data_export WHERE id = $1 AND account_id = $2',
    [id, accountId],
  );
  return row?.archive ?? null;
};
