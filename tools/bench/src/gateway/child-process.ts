import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** A process of the bench that serves something, and tells what it has used. */
export interface Served {
  readonly ports: readonly number[];
  /** CPU milliseconds since it started. */
  cpuMs(): Promise<number>;
  /** What it counts: calls, for the subgraphs. */
  count(): Promise<number>;
  stop(): Promise<void>;
}

interface Report {
  readonly cpuMs: number;
  readonly count: number;
}

/**
 * Starts one of this folder's processes and waits until it listens. With `core`, on that core alone, where
 * the system has a way to say so: a contender must not take its load generator's time.
 */
export const startProcess = async (
  name: string,
  options: { readonly core?: number; readonly input?: unknown },
): Promise<Served> => {
  const child = fork(join(__dirname, `${name}-process`), {
    env: { ...process.env, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: 'true' },
  });
  if (options.core !== undefined) pin(child, options.core);
  child.send({ input: options.input });
  const ports = await messageFrom<{ ports: number[] }>(child);
  const report = async (): Promise<Report> => {
    child.send('report');
    return messageFrom<Report>(child);
  };
  return {
    ...ports,
    cpuMs: async () => (await report()).cpuMs,
    count: async () => (await report()).count,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          resolve();
        });
        child.kill('SIGKILL');
      }),
  };
};

const pin = (child: ChildProcess, core: number): void => {
  if (process.platform !== 'linux' || cpus().length < 2) return;
  spawnSync('taskset', ['-a', '-c', '-p', String(core), String(child.pid)]);
};

const messageFrom = <Message>(child: ChildProcess): Promise<Message> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null): void => {
      reject(new Error(`a process of the bench ended with ${String(code)}`));
    };
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as Message); // our own processes send nothing else
    });
  });

/** The other side: serves, then answers the questions of the bench until it is killed. */
export const serveAsChild = (
  serve: (input: never) => Promise<{ ports: readonly number[]; count?: () => number }>,
): void => {
  const send = (message: unknown): void => {
    process.send?.(message);
  };
  process.once('message', (message) => {
    const { input } = message as { input: never }; // from `startProcess`
    void serve(input).then(({ ports, count }) => {
      process.on('message', () => {
        const { user, system } = process.cpuUsage();
        send({ cpuMs: (user + system) / 1000, count: count?.() ?? 0 });
      });
      send({ ports });
    });
  });
  process.once('disconnect', () => process.exit(0));
};
