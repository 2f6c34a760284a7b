import { setTimeout as delay } from 'node:timers/promises';
import type { Ctx } from '@lyceum/platform';

export interface SnapshotOptions {
  readonly topic: string;
  /** The least time between two states; signals that come meanwhile are one. */
  readonly throttleMs?: number;
  /** Whether to read a state before the first signal. */
  readonly isFirstAtOnce?: boolean;
}

/**
 * A stream of states: reads one after each signal, until the client goes or its token ends. Closing
 * works at once, also while the stream waits for a signal.
 */
export const snapshots = <State>(
  ctx: Ctx,
  { topic, throttleMs = 0, isFirstAtOnce = false }: SnapshotOptions,
  read: () => Promise<State | null>,
): AsyncIterableIterator<State> => {
  const ended = new AbortController();
  const wakeUps = ctx.deps.signals.listen(topic, ended.signal);
  const expiry = endWithToken(ctx, ended);
  // Listening begins before the first state is read: what changes meanwhile wakes the stream.
  let next: Promise<IteratorResult<void>> | null = wakeUps.next();
  let isFirst = isFirstAtOnce;
  let lastAtMs = -Infinity;

  const close = async (): Promise<IteratorReturnResult<undefined>> => {
    clearTimeout(expiry);
    ended.abort();
    await wakeUps.return?.();
    return { done: true, value: undefined };
  };
  const woken = async (): Promise<boolean> => {
    if (isFirst) {
      isFirst = false;
      return true;
    }
    const { done } = await (next ?? wakeUps.next());
    next = null;
    const leftMs = lastAtMs + throttleMs - performance.now();
    if (done !== true && leftMs > 0)
      await delay(leftMs, undefined, { signal: ended.signal }).catch(() => undefined);
    return done !== true && !ended.signal.aborted;
  };
  return {
    async next() {
      for (;;) {
        if (!(await woken())) return close();
        // What the request has read belongs to the previous state.
        ctx.loaders.clear();
        const state = await read();
        if (state === null) continue;
        lastAtMs = performance.now();
        return { done: false, value: state };
      }
    },
    return: close,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

const endWithToken = (ctx: Ctx, ended: AbortController): NodeJS.Timeout | undefined => {
  if (!Number.isFinite(ctx.expiresAtMs)) return undefined;
  const leftMs = ctx.expiresAtMs - ctx.deps.now().getTime();
  return setTimeout(() => ended.abort(), Math.max(0, leftMs)).unref();
};
