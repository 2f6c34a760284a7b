import type { Log } from './log';
import { postgresTransport, redisTransport, type TransportOptions } from './signal-transports';

/**
 * Wake-ups between the processes of one app: "this topic is now at that version". They may be lost or
 * merged, so they carry no truth; who hears one reads the current state.
 */
export interface Signals {
  publish(topic: string): void;
  /** Yields once per wake-up, merged while the listener is busy; ends with `signal`. */
  listen(topic: string, signal: AbortSignal): AsyncIterableIterator<void>;
  close(): Promise<void>;
}

export type SignalServer = { readonly redisUrl: string } | { readonly postgresUrl: string };

/** Signals of the same topic within this time are one: a burst must not become a storm. */
const mergeMs = 20;

export const createSignals = (server: SignalServer, log: Log): Signals => {
  const listeners = new Map<string, Set<() => void>>();
  const options: TransportOptions = {
    log,
    deliver: (topic) => {
      for (const wake of listeners.get(topic) ?? []) wake();
    },
    deliverAll: () => {
      for (const topic of listeners.keys()) options.deliver(topic);
    },
  };
  const transport =
    'redisUrl' in server
      ? redisTransport(server.redisUrl, options)
      : postgresTransport(server.postgresUrl, options);
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const flush = (): void => {
    timer = undefined;
    const topics = [...pending];
    pending.clear();
    transport
      .send(topics)
      .catch((error: unknown) => log.warn({ err: error }, 'signals.send-failed'));
  };

  return {
    publish(topic) {
      if (isClosed) return;
      pending.add(topic);
      timer ??= setTimeout(flush, mergeMs);
    },
    listen: (topic, signal) => listenTo(listeners, { topic, signal, ready: transport.listening() }),
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await transport.close();
    },
  };
};

async function* listenTo(
  listeners: Map<string, Set<() => void>>,
  { topic, signal, ready }: { topic: string; signal: AbortSignal; ready: Promise<void> },
): AsyncIterableIterator<void> {
  let isSignalled = false;
  let wakeUp: (() => void) | undefined;
  const wake = (): void => {
    isSignalled = true;
    wakeUp?.();
  };
  const own = listeners.get(topic) ?? new Set();
  listeners.set(topic, own.add(wake));
  signal.addEventListener('abort', wake);
  try {
    await ready;
    for (;;) {
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set by `wake`
      if (!isSignalled) await new Promise<void>((resolve) => (wakeUp = resolve));
      if (signal.aborted) return;
      isSignalled = false;
      yield;
    }
  } finally {
    signal.removeEventListener('abort', wake);
    own.delete(wake);
    if (own.size === 0) listeners.delete(topic);
  }
}
