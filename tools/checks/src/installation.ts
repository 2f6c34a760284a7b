import { openDatabase, postgresUrl } from '@lyceum/platform';
import { databaseNames, type DatabaseName } from './check';
import type { Databases } from './run-checks';

/** What a person who runs the command is told, without a stack. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
}

export interface Installation {
  readonly databases: Databases;
  readonly urls: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * The databases that the environment names, unless a data directory is asked for; else those of the data
 * directory, which are started for the command when nobody runs them.
 */
export const openInstallation = async (options: {
  readonly dataDir: string | undefined;
  readonly defaultDataDir: string;
}): Promise<Installation> => {
  const given = options.dataDir === undefined ? urlsFromEnvironment(process.env) : null;
  if (given !== null) return connect(given, () => Promise.resolve());
  const { attachOrStart } = await import('@lyceum/standalone/app'); // the whole platform: only when needed
  const attachment = await attachOrStart(options.dataDir ?? options.defaultDataDir);
  try {
    return await connect(attachment.databaseUrls, () => attachment.stop());
  } catch (error) {
    await attachment.stop();
    throw error;
  }
};

const variableOf = (name: DatabaseName): string => `${name.toUpperCase()}_DATABASE_URL`;

const urlsFromEnvironment = (env: NodeJS.ProcessEnv): Readonly<Record<string, string>> | null => {
  if (databaseNames.every((name) => env[variableOf(name)] === undefined)) return null;
  return Object.fromEntries(
    databaseNames.map((name) => {
      const url = postgresUrl.safeParse(env[variableOf(name)]);
      if (!url.success)
        throw new Complaint(`${variableOf(name)} is not the address of a PostgreSQL database.`);
      return [name, url.data];
    }),
  );
};

const connect = async (
  urls: Readonly<Record<string, string>>,
  stop: () => Promise<void>,
): Promise<Installation> => {
  const sources = await Promise.all(
    databaseNames.map((name) =>
      openDatabase({
        url: urls[name] ?? '',
        entities: [],
        migrations: [],
        poolSize: 1,
        applicationName: 'lyceum-checks',
      }),
    ),
  );
  const databases = Object.fromEntries(databaseNames.map((name, index) => [name, sources[index]]));
  return {
    databases: databases as unknown as Databases, // one source a name
    urls,
    close: async () => {
      await Promise.all(sources.map((source) => source.destroy()));
      await stop();
    },
  };
};
