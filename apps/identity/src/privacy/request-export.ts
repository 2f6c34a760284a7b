import { newId } from '@lyceum/contracts';
import { useCase } from '@lyceum/platform';
import assert from 'node:assert';
import { requireAccount } from '../accounts/account.queries';
import { DataExportState, type DataExport } from './data-export.type';
import { exportsOf } from './export.queries';

/** Asking while one is being put together answers that one. */
export const requestExport = useCase(async (tx, _: null): Promise<DataExport> => {
  const accountId = await requireAccount(tx);
  await tx.db.query(
    `INSERT INTO data_export (id, account_id, requested_at) VALUES ($1, $2, $3)
     ON CONFLICT (account_id) WHERE state = 'waiting' DO NOTHING`,
    [newId<'DataExport'>(), accountId, tx.now],
  );
  const waiting = (await exportsOf(tx.db, accountId)).find(
    ({ state }) => state === DataExportState.WAITING,
  );
  assert(waiting !== undefined, 'the export was just written');
  return waiting;
});
