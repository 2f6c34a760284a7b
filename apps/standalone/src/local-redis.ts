import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { watchOver } from '@lyceum/platform/embedded-postgres';
import { Complaint } from './complaint';
import { freePorts } from './service-plan';

export interface LocalRedis {
  readonly url: string;
  stop(): Promise<void>;
}

export const hasRedisServer = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of ours, as durable as one for queues should be. */
export const startLocalRedis = async (directory: string): Promise<LocalRedis> => {
  await mkdir(directory, { recursive: true });
  const [port = 0] = await freePorts(1);
  const options = {
    port: String(port),
    bind: '127.0.0.1',
    dir: directory,
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    logfile: 'redis.log',
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', flags, { detached: true, stdio: 'ignore' });
  const exit = once(child, 'exit');
  watchOver(child, { signal: 'TERM' });
  while (!(await answers(port))) {
    if (child.exitCode !== null)
      throw new Complaint(`redis-server does not start; see ${directory}/redis.log`);
    await delay(20);
  }
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
};

const answers = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return reply.toString().startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};
