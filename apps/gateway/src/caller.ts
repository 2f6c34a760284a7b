export interface Origin {
  readonly address: string;
  readonly userAgent: string | undefined;
}

/** On whose behalf subgraphs are asked: one client request, or one event of a subscription. */
export interface Caller {
  readonly requestId: string;
  /** The client's `Authorization` header, forwarded as it came. */
  readonly authorization: string | undefined;
  /** Where the client is and what it says it is; identity shows them in lists of sessions, and limits by them. */
  readonly origin?: Origin | undefined;
  /** Unix milliseconds after which nobody waits for the answer any more. */
  readonly deadlineAtMs: number;
  /** Aborts when the client has gone away. Mutations run to their end all the same. */
  readonly gone: Departure;
}

/**
 * Tells calls under way that their client has left. A set of callbacks, because adding a listener to an
 * AbortSignal for each of a request's subgraph calls costs more than the calls' own bookkeeping.
 */
export class Departure {
  private listeners: Set<() => void> | undefined;
  private isOver = false;

  /** Runs the listener when the client leaves; the returned function forgets it. */
  onLeave(listener: () => void): () => void {
    if (this.isOver) {
      listener();
      return () => undefined;
    }
    const listeners = (this.listeners ??= new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  leave(): void {
    if (this.isOver) return;
    this.isOver = true;
    const listeners = this.listeners;
    this.listeners = undefined;
    for (const listener of listeners ?? []) listener();
  }
}
