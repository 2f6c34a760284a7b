import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { Log } from './log';

/** How signals get from process to process. */
export interface Transport {
  send(topics: readonly string[]): Promise<void>;
  /** Resolves when signals can be heard. */
  listening(): Promise<void>;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly log: Log;
  readonly deliver: (topic: string) => void;
  /** Called when signals may have been missed, because the connection was away. */
  readonly deliverAll: () => void;
}

const channel = 'lyceum_signals';
const reconnectMs = 500;

export const redisTransport = (url: string, options: TransportOptions): Transport => {
  const publisher = new Redis(url, { maxRetriesPerRequest: 1, lazyConnect: true });
  const subscriber = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
  for (const redis of [publisher, subscriber]) {
    redis.on('error', (error) => {
      options.log.warn({ err: error }, 'signals.connection');
    });
  }
  let subscription: Promise<unknown> | undefined;
  return {
    async send(topics) {
      await Promise.all(topics.map((topic) => publisher.publish(channel, topic)));
    },
    async listening() {
      if (subscription === undefined) {
        subscriber.on('message', (_, topic: string) => {
          options.deliver(topic);
        });
        subscription = subscriber.subscribe(channel).then(() => {
          subscriber.on('ready', options.deliverAll); // from now on it means: connected again
        });
      }
      await subscription;
    },
    close() {
      publisher.disconnect();
      subscriber.disconnect();
      return Promise.resolve();
    },
  };
};

export const postgresTransport = (url: string, options: TransportOptions): Transport =>
  new PostgresTransport(url, options);

/** One connection that sends, and listens once somebody wants to hear. */
class PostgresTransport implements Transport {
  #client: Promise<Client> | undefined;
  #isListening = false;
  #isClosed = false;

  constructor(
    private readonly url: string,
    private readonly options: TransportOptions,
  ) {}

  async send(topics: readonly string[]): Promise<void> {
    const client = await this.#connected();
    await client.query('SELECT pg_notify($1, topic) FROM unnest($2::text[]) AS topic', [
      channel,
      topics,
    ]);
  }

  async listening(): Promise<void> {
    this.#isListening = true;
    const client = await this.#connected();
    await client.query(`LISTEN ${channel}`); // the second time it does nothing
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = await this.#client?.catch(() => undefined);
    await client?.end();
  }

  #connected(): Promise<Client> {
    this.#client ??= this.#connect().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.url,
      keepAlive: true,
      application_name: 'lyceum-signals',
    });
    client.on('notification', ({ payload }) => {
      if (payload !== undefined) this.options.deliver(payload);
    });
    client.on('error', (error) => {
      this.options.log.warn({ err: error }, 'signals.connection');
    });
    client.on('end', () => {
      this.#client = undefined;
      if (this.#isListening) this.#reconnectLater();
    });
    await client.connect();
    return client;
  }

  #reconnectLater(): void {
    setTimeout(() => {
      if (this.#isClosed) return;
      this.listening().then(this.options.deliverAll, () => {
        this.#reconnectLater();
      });
    }, reconnectMs).unref();
  }
}
