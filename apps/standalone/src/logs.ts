import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createLog, type Log } from '@lyceum/platform';
import { destination, multistream } from 'pino';

const rotateBytes = 20 * 1024 * 1024;
const repeatMs = 10_000;

/** JSON lines in a file; warnings also on the terminal, in a form that people read. */
export const createFileLog = (folder: string, terminal: NodeJS.WritableStream): Log => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lyceum.log');
  rotate(file);
  return createLog({
    name: 'lyceum',
    destination: multistream([
      { level: 'info', stream: destination({ dest: file, sync: false }) },
      { level: 'warn', stream: forPeople(terminal) },
    ]),
  });
};

const rotate = (file: string): void => {
  try {
    if (statSync(file).size > rotateBytes) renameSync(file, `${file}.1`);
  } catch {
    // There is none yet.
  }
};

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly err?: { readonly message: string };
}

/** The same line again and again, as while a server is away, is shown every ten seconds. */
const forPeople = (terminal: NodeJS.WritableStream): Writable => {
  const shownAt = new Map<string, number>();
  return new Writable({
    write(chunk: Buffer, _, done) {
      // A line that pino has just made.
      const { level, msg, err } = JSON.parse(chunk.toString()) as Line;
      const line = `  ${level}: ${msg}${err === undefined ? '' : ` (${err.message})`}\n`;
      if (Date.now() - (shownAt.get(line) ?? 0) > repeatMs) {
        shownAt.set(line, Date.now());
        terminal.write(line);
      }
      done();
    },
  });
};
