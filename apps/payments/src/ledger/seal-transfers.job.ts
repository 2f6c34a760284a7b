import { defineJob, useCase } from '@lyceum/platform';
import { z } from 'zod';

const batchSize = 5_000;

/**
 * Seals what was posted since: the hash of a batch covers every row of its transfers and the hash of the batch before.
 * Off the way of payments, which would otherwise all wait for the chain's end. One seals at a time; answers how many
 * transfers it took.
 */
export const sealTransfers = useCase(async (tx): Promise<number> => {
  await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('ledger seals', 0))`);
  const [taken] = await tx.db.query<[{ id: string }[], number]>(
    `DELETE FROM ledger_unsealed WHERE transfer_id IN (
       SELECT transfer_id FROM ledger_unsealed ORDER BY transfer_id LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING transfer_id AS id`,
    [batchSize],
  );
  if (taken.length === 0) return 0;
  const [last] = await tx.db.query<{ number: string; hash: Buffer }[]>(
    'SELECT number, hash FROM ledger_batch ORDER BY number DESC LIMIT 1',
  );
  const number = (BigInt(last?.number ?? 0) + 1n).toString();
  const previous = last?.hash ?? Buffer.alloc(0);
  // The rows first, because the digest reads them; the foreign key wants the batch before, so it is one statement.
  await tx.db.query(
    `WITH batch AS (
       INSERT INTO ledger_batch (number, transfers, previous_hash, hash, sealed_at)
       SELECT $1, cardinality($2::uuid[]), $3, sha256($3::bytea || digest.of), $4
       FROM (SELECT sha256(convert_to(coalesce(string_agg(concat_ws('|', transfer.id, transfer.idempotency_key,
           transfer.kind, transfer.fingerprint, extract(epoch FROM transfer.posted_at), entry.line, entry.account_id,
           entry.amount_minor, entry.currency), E'\\n' ORDER BY transfer.id, entry.line), ''), 'UTF8')) AS of
         FROM ledger_transfer AS transfer JOIN ledger_entry AS entry ON entry.transfer_id = transfer.id
         WHERE transfer.id = ANY($2::uuid[])) AS digest
       RETURNING number
     )
     INSERT INTO ledger_sealed (transfer_id, batch) SELECT unnest($2::uuid[]), batch.number FROM batch`,
    [number, taken.map(({ id }) => id), previous, tx.now],
  );
  return taken.length;
});

export const sealLedger = defineJob({
  name: 'payments.seal-ledger',
  input: z.object({}),
  attempts: 1, // the next run does what this one could not
  timeoutMs: 60_000,
  concurrency: 1,
  everyMs: 5_000,
  run: async ({ ctx }) => {
    while ((await sealTransfers(ctx, undefined)) === batchSize);
  },
});
