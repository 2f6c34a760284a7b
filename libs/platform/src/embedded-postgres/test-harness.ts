import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { transformFileSync } from '@swc/core';
import { Client } from 'pg';
import { clusterName } from './leftovers';

/** For this folder's tests: servers of real other processes, that can be killed. */

const root = join(__dirname, '../../../..');

/** Compiles this folder, so that a plain Node can run it, next to the dependencies it needs. */
const compileFolder = (): string => {
  mkdirSync(join(root, 'tmp'), { recursive: true });
  const out = mkdtempSync(join(root, 'tmp', 'embedded-postgres-'));
  chmodSync(out, 0o755);
  for (const name of readdirSync(__dirname)) {
    if (!name.endsWith('.ts') || name.includes('test')) continue;
    const { code } = transformFileSync(join(__dirname, name), {
      configFile: join(root, '.swcrc'),
      sourceMaps: 'inline',
    });
    writeFileSync(join(out, name.replace(/ts$/, 'js')), code);
  }
  writeFileSync(join(out, 'main.js'), main);
  return out;
};

const main = `
const { startEmbeddedPostgres } = require('./index');
const say = (line) => console.log(JSON.stringify(line));
const log = { info() {}, warn: (_, event) => say({ event }), error: (_, event) => say({ event }) };
startEmbeddedPostgres({ ...JSON.parse(process.argv[2]), log }).then(
  (server) => {
    say({ url: server.url('postgres'), pid: server.pid });
    process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));
    setInterval(() => undefined, 60_000);
  },
  (error) => { say({ failed: error.message, name: error.constructor.name }); process.exitCode = 1; },
);`;

export interface Line {
  readonly url?: string;
  readonly pid?: number;
  readonly event?: string;
  readonly failed?: string;
  readonly name?: string;
}

export interface OtherProcess {
  readonly child: ChildProcess;
  readonly lines: readonly Line[];
  /** The line that says how the start went. */
  readonly started: Promise<Line>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export const testHarness = () => {
  const compiled = compileFolder();
  const places: string[] = [];
  const processes: OtherProcess[] = [];

  return {
    /** A directory that other users may enter, as `/home/someone/project` on a machine of one's own. */
    place(name = 'data'): string {
      const base = mkdtempSync(join(tmpdir(), 'lyceum-pg-'));
      chmodSync(base, 0o755);
      places.push(base);
      return join(base, name);
    },
    startElsewhere(options: object, user?: { uid: number; gid: number }): OtherProcess {
      const started = spawnMain(join(compiled, 'main.js'), options, user);
      processes.push(started);
      return started;
    },
    async cleanUp(): Promise<void> {
      for (const { child, kill } of processes) {
        if (child.exitCode === null && child.signalCode === null) await kill('SIGTERM');
      }
      for (const place of [...places, compiled]) rmSync(place, { recursive: true, force: true });
    },
  };
};

const spawnMain = (
  script: string,
  options: object,
  user: { uid: number; gid: number } | undefined,
): OtherProcess => {
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    ...user,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  const started = new Promise<Line>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      lines.push(line);
      if (line.url !== undefined || line.failed !== undefined) resolve(line);
    });
  });
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  return { child, lines, started, kill };
};

export const query = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
};

export const until = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 15_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error('waited 15 s in vain');
    await delay(20);
  }
};

/** Pids of the watchdogs and of all server processes of a cluster. */
export const processesOf = (cluster: string): { server: number[]; all: number[] } => {
  const name = clusterName(cluster);
  const commands = readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return command.includes(name) ? [{ pid: Number(pid), command }] : [];
    } catch {
      return [];
    }
  });
  return {
    server: commands.filter(({ command }) => command.includes(`=${name}`)).map(({ pid }) => pid),
    all: commands.map(({ pid }) => pid),
  };
};

export const watchdogOf = (postmaster: number): number => {
  const found = readdirSync('/proc').find((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return command[3] === 'lyceum-watchdog' && command[4] === String(postmaster);
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error('no watchdog');
  return Number(found);
};
