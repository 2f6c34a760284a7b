import { performance } from 'node:perf_hooks';

const isTerminal = process.stdout.isTTY === true;
const barWidth = 28;

export const say = (text = '') => void process.stdout.write(`${text}\n`);

/** A person reads this: what is wrong and what to do. Bugs keep their stack. */
export class Complaint extends Error {}

/** Ends the process with the error: a complaint as it is, anything else in full. */
export const fail = (error) => {
  process.stderr.write(
    `\n${error?.constructor?.name === 'Complaint' ? error.message : (error?.stack ?? error)}\n`,
  );
  process.exit(1);
};

/**
 * A line that shows how far something is: redrawn on a terminal, elsewhere (a log file, CI) a new line now and
 * then. `update(done, total)` as often as one likes; `end(outcome)` once.
 */
export const progressLine = (title) => {
  const began = performance.now();
  let drawnAt = -Infinity;
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  const draw = (text) => process.stdout.write(isTerminal ? `\r\x1b[2K  ${text}` : `  ${text}\n`);
  draw(`${title} …`);
  return {
    update(done, total) {
      const now = performance.now();
      if (now - drawnAt < (isTerminal ? 80 : 5_000)) return;
      drawnAt = now;
      const share = Math.min(1, done / Math.max(1, total));
      const filled = Math.round(share * barWidth);
      const bar = isTerminal ? `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ` : '';
      draw(`${title} ${bar}${Math.floor(share * 100)} %  ${seconds()}`);
    },
    end(outcome = 'done') {
      draw(`${title}: ${outcome} (${seconds()})${isTerminal ? '\n' : ''}`);
    },
    fail() {
      if (isTerminal) process.stdout.write('\n');
    },
  };
};
