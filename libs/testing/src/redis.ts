import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** Whether a Redis can be had: yours in `REDIS_URL`, or a `redis-server` on the PATH. */
export const hasRedis = (): boolean =>
  process.env['REDIS_URL'] !== undefined || spawnSync('redis-server', ['--version']).status === 0;

/** `describe` where there is a Redis. A run without one names, in its last lines, what it left out. */
export const describeWithRedis: (name: string, tests: () => void) => void = hasRedis()
  ? describe
  : (name, tests) => describe.skip(`${name} [needs Redis]`, tests);

export interface TestRedis {
  readonly url: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis of the test's own, that it may kill: durable as in production (AOF, every second). */
export const startTestRedis = async (): Promise<TestRedis> => {
  const directory = mkdtempSync(join(tmpdir(), 'lyceum-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${String(port)}`;
  let server: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const settings = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      directory,
      '--save',
      '',
    ];
    const durability = [
      '--appendonly',
      'yes',
      '--appendfsync',
      'everysec',
      '--maxmemory-policy',
      'noeviction',
    ];
    server = spawn('redis-server', [...settings, ...durability], { stdio: 'ignore' });
    await answers(url);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = server;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await ended;
    server = undefined;
  };
  await start();
  return {
    url,
    start,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

const answers = async (url: string): Promise<void> => {
  const redis = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: 200 });
  redis.on('error', () => undefined);
  try {
    await redis.ping();
  } finally {
    redis.disconnect();
  }
};

/** A port nobody listens on at this moment. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
