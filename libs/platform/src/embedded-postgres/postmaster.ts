import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { clusterName, readLockFile } from './leftovers';
import { asUser, type ServerUser } from './server-user';
import { asArguments, type Settings } from './settings';
import { watchOver } from './watchdog';

export interface LaunchPlan {
  readonly postgres: string;
  readonly cluster: string;
  readonly user: ServerUser;
  readonly settings: Settings;
  readonly logFile: string;
}

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<void>;
  stop(withinMs: number): Promise<void>;
}

const startTimeoutMs = 180_000;
/** Kept for the second, harder way to stop. */
const hardStopMs = 500;

/** Starts the server and waits until it takes connections. Without a `port`, on one that is free. */
export const launchPostmaster = async (plan: LaunchPlan, port?: number): Promise<Postmaster> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launchOn(plan, port ?? (await freePort()));
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      // Between asking for a free port and using it, another process may take it; and the children of a
      // killed postmaster may need a moment to go.
      const isPassing =
        (port === undefined && message.includes('could not bind')) ||
        message.includes('pre-existing shared memory block');
      if (!isPassing || attempt === 10) throw error;
      await delay(100 * attempt);
    }
  }
};

const launchOn = async (plan: LaunchPlan, port: number): Promise<Postmaster> => {
  const log = await openLog(plan.logFile);
  const { size: logStart } = await log.stat();
  const settings = { ...plan.settings, port, cluster_name: clusterName(plan.cluster) };
  const child = spawn(plan.postgres, ['-D', plan.cluster, ...asArguments(settings)], {
    ...asUser(plan.user),
    // Its own session: Ctrl-C at the terminal is for us, and we end it last.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  watchOver(child, { signal: 'INT', user: plan.user });
  if (!(await becomesReady(plan.cluster, child))) {
    child.kill('SIGQUIT');
    await exited;
    throw new Error(`PostgreSQL did not start: ${await logSince(plan.logFile, logStart)}`);
  }
  child.unref();
  return {
    pid: child.pid ?? 0,
    port,
    exited,
    stop: (withinMs) => stopProcess(child, exited, withinMs),
  };
};

const becomesReady = async (cluster: string, child: ChildProcess): Promise<boolean> => {
  const deadline = Date.now() + startTimeoutMs;
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const { pid, isReady } = await readLockFile(cluster);
    if (isReady && pid === child.pid) return true;
    if (Date.now() > deadline) return false;
    await delay(5);
  }
  return false;
};

/** Sessions are cut and everything is written; if that takes too long, the next start recovers from the WAL. */
const stopProcess = async (
  child: ChildProcess,
  exited: Promise<void>,
  withinMs: number,
): Promise<void> => {
  child.ref();
  const steps = [
    ['SIGINT', Math.max(withinMs - hardStopMs, hardStopMs)],
    ['SIGQUIT', hardStopMs],
  ] as const;
  for (const [signal, waitMs] of steps) {
    child.kill(signal);
    const timer = new AbortController();
    const isGone = await Promise.race([
      exited.then(() => true),
      delay(waitMs, false, { signal: timer.signal }).catch(() => false),
    ]);
    timer.abort();
    if (isGone) return;
  }
  child.kill('SIGKILL');
  await exited;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
};

const openLog = async (path: string) => {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > 10 * 1024 * 1024) await rename(path, `${path}.1`);
  return open(path, 'a', 0o600);
};

const logSince = async (path: string, start: number): Promise<string> => {
  const written = (await readFile(path)).subarray(start).toString('utf8');
  return written.split('\n').slice(-12).join('\n').trim();
};
