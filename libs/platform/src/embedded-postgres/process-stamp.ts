import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A name for the process that has this pid now: the pid and the moment it started, because pids are used
 * again. `null` when there is no such process, or only its zombie.
 */
export const processStamp = (pid: number): string | null => {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  return process.platform === 'linux' ? stampFromProc(pid) : stampFromPs(pid);
};

/** Whether the process that was given this stamp still runs. */
export const isStampAlive = (stamp: string): boolean =>
  processStamp(Number.parseInt(stamp, 10)) === stamp;

const stampFromProc = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name is in brackets and may hold anything, brackets included: fields are counted from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    return state === 'Z' || state === 'X' ? null : `${pid}:${fields[19]}`;
  } catch {
    return null;
  }
};

const stampFromPs = (pid: number): string | null => {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [state = '', ...started] = line.trim().split(/\s+/);
    return state === '' || state.startsWith('Z') ? null : `${pid}:${started.join('-')}`;
  } catch {
    return null;
  }
};
