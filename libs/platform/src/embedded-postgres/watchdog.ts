import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { asUser, type ServerUser } from './server-user';

/**
 * Sees to it that a child does not outlive us, even after `kill -9`: a shell that waits for the end of its input,
 * which comes when we end, however we end. If no line precedes it, the child is still there, and gets the signal.
 */
export const watchOver = (
  child: ChildProcess,
  { signal, user = null }: { signal: 'INT' | 'TERM'; user?: ServerUser },
): void => {
  const script = 'read -r line || kill -$2 "$1"';
  const watchdog = spawn('/bin/sh', ['-c', script, 'lyceum-watchdog', String(child.pid), signal], {
    ...asUser(user),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const { stdin } = watchdog;
  stdin.on('error', () => undefined);
  watchdog.on('error', () => undefined);
  watchdog.unref();
  (stdin as Socket).unref(); // the pipe is a socket to Node, and would keep us alive
  child.once('exit', () => stdin.end('\n'));
};
