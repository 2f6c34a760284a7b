import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { Log } from './log';

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

const channel = 'lyceum_signals';
/** Signals of the same topic within this time are one: a burst must not become a storm. */
const mergeMs = 20;

export const createSignals = (server: SignalServer, log: Log): Signals => {
  const listeners = new Map<string, Set<() => void>>();
  const transport =
    'redisUrl' in server
      ? redisTransport(server.redisUrl, { log, deliver })
      : postgresTransport(server.postgresUrl, { log, deliver });
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function deliver(topic: string): void {
    for (const wake of listeners.get(topic) ?? []) wake();
  }

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

interface Transport {
  send(topics: readonly string[]): Promise<void>;
  /** Resolves when signals can be heard. */
  listening(): Promise<void>;
  close(): Promise<void>;
}
interface TransportOptions {
  readonly log: Log;
  readonly deliver: (topic: string) => void;
}

const redisTransport = (url: string, { log, deliver }: TransportOptions): Transport => {
  const publisher = new Redis(url, { maxRetriesPerRequest: 1, lazyConnect: true });
  const subscriber = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
  for (const redis of [publisher, subscriber]) {
    redis.on('error', (error) => log.warn({ err: error }, 'signals.connection'));
  }
  let subscription: Promise<void> | undefined;
  return {
    async send(topics) {
      await Promise.all(topics.map((topic) => publisher.publish(channel, topic)));
    },
    listening() {
      subscription ??= (async () => {
        subscriber.on('message', (_, topic: string) => deliver(topic));
        await subscriber.subscribe(channel);
      })();
      return subscription;
    },
    close() {
      publisher.disconnect();
      subscriber.disconnect();
      return Promise.resolve();
    },
  };
};

const reconnectMs = 500;

const postgresTransport = (
  connectionString: string,
  { log, deliver }: TransportOptions,
): Transport => {
  let client: Promise<Client> | undefined;
  let isListening = false;
  let isClosed = false;

  const connect = async (): Promise<Client> => {
    const fresh = new Client({
      connectionString,
      keepAlive: true,
      application_name: 'lyceum-signals',
    });
    fresh.on('notification', ({ payload }) => {
      if (payload !== undefined) deliver(payload);
    });
    fresh.on('error', (error) => log.warn({ err: error }, 'signals.connection'));
    fresh.on('end', () => {
      client = undefined;
      if (isListening && !isClosed) setTimeout(reconnect, reconnectMs).unref();
    });
    await fresh.connect();
    if (isListening) await fresh.query(`LISTEN ${channel}`);
    return fresh;
  };
  const connected = (): Promise<Client> => {
    client ??= connect().catch((error: unknown) => {
      client = undefined;
      throw error;
    });
    return client;
  };
  const reconnect = (): void => {
    if (isClosed) return;
    connected().catch(() => setTimeout(reconnect, reconnectMs).unref());
  };

  return {
    async send(topics) {
      const open = await connected();
      await open.query(`SELECT pg_notify($1, topic) FROM unnest($2::text[]) AS topic`, [
        channel,
        topics,
      ]);
    },
    async listening() {
      if (isListening) {
        await connected();
        return;
      }
      isListening = true;
      await (await connected()).query(`LISTEN ${channel}`);
    },
    async close() {
      isClosed = true;
      await (await client?.catch(() => undefined))?.end();
    },
  };
};
