import { defineJob, useCase, type Ctx } from '@lyceum/platform';
import { z } from 'zod';
import { kitOf } from '../kit';
import type { MethodDetails } from '../providers/provider';

const batch = 50;
const firstDelayMs = 60_000;
const maxDelayMs = 86_400_000;

interface Undescribed {
  readonly id: string;
  readonly provider: string;
  readonly token: string;
}

/** Asks providers what was left with them: what its owner sees of it, and what tells one card from another. */
export const describeMethods = async (ctx: Ctx): Promise<void> => {
  const waiting = await ctx.db.query<Undescribed[]>(
    `SELECT id, provider, token FROM payment_method WHERE described_at IS NULL ORDER BY created_at LIMIT ${String(batch)}`,
  );
  for (const { id, provider, token } of waiting) {
    try {
      const details = await kitOf(ctx).providers.get(provider)?.describeMethod?.(token);
      if (details !== undefined) await recordDetails(ctx, { id, details });
    } catch (error) {
      ctx.log.warn({ err: error, provider }, 'payment-method.not-described');
    }
  }
};

/** The same card that was left before is the same: the older token is given up. */
const recordDetails = useCase(
  async (tx, { id, details }: { id: string; details: MethodDetails | null }): Promise<void> => {
    if (details === null) {
      await tx.db.query('DELETE FROM payment_method WHERE id = $1', [id]);
      return;
    }
    const { label, fingerprint, expiresAt } = details;
    await tx.db.query(
      `UPDATE payment_method SET label = $2, fingerprint = $3, expires_at = $4, described_at = $5 WHERE id = $1`,
      [id, label, fingerprint, expiresAt, tx.now],
    );
    await tx.db.query(
      `DELETE FROM payment_method AS older USING payment_method AS newer
       WHERE newer.id = $1 AND older.account_id = newer.account_id AND older.provider = newer.provider
         AND older.fingerprint = newer.fingerprint AND (older.created_at, older.id) < (newer.created_at, newer.id)`,
      [id],
    );
  },
);

interface Removal {
  readonly provider: string;
  readonly token: string;
  readonly attempts: number;
}

/** Has providers forget what was removed here, later and later until they have heard. */
export const removeMethods = async (ctx: Ctx): Promise<void> => {
  const now = ctx.deps.now();
  const due = await ctx.db.query<Removal[]>(
    `SELECT provider, token, attempts FROM payment_method_removal WHERE next_attempt_at <= $1
     ORDER BY next_attempt_at LIMIT ${String(batch)}`,
    [now],
  );
  for (const { provider, token, attempts } of due) {
    try {
      await kitOf(ctx).providers.get(provider)?.removeMethod?.(token);
      await ctx.db.query('DELETE FROM payment_method_removal WHERE provider = $1 AND token = $2', [
        provider,
        token,
      ]);
    } catch (error) {
      ctx.log.warn({ err: error, provider }, 'payment-method.not-removed');
      const delayMs = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(attempts, 20));
      await ctx.db.query(
        `UPDATE payment_method_removal SET attempts = attempts + 1, next_attempt_at = $3 WHERE provider = $1 AND token = $2`,
        [provider, token, new Date(now.getTime() + delayMs)],
      );
    }
  }
};

export const agreeWithProviders = defineJob({
  name: 'payments.agree-on-payment-methods',
  input: z.object({}),
  attempts: 1, // the next run does what this one could not
  timeoutMs: 120_000,
  concurrency: 1,
  everyMs: 30_000,
  run: async ({ ctx }) => {
    await removeMethods(ctx);
    await describeMethods(ctx);
    await ctx.db.query(
      `DELETE FROM payment_method_setup WHERE created_at < $1::timestamptz - interval '30 days'`,
      [ctx.deps.now()],
    );
  },
});
