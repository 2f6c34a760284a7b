import type { Ctx } from '@lyceum/platform';

/**
 * A stream of states: reads one after each signal, until the client goes or its token ends. Closing
 * works at once, also while the stream waits for a signal.
 */
export const snapshots = <State>(
  ctx: Ctx,
  topic: string,
  read: () => Promise<State | null>,
): AsyncIterableIterator<State> => {
  const ended = new AbortController();
  const wakeUps = ctx.deps.signals.listen(topic, ended.signal);
  const expiry = endWithToken(ctx, ended);

  const close = async (): Promise<IteratorReturnResult<undefined>> => {
    clearTimeout(expiry);
    ended.abort();
    await wakeUps.return?.();
    return { done: true, value: undefined };
  };
  return {
    async next() {
      for (;;) {
        const { done } = await wakeUps.next();
        if (done === true) return close();
        // What the request has read belongs to the previous state.
        ctx.loaders.clear();
        const state = await read();
        if (state !== null) return { done: false, value: state };
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
