import { rm } from 'node:fs/promises';
import { isStampAlive, processStamp } from '@lyceum/platform/embedded-postgres';
import { z } from 'zod';
import { filesOf, readJson, writeJson } from './data-directory';
import { launcherStamp } from './stop-on-signals';

const runSchema = z.object({
  /** The process; see `processStamp`. */
  stamp: z.string(),
  pid: z.int(),
  /** The npm that started it; see `stop-on-signals.ts`. */
  launcher: z.string().optional(),
  kind: z.enum(['platform', 'command']),
  state: z.enum(['starting', 'running', 'stopping']),
  /** The public endpoint, once it answers. */
  url: z.url().optional(),
  databaseUrls: z.record(z.string(), z.string()).optional(),
  /** Where each subgraph answers, its health and metrics included. */
  subgraphUrls: z.record(z.string(), z.string()).optional(),
});

/** What one process tells the others about itself, in the data directory they share. */
export type Run = z.infer<typeof runSchema>;

/** The process that has this data directory now, if it is alive. */
export const readRun = async (dataDir: string): Promise<Run | null> => {
  const found = runSchema.safeParse(await readJson(filesOf(dataDir).run));
  return found.success && isStampAlive(found.data.stamp) ? found.data : null;
};

/** Whether it is about to end, or will be as soon as it sees that its npm has. */
export const isEnding = ({ state, launcher }: Run): boolean =>
  state === 'stopping' || (launcher !== undefined && !isStampAlive(launcher));

export const writeRun = (
  dataDir: string,
  run: Omit<Run, 'stamp' | 'pid' | 'launcher'>,
): Promise<void> =>
  writeJson(filesOf(dataDir).run, {
    stamp: processStamp(process.pid) ?? String(process.pid),
    pid: process.pid,
    launcher: launcherStamp(),
    ...run,
  });

export const removeRun = (dataDir: string): Promise<void> =>
  rm(filesOf(dataDir).run, { force: true });
