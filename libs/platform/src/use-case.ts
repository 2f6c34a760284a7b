import type { Ctx, Tx } from './context';
import { UserError } from './errors';
import { wakeRelay, writeOutbox, type PendingEvent } from './outbox/outbox';
import type { EntityManager } from 'typeorm';

/** Carries a refusal past the rollback; never leaves this file. */
class Refused extends Error {
  constructor(readonly outcome: UserError) {
    super('refused');
  }
}

const retryableStates = new Set(['40001', '40P01']); // serialization failure, deadlock
const attempts = 3;

/**
 * Turns a function into one transaction. What it emits is committed with what it changes; a returned
 * UserError, and any throw, rolls everything back. Deadlocks and serialization failures are tried again.
 */
export const useCase =
  <Input, Outcome>(run: (tx: Tx, input: Input) => Promise<Outcome>) =>
  (ctx: Ctx, input: Input): Promise<Outcome> =>
    inTransaction(ctx, (tx) => run(tx, input));

/** The transaction behind use cases and consumers. */
export const inTransaction = async <Outcome>(
  ctx: Ctx,
  run: (tx: Tx) => Promise<Outcome>,
): Promise<Outcome> => {
  for (let attempt = 1; ; attempt += 1) {
    const afterCommit: (() => void)[] = [];
    try {
      const outcome = await ctx.deps.dataSource.transaction(async (db) => {
        const events: PendingEvent[] = [];
        const result = await run(createTx(ctx, db, { events, afterCommit }));
        if (result instanceof UserError) throw new Refused(result);
        await writeOutbox(db, events);
        if (events.length > 0) afterCommit.push(() => wakeRelay(ctx.deps.dataSource));
        return result;
      });
      for (const action of afterCommit) action();
      return outcome;
    } catch (error) {
      // The refusal was made by `run`, so it is one of its outcomes.
      if (error instanceof Refused) return error.outcome as Outcome;
      if (attempt < attempts && retryableStates.has(sqlState(error))) continue;
      throw error;
    }
  }
};

/** The SQLSTATE of a failed query, or ''. */
export const sqlState = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const createTx = (
  ctx: Ctx,
  db: EntityManager,
  buffers: { events: PendingEvent[]; afterCommit: (() => void)[] },
): Tx => {
  const now = ctx.deps.now();
  return {
    actor: ctx.actor,
    db,
    now,
    log: ctx.log,
    requestId: ctx.requestId,
    // Buffered and written in one statement at the end: a use case may emit hundreds.
    emit: (type, payload, options = {}) => {
      const parsed = type.payload.parse(payload);
      buffers.events.push({
        type,
        payload: parsed,
        occurredAt: options.occurredAt ?? now,
        requestId: ctx.requestId,
      });
      return Promise.resolve();
    },
    afterCommit: (action) => {
      buffers.afterCommit.push(action);
    },
  };
};
