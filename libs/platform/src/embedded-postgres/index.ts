import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { removeAwayPlace } from './away-place';
import { prepareBinaries } from './binaries';
import {
  clusterFiles,
  createCluster,
  findCluster,
  openCluster,
  readPassword,
  superuser,
} from './cluster';
import { lockDirectory } from './directory-lock';
import { stopLeftovers } from './leftovers';
import type { Settings } from './settings';
import { serverSettings } from './settings';
import { chooseServerUser } from './server-user';
import { supervise } from './supervise';

export { DirectoryInUse, lockDirectory, type DirectoryLock } from './directory-lock';
export { isStampAlive, processStamp } from './process-stamp';
export { watchOver } from './watchdog';

/** What pino's loggers are, as far as it is needed here. */
export interface EmbeddedPostgresLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, its password and its log; made when missing. One server at a time uses it. */
  readonly dataDir: string;
  readonly log?: EmbeddedPostgresLog;
  /** PostgreSQL settings that replace ours. */
  readonly settings?: Settings;
  /** `false`, for tests, trades safety in a power failure for speed. */
  readonly durable?: boolean;
  /** The `native` folder of the binaries' package, when it is not the installed one. */
  readonly nativeDir?: string;
}

export interface EmbeddedPostgres {
  readonly port: number;
  /** Of the server process; another one after a crash of the server. */
  readonly pid: number;
  url(database: string): string;
  ensureDatabase(name: string): Promise<void>;
  /** For good, and within 5 seconds or those given: a server that needs longer recovers at its next start. */
  stop(options?: { readonly withinMs?: number }): Promise<void>;
}

/**
 * Starts a PostgreSQL server of our own on 127.0.0.1, on a port that the system chooses. It is started again
 * on the same port when it crashes, stops when this process ends (however it ends), and whatever a killed process
 * has left behind is cleared first. Throws `DirectoryInUse` while another process has the data directory.
 */
export const startEmbeddedPostgres = async (
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> => {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const lock = await lockDirectory(dataDir);
  try {
    const server = await launch(dataDir, options);
    const url = await urlsOf(dataDir, server.port);
    return {
      port: server.port,
      get pid() {
        return server.pid();
      },
      url,
      ensureDatabase: (name) => ensureDatabase(url('postgres'), name),
      stop: ({ withinMs = 4_800 } = {}) => server.stop(withinMs).finally(() => lock.release()),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
};

/** Deletes the database, wherever it is. Throws `DirectoryInUse` while another process has the data directory. */
export const removeEmbeddedPostgres = async (directory: string): Promise<void> => {
  const dataDir = resolve(directory);
  await mkdir(dataDir, { recursive: true });
  const lock = await lockDirectory(dataDir);
  const cluster = await findCluster(dataDir).catch(() => null);
  if (cluster) await stopLeftovers(cluster);
  await removeAwayPlace(clusterFiles(dataDir).cluster);
  await rm(dataDir, { recursive: true, force: true });
  await lock.release();
};

const launch = async (dataDir: string, options: EmbeddedPostgresOptions) => {
  const { log, durable = true } = options;
  const files = clusterFiles(dataDir);
  const existing = await findCluster(dataDir);
  if (existing) {
    const { stopped } = await stopLeftovers(existing);
    if (stopped > 0) log?.warn({ stopped }, 'postgres.leftovers-stopped');
  }
  const user = await chooseServerUser(files.cluster);
  const binaries = await prepareBinaries(user, options.nativeDir);
  const cluster = existing
    ? await openCluster(dataDir, { user, binaries })
    : await createCluster(dataDir, { user, binaries, durable });
  const settings = serverSettings(durable, options.settings);
  const plan = { postgres: binaries.postgres, cluster, user, settings, logFile: files.log };
  return supervise(plan, log);
};

const urlsOf = async (dataDir: string, port: number) => {
  const password = await readPassword(dataDir);
  return (database: string) =>
    `postgresql://${superuser}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
};

const ensureDatabase = async (url: string, name: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  } finally {
    await client.end();
  }
};

/** Two processes may find the database missing at the same moment. */
const isDuplicate = (error: unknown): boolean => {
  const code = (error as { code?: string }).code;
  return code === '42P04' || code === '23505';
};
