import type { Deps, IdentityLink, Log } from '@lyceum/platform';
import { atMost } from './at-most';
import { Complaint } from './complaint';
import { startGateway, startSubgraphs, type RunningSubgraph } from './composition';
import { filesOf, openDataDirectory } from './data-directory';
import { startDatabases, type RunningDatabases } from './databases';
import { createFileLog, type FileLog } from './logs';
import { removeRun, writeRun, type Run } from './run-file';
import { openSecrets, type Secrets } from './secrets';

export interface StandaloneOptions {
  /** Of the public endpoint; 0 for any. */
  readonly port: number;
  readonly host?: string;
  readonly dataDir: string;
  /** By default to a file in the data directory, and warnings to standard error. */
  readonly log?: Log;
}

export interface Standalone {
  /** Of the public endpoint, without `/graphql`. */
  readonly url: string;
  readonly databaseUrls: Readonly<Record<string, string>>;
  /** Where the subgraphs' servers answer this machine, by name. */
  readonly subgraphUrls: Readonly<Record<string, string>>;
  /** The subgraphs' worlds, by name. */
  readonly deps: ReadonlyMap<string, Deps>;
  /** Within five seconds, leaving no process. */
  stop(): Promise<void>;
}

/** The whole platform in this process. Throws a `Complaint` when the data directory or the port is taken. */
export const startStandalone = async (options: StandaloneOptions): Promise<Standalone> => {
  const core = await startCore(options.dataDir, { kind: 'platform', log: options.log });
  try {
    const gateway = await startGateway({ running: core.subgraphs, link: core.link }, core);
    const url = await gateway.listen(options).catch((error: unknown) => {
      throw portTaken(error, options.port) ?? error;
    });
    await core.announce({ state: 'running', url });
    return {
      url,
      databaseUrls: core.databases.urls,
      subgraphUrls: Object.fromEntries(core.subgraphs.map((each) => [each.name, each.url])),
      deps: new Map(core.subgraphs.map(({ name, deps }) => [name, deps])),
      stop: () => core.stop(() => gateway.close()),
    };
  } catch (error) {
    await core.stop();
    throw error;
  }
};

export interface Core {
  readonly databases: RunningDatabases;
  readonly subgraphs: readonly RunningSubgraph[];
  readonly link: IdentityLink;
  readonly secrets: Secrets;
  readonly log: Log;
  /** Tells other processes. */
  announce(state: Pick<Run, 'state' | 'url'>): Promise<void>;
  /** Closes what came later first, if anything. */
  stop(closeFirst?: () => Promise<void>): Promise<void>;
}

/** Databases, subgraphs and workers on a data directory: all but the gateway. */
export const startCore = async (
  dataDir: string,
  { kind, ...options }: { kind: Run['kind']; log: Log | undefined },
): Promise<Core> => {
  await openDataDirectory(dataDir);
  const { log, leaveTerminal } =
    options.log === undefined
      ? createFileLog(filesOf(dataDir).logs, process.stderr)
      : { log: options.log, leaveTerminal: () => undefined };
  const databases = await startDatabases(dataDir, log);
  try {
    await writeRun(dataDir, { kind, state: 'starting' });
    const secrets = await openSecrets(dataDir);
    const { running: subgraphs, link } = await startSubgraphs({
      databaseUrl: databases.urlOf,
      secrets,
      log,
    });
    const subgraphUrls = Object.fromEntries(subgraphs.map(({ name, url }) => [name, url]));
    const announce: Core['announce'] = (state) =>
      writeRun(dataDir, { kind, ...state, databaseUrls: databases.urls, subgraphUrls });
    const stop = stopOnce(dataDir, { kind, subgraphs, link, databases, leaveTerminal });
    return { databases, subgraphs, link, secrets, log, announce, stop };
  } catch (error) {
    await databases.stop();
    await removeRun(dataDir);
    throw error;
  }
};

/** A stop takes five seconds at most; each part may use what those before it have left of its share. */
const stopMs = { first: 1_800, subgraphs: 2_800, all: 4_700 };

const stopOnce = (
  dataDir: string,
  {
    kind,
    subgraphs,
    link,
    databases,
    leaveTerminal,
  }: Pick<Run, 'kind'> &
    Pick<Core, 'subgraphs' | 'link' | 'databases'> &
    Pick<FileLog, 'leaveTerminal'>,
): Core['stop'] => {
  let stopping: Promise<void> | undefined;
  const stop = async (closeFirst: () => Promise<void>): Promise<void> => {
    const began = Date.now();
    leaveTerminal();
    const left = (share: number) => share - (Date.now() - began);
    await writeRun(dataDir, { kind, state: 'stopping' }).catch(() => undefined);
    await atMost(left(stopMs.first), closeFirst());
    link.close();
    const closing = Promise.all(subgraphs.map((subgraph) => subgraph.close()));
    await atMost(left(stopMs.subgraphs), closing);
    await databases.stop({ withinMs: left(stopMs.all) });
    await removeRun(dataDir);
  };
  return (closeFirst = () => Promise.resolve()) => (stopping ??= stop(closeFirst));
};

export const portTaken = (error: unknown, port: number): Complaint | null => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new Complaint(
      `Port ${port} is taken by another program. Choose another one: npm start -- --port ${port + 1}`,
    );
  }
  return code === 'EACCES'
    ? new Complaint(`Port ${port} needs privileges. Choose another one: npm start -- --port 4000`)
    : null;
};
