export interface BreakerRules {
  /** How many of the latest calls are looked at. */
  readonly window: number;
  /** Fewer outcomes than this never open the circuit. */
  readonly minCalls: number;
  /** The share of failures from which on the circuit opens. */
  readonly failureRatio: number;
  /** How long calls are refused before one is let through as a probe. */
  readonly openMs: number;
}

export const defaultBreakerRules: BreakerRules = {
  window: 20,
  minCalls: 5,
  failureRatio: 0.5,
  openMs: 500,
};

/**
 * Stops asking a subgraph that does not answer, so that its clients get their partial answer at once
 * instead of after a deadline, and it is not flooded while it starts again.
 */
export class CircuitBreaker {
  private outcomes: boolean[] = [];
  private openedAtMs = -Infinity;
  private isOpen = false;
  private isProbing = false;

  constructor(
    private readonly now: () => number,
    private readonly rules: BreakerRules = defaultBreakerRules,
  ) {}

  /** True when a call may be made; the caller then reports its outcome with `record` or `release`. */
  allows(): boolean {
    if (!this.isOpen) return true;
    if (this.isProbing || this.now() - this.openedAtMs < this.rules.openMs) return false;
    this.isProbing = true;
    return true;
  }

  record(isSuccess: boolean): void {
    if (this.isOpen) {
      this.isProbing = false;
      if (isSuccess) this.close();
      else this.openedAtMs = this.now();
      return;
    }
    this.outcomes.push(isSuccess);
    if (this.outcomes.length > this.rules.window) this.outcomes.shift();
    if (!isSuccess && this.hasFailedTooOften()) this.open();
  }

  /** For a call that ended without telling anything about the subgraph: its client left. */
  release(): void {
    this.isProbing = false;
  }

  private hasFailedTooOften(): boolean {
    const failures = this.outcomes.filter((isSuccess) => !isSuccess).length;
    return (
      this.outcomes.length >= this.rules.minCalls &&
      failures / this.outcomes.length >= this.rules.failureRatio
    );
  }

  private open(): void {
    this.isOpen = true;
    this.openedAtMs = this.now();
    this.outcomes = [];
  }

  private close(): void {
    this.isOpen = false;
    this.outcomes = [];
  }
}
