import { setTimeout as delay } from 'node:timers/promises';
import { resolve } from 'node:path';
import { DirectoryInUse } from '@lyceum/platform/embedded-postgres';
import type { Log } from '@lyceum/platform';
import { inUse } from './databases';
import { readRun, type Run } from './run-file';
import { startCore } from './start-standalone';

/** What a command gets to work on an installation with. */
export interface Attachment {
  /** By subgraph, and `queue`. */
  readonly databaseUrls: Readonly<Record<string, string>>;
  /** Whether it belongs to a process that keeps running when the command ends. */
  readonly isAttached: boolean;
  /** Leaves the running platform alone; ends what was started for this command. */
  stop(): Promise<void>;
}

const startingMs = 120_000;

/**
 * For a command that works on the data, whether the platform runs or not: uses the databases and workers of
 * the platform that runs on this data directory, or else starts them for as long as the command takes.
 */
export const attachOrStart = async (
  directory: string,
  options: { readonly log?: Log } = {},
): Promise<Attachment> => {
  const dataDir = resolve(directory);
  const run = await settledRun(dataDir);
  if (run !== null) return attachTo(dataDir, run);
  const core = await startCore(dataDir, { kind: 'command', log: options.log });
  await core.announce({ state: 'running' });
  return { databaseUrls: core.databases.urls, isAttached: false, stop: () => core.stop() };
};

const attachTo = async (dataDir: string, run: Run): Promise<Attachment> => {
  if (run.kind === 'command' || run.databaseUrls === undefined) throw await inUse(dataDir, run.pid);
  return { databaseUrls: run.databaseUrls, isAttached: true, stop: () => Promise.resolve() };
};

/** The process that runs on this data directory, when it has finished to start; nobody, when it has stopped. */
const settledRun = async (dataDir: string): Promise<Run | null> => {
  const deadline = Date.now() + startingMs;
  for (;;) {
    const run = await readRun(dataDir);
    if (run === null || run.state === 'running') return run;
    if (Date.now() > deadline) throw new DirectoryInUse(dataDir, run.pid);
    await delay(50);
  }
};
