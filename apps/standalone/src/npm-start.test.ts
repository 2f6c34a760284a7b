import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@lyceum/testing';
import { resetDataDirectory } from './data-directory';
import { readRun } from './run-file';
import { freePorts } from './service-plan';

// The command that people type, in processes that are killed. `npm test` has built what it runs.

jest.setTimeout(120_000);

const root = join(__dirname, '../../..');
const base = mkdtempSync(join(tmpdir(), 'lyceum-npm-start-'));
chmodSync(base, 0o755); // or root's server would keep its data elsewhere
const dataDir = join(base, 'data');
const started: ChildProcess[] = [];

afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await waitFor(() => processesOf(dataDir).length === 0);
  await resetDataDirectory(dataDir);
  rmSync(base, { recursive: true });
});

interface Start {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

const start = (
  args: readonly string[],
  command = [process.execPath, 'tools/start/start.mjs'],
): Start => {
  const [program = '', ...first] = command;
  const child = spawn(program, [...first, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...npmsOwn() },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  }
  const ended = once(child, 'exit').then(([code]) => code as number | null); // exit's first argument
  return { child, output: () => text, ended };
};

/** Jest may run below npm; what npm told it is not for a child that has none. */
const npmsOwn = (): NodeJS.ProcessEnv =>
  process.env['npm_config_registry'] === undefined
    ? {}
    : { npm_config_registry: process.env['npm_config_registry'] };

const startFully = async (port: number): Promise<Start> => {
  const run = start(['--no-demo', '--data-dir', dataDir, '--port', String(port)]);
  await waitFor(() => run.output().includes('Ctrl-C stops it.') || run.child.exitCode !== null, {
    timeoutMs: 90_000,
  });
  expect(run.output()).toContain(`http://127.0.0.1:${port}/graphql`);
  return run;
};

/** All processes that belong to a data directory: ours, its server and its watchdog. */
const processesOf = (directory: string): string[] =>
  readdirSync('/proc').flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return /^\d+$/.test(pid) && command.includes(directory) ? [`${pid} ${command}`] : [];
    } catch {
      return [];
    }
  });

const answers = async (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ communities(first: 1) { edges { node { id } } } }"}',
  }).then(
    (response) => response.ok,
    () => false,
  );

describe('npm start', () => {
  it.each([
    ['Ctrl-C', ['SIGINT']],
    ['Ctrl-C that npm passes on as well', ['SIGINT', 'SIGINT']],
    ['SIGTERM', ['SIGTERM']],
  ] as const)('ends cleanly within 5 s on %s, and leaves no process', async (_, signals) => {
    const [port = 0] = await freePorts(1);
    const run = await startFully(port);
    expect(await answers(port)).toBe(true);

    const began = Date.now();
    for (const signal of signals) run.child.kill(signal);
    const code = await run.ended;

    expect(Date.now() - began).toBeLessThan(5_500);
    expect(code).toBe(0);
    expect(run.output()).toContain('Stopped.');
    expect(run.output().split('Stopping …')[1]).not.toContain('warn');
    await waitFor(() => processesOf(dataDir).length === 0);
  });

  it('recovers by itself after kill -9', async () => {
    const [port = 0] = await freePorts(1);
    const first = await startFully(port);
    first.child.kill('SIGKILL');
    await first.ended;

    const second = await startFully(port);

    expect(await answers(port)).toBe(true);
    second.child.kill('SIGTERM');
    await second.ended;
  });

  it('ends when the npm that started it is killed, and the next start waits for that', async () => {
    const [port = 0] = await freePorts(1);
    const args = ['start', '--', '--no-demo', '--data-dir', dataDir, '--port', String(port)];
    const npm = start(args, ['npm']);
    await waitFor(() => npm.output().includes('Ctrl-C stops it.'), { timeoutMs: 90_000 });
    const platform = await readRun(dataDir);
    npm.child.kill('SIGKILL');
    await npm.ended;

    const next = await startFully(port);

    expect((await readRun(dataDir))?.pid).not.toBe(platform?.pid);
    next.child.kill('SIGTERM');
    await next.ended;
  });

  it('says which port is taken and how to choose another, before it starts anything', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number }; // a TCP server's

    const run = start(['--data-dir', join(base, 'unused'), '--port', String(port)]);

    expect(await run.ended).toBe(1);
    expect(run.output()).toContain(`Port ${port} is taken`);
    expect(run.output()).toContain('--port');
    expect(run.output()).not.toContain('    at ');
    expect(readdirSync(join(base, 'unused'))).toEqual([]);
    other.close();
  });

  it.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'x'], '--port wants a number'],
    [['now'], 'Unexpected argument "now"'],
  ])('refuses %j with the reason', async (args, reason) => {
    const run = start(args);

    expect(await run.ended).toBe(1);
    expect(run.output()).toContain(reason);
    expect(run.output()).not.toContain('    at ');
  });
});
