import type { VerifiedToken } from '@lyceum/platform';
import type { Origin } from '../caller';
import type { Settings } from '../options';

export interface Introduction {
  readonly requestId: string;
  readonly authorization: string | undefined;
  readonly origin: Origin;
  /** What the header was found to say. */
  readonly token: VerifiedToken;
}

/** Someone with a stream or a socket open, and the token that allows it. */
export class Client {
  readonly requestId: string;
  readonly authorization: string | undefined;
  readonly origin: Origin;
  private token: VerifiedToken;
  private verifiedAtMs: number;

  constructor(
    introduction: Introduction,
    private readonly settings: Settings,
  ) {
    this.requestId = introduction.requestId;
    this.authorization = introduction.authorization;
    this.origin = introduction.origin;
    this.token = introduction.token;
    this.verifiedAtMs = settings.now();
  }

  /**
   * Clients with equal rights get equal answers, so they may share one upstream. The account is part of
   * the rights: a field may depend on who looks at it.
   */
  get rights(): string {
    const { actor } = this.token;
    if (actor.kind === 'anonymous') return 'anonymous';
    if (actor.kind === 'service') return `service:${actor.name}`;
    return `account:${actor.accountId}:${[...actor.scopes].sort().join(' ')}`;
  }

  get expiresAtMs(): number {
    return this.token.expiresAtMs;
  }

  /** Looks at the clock at every event, and asks the verifier again from time to time. */
  async isAuthorised(): Promise<boolean> {
    const nowMs = this.settings.now();
    if (this.token.expiresAtMs <= nowMs) return false;
    if (nowMs - this.verifiedAtMs < this.settings.subscriptionLimits.recheckTokenMs) return true;
    this.verifiedAtMs = nowMs;
    try {
      this.token = await this.settings.options.verifyToken(this.authorization);
      return true;
    } catch {
      return false;
    }
  }

  /** Calls back when the token ends, or the session that it is of; the returned function forgets it. */
  onExpiry(callback: () => void): () => void {
    const { actor, expiresAtMs } = this.token;
    const forgetSession =
      actor.kind === 'user'
        ? this.settings.options.revocations?.onRevoked(actor.sessionId, callback)
        : undefined;
    const waitMs = expiresAtMs - this.settings.now();
    if (waitMs > maxTimerMs) return () => forgetSession?.(); // no token, or one that outlives any connection
    const timer = setTimeout(callback, Math.max(0, waitMs));
    return () => {
      clearTimeout(timer);
      forgetSession?.();
    };
  }
}

const maxTimerMs = 2 ** 31 - 1;
