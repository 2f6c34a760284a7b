import { inTransaction, serviceContext, type Deps } from '@lyceum/platform';
import type { Outcome } from './judge';
import { postTransfers } from './post-transfers';
import { assertTransfer, type Transfer } from './transfer';

export interface BatcherOptions {
  /** Transfers in one transaction at most. */
  readonly maxBatch?: number;
  /** How long the first of a batch waits for others. */
  readonly windowMs?: number;
  /** Transactions at once. */
  readonly concurrency?: number;
}

interface Waiting {
  readonly transfer: Transfer;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Posts transfers of many callers together: a hundred in one transaction cost little more than one. Each caller gets
 * the outcome of its own transfer, when it is committed; one that is refused does not keep the others from being
 * posted. For callers whose transfer is all that they change: who changes more posts in a transaction of its own.
 */
export class TransferBatcher {
  private readonly waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  private running = 0;
  private readonly maxBatch: number;
  private readonly windowMs: number;
  private readonly concurrency: number;

  constructor(
    private readonly deps: Deps,
    { maxBatch = 100, windowMs = 2, concurrency = 4 }: BatcherOptions = {},
  ) {
    this.maxBatch = maxBatch;
    this.windowMs = windowMs;
    this.concurrency = concurrency;
  }

  /** Throws at once for what is no transfer. */
  post(transfer: Transfer): Promise<Outcome> {
    assertTransfer(transfer);
    return new Promise((resolve, reject) => {
      this.waiting.push({ transfer, resolve, reject });
      if (this.waiting.length >= this.maxBatch) this.flush();
      else
        this.timer ??= setTimeout(() => {
          this.flush();
        }, this.windowMs);
    });
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.running < this.concurrency && this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.maxBatch);
      this.running += 1;
      void this.run(batch).finally(() => {
        this.running -= 1;
        if (this.waiting.length > 0) this.flush();
      });
    }
  }

  private async run(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await inTransaction(serviceContext(this.deps, 'ledger'), (tx) =>
        postTransfers(
          tx,
          batch.map(({ transfer }) => transfer),
        ),
      );
      batch.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index];
        if (outcome === undefined) reject(new Error('a transfer without an outcome'));
        else resolve(outcome);
      });
    } catch (error) {
      // One that names no account spoils its batch: alone, only itself.
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const one of batch) await this.run([one]);
    }
  }
}
