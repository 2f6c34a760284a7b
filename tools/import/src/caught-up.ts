import { setTimeout as delay } from 'node:timers/promises';
import { Complaint } from '@lyceum/standalone/installation';
import type { DataSource } from 'typeorm';
import type { Progress } from './progress';

/** The databases whose events an import causes, first those that it writes. */
export interface Outboxes {
  readonly identity: DataSource;
  readonly content: DataSource;
  readonly reputation: DataSource;
}

export interface Patience {
  /** Without any progress for so long, nobody is at work. */
  readonly stallMs?: number;
}

const pollMs = 200;
const defaultStallMs = 90_000;

/**
 * Waits until everything that has been told so far has taken effect, and so has what that caused in turn. What
 * others cause meanwhile is not waited for.
 */
export const untilCaughtUp = async (
  outboxes: Outboxes,
  progress: Progress,
  patience: Patience = {},
): Promise<void> => {
  await untilDrained([outboxes.identity, outboxes.content], { name: 'points', progress, patience });
  await untilDrained([outboxes.reputation], { name: 'engagement', progress, patience });
};

/** How many events the consumers of these databases had to give up on. */
export const deadLetters = async (sources: readonly DataSource[]): Promise<number> => {
  const counts = await Promise.all(
    sources.map((source) =>
      source.query<[{ n: number }]>('SELECT count(*)::int AS n FROM dead_letter'),
    ),
  );
  return counts.reduce((sum, [{ n }]) => sum + n, 0);
};

interface Drain {
  readonly name: string;
  readonly progress: Progress;
  readonly patience: Patience;
}

const untilDrained = async (
  sources: readonly DataSource[],
  { name, progress, patience }: Drain,
): Promise<void> => {
  const marks = await Promise.all(
    sources.map(async (source) => ({ source, last: await lastEvent(source) })),
  );
  const waiting = async () => {
    const counts = await Promise.all(marks.map(({ source, last }) => waitingUpTo(source, last)));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const total = await waiting();
  const shown = progress.phase(name, total);
  const stall = stallWatch(patience);
  for (let left = total; left > 0; left = await waiting()) {
    shown.update(total - left);
    stall(left);
    await delay(pollMs);
  }
  shown.end(`${total.toLocaleString('en')} events`);
};

const breathEveryMs = 1_000;

/** Lets the workers catch up when more events wait than `most`; for use between steps of an import. */
export const breather = (
  source: DataSource,
  { most, patience = {} }: { most: number; patience?: Patience },
) => {
  let breathedAt = -Infinity;
  return async (): Promise<void> => {
    if (performance.now() - breathedAt < breathEveryMs) return;
    const last = await lastEvent(source);
    if ((await waitingUpTo(source, last)) > most)
      await untilFewer(source, { last, few: most / 2, patience });
    breathedAt = performance.now();
  };
};

const untilFewer = async (
  source: DataSource,
  { last, few, patience }: { last: string; few: number; patience: Patience },
): Promise<void> => {
  const stall = stallWatch(patience);
  for (
    let left = await waitingUpTo(source, last);
    left > few;
    left = await waitingUpTo(source, last)
  ) {
    stall(left);
    await delay(pollMs);
  }
};

const stallWatch = ({ stallMs = defaultStallMs }: Patience) => {
  let least = Infinity;
  let since = performance.now();
  return (left: number): void => {
    if (left < least) {
      least = left;
      since = performance.now();
    } else if (performance.now() - since > stallMs) {
      throw new Complaint(
        `${left} events wait and nobody takes them: is the platform running? What was imported stays; ` +
          'run the same command again to go on, or use --no-wait.',
      );
    }
  };
};

const lastEvent = async (source: DataSource): Promise<string> => {
  const [row] = await source.query<
    {
      last: string;
    }[]
  >('SELECT coalesce(max(id), 0) AS last FROM outbox');
  return row?.last ?? '0';
};

const waitingUpTo = async (source: DataSource, last: string): Promise<number> => {
  const [row] = await source.query<{ n: number }[]>(
    'SELECT count(*)::int AS n FROM outbox WHERE id <= $1',
    [last],
  );
  return row?.n ?? 0;
};
