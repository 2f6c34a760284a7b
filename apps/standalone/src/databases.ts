import { DirectoryInUse, startEmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import type { Log } from '@lyceum/platform';
import { Complaint } from './complaint';
import { filesOf } from './data-directory';
import { readRun } from './run-file';

const databases = ['identity', 'content', 'payments', 'reputation', 'queue'] as const;

export interface RunningDatabases {
  readonly urls: Readonly<Record<string, string>>;
  urlOf(name: string): string;
  stop(options?: { readonly withinMs?: number }): Promise<void>;
}

/** The server of this data directory, with a database for each subgraph and one for the queues. */
export const startDatabases = async (dataDir: string, log: Log): Promise<RunningDatabases> => {
  const server = await startServer(dataDir, log);
  try {
    await Promise.all(databases.map((name) => server.ensureDatabase(`lyceum_${name}`)));
  } catch (error) {
    await server.stop();
    throw error;
  }
  const urls = Object.fromEntries(databases.map((name) => [name, server.url(`lyceum_${name}`)]));
  return {
    urls,
    urlOf: (name) => {
      const url = urls[name];
      if (url === undefined) throw new Error(`there is no database ${name}`);
      return url;
    },
    stop: (options) => server.stop(options),
  };
};

const startServer = async (dataDir: string, log: Log) => {
  try {
    return await startEmbeddedPostgres({ dataDir: filesOf(dataDir).postgres, log });
  } catch (error) {
    if (error instanceof DirectoryInUse) throw await inUse(dataDir, error.pid);
    throw error;
  }
};

/** Says who has the data directory, and what to do about it. */
export const inUse = async (dataDir: string, pid: number): Promise<Complaint> => {
  const run = await readRun(dataDir);
  if (run?.kind === 'command') {
    return new Complaint(
      `A command works on ${dataDir} (process ${run.pid}): try again when it has ended.`,
    );
  }
  const where = run?.url === undefined ? '' : ` at ${run.url}`;
  return new Complaint(
    `Lyceum already runs on ${dataDir}${where} (process ${pid}).\n` +
      'Stop it with Ctrl-C there, or start another one: npm start -- --data-dir DIR --port NUMBER',
  );
};
