import { createHash } from 'node:crypto';
import { migrate, openDatabase, type AppDatabase } from '@lyceum/platform';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';

const cloneLock = 7_261_002;

/** The server that tests use: the one of this Jest run, or yours in `TEST_DATABASE_URL`. */
export const testServerUrl = (database = 'postgres'): string => {
  const base = process.env['TEST_DATABASE_URL'];
  if (base === undefined)
    throw new Error('TEST_DATABASE_URL is missing: run tests with the root jest.config.js');
  const url = new URL(base);
  url.pathname = `/${database}`;
  return url.toString();
};

export interface TestDatabase {
  readonly url: string;
  readonly dataSource: DataSource;
  /** Closes and drops it. */
  drop(): Promise<void>;
}

/** A new database with the app's schema: a clone of a template that is migrated once a run (tens of ms). */
export const testDatabase = async (database: AppDatabase): Promise<TestDatabase> => {
  const name = await testDatabaseFrom(templateName(database), async (template) => {
    const dataSource = await openDatabase({
      ...database,
      url: testServerUrl(template),
      poolSize: 2,
    });
    try {
      await migrate(dataSource);
    } finally {
      await dataSource.destroy();
    }
  });
  const url = testServerUrl(name);
  const dataSource = await openDatabase({ ...database, url, poolSize: 10 });
  return {
    url,
    dataSource,
    drop: async () => {
      await dataSource.destroy();
      await dropDatabase(name);
    },
  };
};

/** A new, empty database; for queues. */
export const emptyDatabase = async (): Promise<{ url: string; drop(): Promise<void> }> => {
  const name = await testDatabaseFrom('template1', () => Promise.resolve());
  return { url: testServerUrl(name), drop: () => dropDatabase(name) };
};

/** The template of exactly these migrations: other code makes another name. */
const templateName = ({ migrations }: AppDatabase): string => {
  const source = migrations.map((migration) => `${migration.name}${String(migration)}`);
  return `template_${createHash('sha256').update(source.join()).digest('hex').slice(0, 16)}`;
};

const testDatabaseFrom = async (
  template: string,
  prepare: (name: string) => Promise<void>,
): Promise<string> => {
  const client = new Client({ connectionString: testServerUrl() });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [cloneLock]); // one copies a template at a time
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      template,
    ]);
    if (rowCount === 0) {
      // Made under another name first: a failed migration must not leave a template behind.
      const draft = `${template}_draft`;
      await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
      await client.query(`CREATE DATABASE ${draft}`);
      await prepare(draft);
      await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
    }
    const name = `test_${process.pid.toString(36)}_${Date.now().toString(36)}_${Math.random().toString(36).slice(2, 8)}`;
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    return name;
  } finally {
    await client.end();
  }
};

const dropDatabase = async (name: string): Promise<void> => {
  const client = new Client({ connectionString: testServerUrl() });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  } finally {
    await client.end();
  }
};
