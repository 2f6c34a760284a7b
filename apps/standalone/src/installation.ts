import { resolve } from 'node:path';
import { openDatabase, postgresUrl } from '@lyceum/platform';
import type { DataSource } from 'typeorm';
import { Complaint } from './complaint';

export { Complaint };

const root = resolve(__dirname, '../../..');

/** What a command works on, for as long as it takes. */
export interface Installation<Name extends string> {
  readonly databases: Readonly<Record<Name, DataSource>>;
  readonly urls: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

interface InstallationOptions<Name extends string> {
  readonly databases: readonly Name[];
  /** As it was typed; `.lyceum` of the checkout when nothing was. */
  readonly dataDir: string | undefined;
  readonly applicationName: string;
  /** Connections to each database at most. */
  readonly poolSize: number;
}

/**
 * The installation of the `*_DATABASE_URL`s in the environment, when there are any and no data directory was asked
 * for; else the one in the data directory, which is started for the command unless it runs.
 */
export const openInstallation = async <Name extends string>(
  options: InstallationOptions<Name>,
): Promise<Installation<Name>> => {
  const { dataDir, databases } = options;
  const given = dataDir === undefined ? urlsFromEnvironment(databases) : null;
  if (given !== null) return connect(options, given);
  // The whole platform: only when needed. A relative `import()` would name a file that only the build makes.
  // eslint-disable-next-line @nx/enforce-module-boundaries
  const { attachOrStart } = await import('@lyceum/standalone/app');
  const directory = dataDir === undefined ? resolve(root, '.lyceum') : typedPath(dataDir);
  const attachment = await attachOrStart(directory);
  return connect(options, attachment.databaseUrls, () => attachment.stop());
};

/** npm runs commands in the project's root; paths were typed somewhere else. */
export const typedPath = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);

/** What a command says of an error: the stack, unless it is a complaint, on which a person can act. */
export const toldOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error instanceof Complaint ? error.message : (error.stack ?? error.message);
};

const urlsFromEnvironment = (
  databases: readonly string[],
): Readonly<Record<string, string>> | null => {
  const variableOf = (name: string): string => `${name.toUpperCase()}_DATABASE_URL`;
  if (databases.every((name) => process.env[variableOf(name)] === undefined)) return null;
  return Object.fromEntries(
    databases.map((name) => {
      const url = postgresUrl.safeParse(process.env[variableOf(name)]);
      if (url.success) return [name, url.data];
      throw new Complaint(
        `${variableOf(name)} is needed beside the other ones: the address of a PostgreSQL database.`,
      );
    }),
  );
};

const connect = async <Name extends string>(
  { databases, applicationName, poolSize }: InstallationOptions<Name>,
  urls: Readonly<Record<string, string>>,
  stop: () => Promise<void> = () => Promise.resolve(),
): Promise<Installation<Name>> => {
  const open: DataSource[] = [];
  const close = async (): Promise<void> => {
    // A connection in the middle of a query may refuse to close; the server must be stopped all the same.
    await Promise.allSettled(open.splice(0).map((source) => source.destroy()));
    await stop();
  };
  try {
    for (const name of databases) {
      const url = urls[name] ?? '';
      open.push(
        await openDatabase({ url, entities: [], migrations: [], poolSize, applicationName }),
      );
    }
    const named = Object.fromEntries(databases.map((name, index) => [name, open[index]]));
    return { databases: named as Record<Name, DataSource>, urls, close }; // one opened for each name
  } catch (error) {
    await close();
    throw error;
  }
};
