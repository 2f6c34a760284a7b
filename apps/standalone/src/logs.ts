import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createLog, type Log } from '@lyceum/platform';
import { destination, multistream } from 'pino';

const rotateBytes = 20 * 1024 * 1024;
const repeatMs = 10_000;

export interface FileLog {
  readonly log: Log;
  /** From now on to the file alone: what is said while everything ends is no news to anybody. */
  leaveTerminal(): void;
}

/** JSON lines in a file; warnings also on the terminal, in a form that people read. */
export const createFileLog = (folder: string, terminal: NodeJS.WritableStream): FileLog => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lyceum.log');
  rotate(file);
  const streams = multistream([
    { level: 'info', stream: destination({ dest: file, sync: false }) },
  ]);
  let isOnTerminal = true;
  streams.add({ level: 'warn', stream: forPeople(terminal, () => isOnTerminal) });
  return {
    log: createLog({ name: 'lyceum', destination: streams }),
    leaveTerminal: () => {
      isOnTerminal = false;
    },
  };
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
const forPeople = (terminal: NodeJS.WritableStream, isWanted: () => boolean): Writable => {
  const shownAt = new Map<string, number>();
  return new Writable({
    write(chunk: Buffer, _, done) {
      // A line that pino has just made.
      const { level, msg, err } = JSON.parse(chunk.toString()) as Line;
      const line = `  ${level}: ${msg}${err === undefined ? '' : ` (${err.message})`}\n`;
      if (isWanted() && Date.now() - (shownAt.get(line) ?? 0) > repeatMs) {
        shownAt.set(line, Date.now());
        terminal.write(line);
      }
      done();
    },
  });
};
