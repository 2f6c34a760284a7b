import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** An import as people run it: a process of its own, that can be killed. */
export interface ImportProcess {
  readonly child: ChildProcess;
  /** Settles once the output matches, or the process ends. */
  until(pattern: RegExp): Promise<void>;
  /** The exit code, or null after a kill. */
  readonly ended: Promise<number | null>;
  output(): string;
}

export interface Databases {
  readonly identity: string;
  readonly content: string;
  readonly reputation: string;
}

const program = `
const { main } = require(process.env.MAIN);
main(process.argv.slice(1)).then((code) => {
  process.stdout.write('peak ' + process.resourceUsage().maxRSS + ' kB\\n', () => process.exit(code));
});`;

export const startImport = (databases: Databases, args: readonly string[]): ImportProcess => {
  const node = [
    '--max-old-space-size=192',
    '-C',
    '@lyceum/source',
    '-r',
    join(__dirname, 'typescript.cjs'),
  ];
  const child = spawn(process.execPath, [...node, '-e', program, '--', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      MAIN: join(__dirname, '../main.ts'),
      IDENTITY_DATABASE_URL: databases.identity,
      CONTENT_DATABASE_URL: databases.content,
      REPUTATION_DATABASE_URL: databases.reputation,
    },
  });
  let text = '';
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const listen = (chunk: Buffer) => {
    text += chunk.toString();
    child.emit('text');
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  return {
    child,
    ended,
    output: () => text,
    until: async (pattern) => {
      while (!pattern.test(text) && child.exitCode === null && child.signalCode === null) {
        await Promise.race([once(child, 'text'), ended]);
      }
    },
  };
};
