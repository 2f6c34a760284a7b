import { PartErased, type PayloadOf } from '@lyceum/contracts';
import { consume, type Tx } from '@lyceum/platform';
import { recordAudit } from '../audit/record-audit';
import { parts } from './assemble-exports.job';
import { erasureById } from './erasure.queries';

/** Keeps the receipts of an erasure; with the last of them it is complete. */
export const recordReceipts = consume({
  name: 'identity.record-receipts',
  destination: 'identity',
  types: [PartErased],
  handle: async (tx, events) => {
    for (const { payload } of events) await recordReceipt(tx, payload);
  },
});

const recordReceipt = async (
  tx: Tx,
  { erasureId, part, tables }: PayloadOf<typeof PartErased>,
): Promise<void> => {
  const rows = await tx.db.query<unknown[]>('SELECT FROM erasure WHERE id = $1 FOR UPDATE', [
    erasureId,
  ]);
  if (rows.length === 0) return;
  await tx.db.query(
    `INSERT INTO erasure_part (erasure_id, part, tables, erased_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [erasureId, part, JSON.stringify(tables), tx.now],
  );
  const erasure = await erasureById(tx.db, erasureId);
  const answered = new Set(erasure.parts.map((told) => told.part));
  if (erasure.completedAt !== null || !parts.every((name) => answered.has(name))) return;

  await tx.db.query('UPDATE erasure SET completed_at = $2 WHERE id = $1', [erasureId, tx.now]);
  await recordAudit(tx, {
    action: 'privacy.erasure-completed',
    communityId: null,
    subject: { type: 'Account', id: erasure.accountId },
  });
};
