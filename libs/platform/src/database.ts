import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import { InboxAge1750000001000 } from './outbox/inbox-age.migration';
import { PlatformTables1750000000000 } from './outbox/platform-tables.migration';

type Class<T> = new () => T;

export interface DatabaseOptions {
  readonly url: string;
  readonly entities: readonly (Class<unknown> | EntitySchema)[];
  readonly migrations: readonly Class<MigrationInterface>[];
  /** Connections at most; a request waits for one. */
  readonly poolSize?: number;
  readonly applicationName?: string;
}

/** The app's database, connected. Statements end after 15 s, and idle transactions after 30 s. */
export const openDatabase = (options: DatabaseOptions): Promise<DataSource> =>
  new DataSource({
    type: 'postgres',
    url: options.url,
    entities: [...options.entities],
    migrations: [PlatformTables1750000000000, InboxAge1750000001000, ...options.migrations],
    migrationsTransactionMode: 'each',
    synchronize: false,
    ...(options.applicationName === undefined ? {} : { applicationName: options.applicationName }),
    poolSize: options.poolSize ?? 20,
    poolErrorHandler: () => undefined, // the pool replaces the connection; the query that used it reports the error
    extra: {
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 15_000,
      idle_in_transaction_session_timeout: 30_000,
      options: '-c timezone=UTC',
    },
  }).initialize();

const migrationLock = 7_261_001;

/** Brings the schema up to date. Processes that start together take turns. Returns what was applied. */
export const migrate = async (dataSource: DataSource): Promise<readonly string[]> => {
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SET statement_timeout = 0');
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    const applied = await dataSource.runMigrations();
    return applied.map((migration) => migration.name);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [migrationLock]);
    await lock.query('RESET statement_timeout');
    await lock.release();
  }
};

/**
 * SQL that would bring the database to the entities; empty when migrations and entities agree. Check
 * constraints are for migrations alone to say: an entity that repeats them would be compared by name only.
 */
export const schemaDrift = async (dataSource: DataSource): Promise<readonly string[]> => {
  const plan = await dataSource.driver.createSchemaBuilder().log();
  return plan.upQueries
    .map(({ query }) => query)
    .filter((query) => !/^ALTER TABLE "\w+" DROP CONSTRAINT "\w+_check\d*"$/.test(query));
};
