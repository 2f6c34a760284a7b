import { schemaDrift } from '@lyceum/platform';
import { testDatabase, type TestDatabase } from '@lyceum/testing';
import { database } from './database';

describe('the payments database', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase(database);
  });
  afterAll(() => test.drop());

  it('is what the entities say', async () => {
    expect(await schemaDrift(test.dataSource)).toEqual([]);
  });

  it('goes back as it came', async () => {
    for (let n = 0; n < database.migrations.length; n += 1) {
      await test.dataSource.undoLastMigration();
    }
    const tables = await test.dataSource.query<{ name: string }[]>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
    );
    expect(tables.map(({ name }) => name)).toEqual([
      'dead_letter',
      'inbox',
      'migrations',
      'outbox',
    ]);
  });
});
