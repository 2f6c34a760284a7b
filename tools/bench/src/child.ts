import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export const root = join(__dirname, '..', '..', '..');

/** Runs one of the project's commands to its end; its standard output, or an error with all it said. */
export const runToEnd = (
  script: string,
  args: readonly string[],
): Promise<{ output: string; seconds: number }> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve({ output, seconds: (performance.now() - startedAt) / 1000 });
      else reject(new Error(`${script} ended with ${String(code)}:\n${output}`));
    });
  });

/** Starts the platform and waits for the answer to its first federated query. */
export const startPlatform = async (
  dataDir: string,
  options: { port: number; args?: readonly string[] },
): Promise<{ seconds: number; stop(): Promise<void> }> => {
  const startedAt = performance.now();
  const args = ['--data-dir', dataDir, '--port', String(options.port), ...(options.args ?? [])];
  const child = spawn(process.execPath, [join(root, 'tools/start/start.mjs'), ...args], {
    cwd: root,
    stdio: 'ignore',
  });
  while (!(await answers(options.port))) {
    if (child.exitCode !== null) throw new Error('the platform did not start');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { seconds: (performance.now() - startedAt) / 1000, stop: () => ended(child) };
};

/** A query that needs two subgraphs. */
const query =
  '{ communities(first: 1) { edges { node { id slug leaderboard(window: ALL_TIME, first: 1) { edges { node { points } } } } } } }';

const answers = async (port: number): Promise<boolean> => {
  try {
    const response = await fetch(`http://127.0.0.1:${String(port)}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const answer = (await response.json()) as { data?: unknown; errors?: unknown };
    return answer.data != null && answer.errors === undefined;
  } catch {
    return false;
  }
};

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('close', () => {
      resolve();
    });
    child.kill('SIGTERM');
  });
