import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { processStamp } from './process-stamp';

/** Stands in the title of every process of a cluster's server, so that they can be found without privileges. */
export const clusterName = (cluster: string) =>
  `lyceum-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`;

/**
 * Ends what a killed parent left of this cluster's server, and makes its lock file harmless. Only the holder
 * of the data directory's lock may call this.
 */
export const stopLeftovers = async (cluster: string): Promise<{ stopped: number }> => {
  const found = await serverProcesses(cluster);
  for (const { signal, waitMs } of stopSteps) {
    const remaining = await serverProcesses(cluster);
    if (remaining.length === 0) break;
    const postmasters = remaining.filter((process) => process.isPostmaster);
    // A postmaster ends its children. Children whose postmaster is dead end by themselves, mostly at once.
    const isOrphaned = postmasters.length === 0;
    const targets = isOrphaned && signal !== 'SIGINT' ? remaining : postmasters;
    for (const { pid } of targets) kill(pid, signal);
    if (await areGone(cluster, isOrphaned ? orphanWaitMs : waitMs)) break;
  }
  const [survivor] = await serverProcesses(cluster);
  if (survivor)
    throw new Error(`The PostgreSQL process ${survivor.pid} uses ${cluster}, and does not end.`);
  await disarmLockFile(cluster);
  return { stopped: found.length };
};

const stopSteps = [
  { signal: 'SIGINT', waitMs: 20_000 },
  { signal: 'SIGQUIT', waitMs: 3_000 },
  { signal: 'SIGKILL', waitMs: 3_000 },
] as const;
const orphanWaitMs = 3_000;

/** The pid in `postmaster.pid`, and whether that server answers by now. */
export const readLockFile = async (cluster: string) => {
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split(
    '\n',
  );
  return { pid: Number(lines[0]), port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
};

/**
 * The pid of a dead server may be another process's by now (after a reboot, and always in containers), or a
 * zombie's, and PostgreSQL would take either for a running server. Our own pid in its place says "stale", and
 * keeps PostgreSQL's other check: that nobody uses the shared memory named in the file.
 */
const disarmLockFile = async (cluster: string): Promise<void> => {
  const path = join(cluster, 'postmaster.pid');
  const content = await readFile(path, 'utf8').catch(() => null);
  if (content !== null) await writeFile(path, content.replace(/^-?\d*/, String(process.pid)));
};

const areGone = async (cluster: string, waitMs: number): Promise<boolean> => {
  const deadline = Date.now() + waitMs;
  for (;;) {
    if ((await serverProcesses(cluster)).length === 0) return true;
    if (Date.now() > deadline) return false;
    await delay(25);
  }
};

const serverProcesses = async (cluster: string) => {
  const name = clusterName(cluster);
  return (await allProcesses()).flatMap(({ pid, command }) => {
    const isPostmaster = command.includes(`cluster_name=${name}`);
    const isChild = command.startsWith(`postgres: ${name}: `);
    const isAlive = (isPostmaster || isChild) && processStamp(pid) !== null;
    return isAlive ? [{ pid, isPostmaster }] : [];
  });
};

const allProcesses = async (): Promise<{ pid: number; command: string }[]> => {
  if (process.platform !== 'linux') return processesFromPs();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = pids.map(async (pid) => ({
    pid: Number(pid),
    command: (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '),
  }));
  return Promise.all(commands);
};

const processesFromPs = async (): Promise<{ pid: number; command: string }[]> => {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,command=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, command] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    return pid && command ? [{ pid: Number(pid), command }] : [];
  });
};

const kill = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in the meantime.
  }
};
