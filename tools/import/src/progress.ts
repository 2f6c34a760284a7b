import { Presets, SingleBar } from 'cli-progress';

/** Shows how far a command is: a bar a phase on a terminal, a line a phase elsewhere. */
export interface Progress {
  phase(name: string, total: number): Phase;
  say(line: string): void;
}

export interface Phase {
  update(done: number): void;
  /** With what there is to say about it. */
  end(summary?: string): void;
}

export const terminalProgress = (out: NodeJS.WriteStream = process.stdout): Progress => ({
  phase: (name, total) => (out.isTTY ? barPhase(out, { name, total }) : linePhase(out, name)),
  say: (line) => {
    out.write(`${line}\n`);
  },
});

export const silentProgress: Progress = {
  phase: () => ({ update: () => undefined, end: () => undefined }),
  say: () => undefined,
};

const nameWidth = 22;

const barPhase = (
  stream: NodeJS.WriteStream,
  { name, total }: { name: string; total: number },
): Phase => {
  const format = `  ${name.padEnd(nameWidth)} {bar} {percentage}%  {note}`;
  const bar = new SingleBar({ format, stream, hideCursor: true, fps: 8 }, Presets.shades_classic);
  bar.start(Math.max(total, 1), 0, { note: '' });
  return {
    update: (done) => {
      bar.update(done);
    },
    end: (summary = '') => {
      bar.update(Math.max(total, 1), { note: summary });
      bar.stop();
    },
  };
};

const linePhase = (out: NodeJS.WriteStream, name: string): Phase => {
  const startedAt = performance.now();
  return {
    update: () => undefined,
    end: (summary = '') => {
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      out.write(`  ${name.padEnd(nameWidth)} ${seconds.padStart(6)} s  ${summary}\n`);
    },
  };
};
