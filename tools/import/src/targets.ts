import { openDatabase, postgresUrl } from '@lyceum/platform';
import type { DataSource } from 'typeorm';
import { Complaint } from './complaint';
import type { Outboxes } from './caught-up';

/** The databases of an installation, for as long as a command takes. */
export interface Installation extends Outboxes {
  close(): Promise<void>;
}

const names = ['identity', 'content', 'reputation'] as const;
type Name = (typeof names)[number];

/**
 * The installation of the `*_DATABASE_URL`s in the environment, when there are any and no data directory was asked
 * for; else the one in the data directory, which is started for the command unless it runs.
 */
export const openInstallation = async (options: {
  readonly dataDir: string | undefined;
  readonly defaultDataDir: string;
}): Promise<Installation> => {
  const given = options.dataDir === undefined ? urlsFromEnvironment(process.env) : null;
  if (given !== null) return connect(given);
  // Loaded only when needed: it is the whole platform.
  const { attachOrStart } = await import('@lyceum/standalone/app');
  const attachment = await attachOrStart(options.dataDir ?? options.defaultDataDir);
  try {
    return await connect(attachment.databaseUrls, () => attachment.stop());
  } catch (error) {
    await attachment.stop();
    throw error;
  }
};

const variableOf = (name: Name): string => `${name.toUpperCase()}_DATABASE_URL`;

const urlsFromEnvironment = (env: NodeJS.ProcessEnv): Readonly<Record<string, string>> | null => {
  const given = names.filter((name) => env[variableOf(name)] !== undefined);
  if (given.length === 0) return null;
  return Object.fromEntries(
    names.map((name) => {
      const url = postgresUrl.safeParse(env[variableOf(name)]);
      if (url.success) return [name, url.data];
      throw new Complaint(
        `${variableOf(name)} is needed beside the other ones: the address of a PostgreSQL database.`,
      );
    }),
  );
};

const connect = async (
  urls: Readonly<Record<string, string>>,
  stop: () => Promise<void> = () => Promise.resolve(),
): Promise<Installation> => {
  const open: DataSource[] = [];
  const close = async (): Promise<void> => {
    // A connection in the middle of a query may refuse to close; the server must be stopped all the same.
    await Promise.allSettled(open.splice(0).map((source) => source.destroy()));
    await stop();
  };
  const openOne = async (name: Name): Promise<DataSource> => {
    const source = await openDatabase({
      url: urls[name] ?? '',
      entities: [],
      migrations: [],
      poolSize: 4,
      applicationName: 'lyceum-import',
    });
    open.push(source);
    return source;
  };
  try {
    const [identity, content, reputation] = [
      await openOne('identity'),
      await openOne('content'),
      await openOne('reputation'),
    ];
    await assertReady(identity, content);
    return { identity, content, reputation, close };
  } catch (error) {
    await Promise.all(open.map((source) => source.destroy()));
    throw error;
  }
};

/** A database that no service has ever been started on has no tables yet. */
const assertReady = async (...sources: readonly DataSource[]): Promise<void> => {
  for (const source of sources) {
    const [row] = await source.query<
      {
        isReady: boolean;
      }[]
    >(`SELECT to_regclass('import_progress') IS NOT NULL AS "isReady"`);
    if (row?.isReady !== true) {
      throw new Complaint(
        'The databases have no tables yet: start the services once, then run the command again.',
      );
    }
  }
};
