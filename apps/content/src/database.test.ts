import { schemaDrift } from '@lyceum/platform';
import { testDatabase, type TestDatabase } from '@lyceum/testing';
import { database } from './database';

describe('the content database', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase(database);
  });
  afterAll(() => test.drop());

  it('is what the entities say, index by index', async () => {
    expect(await schemaDrift(test.dataSource)).toEqual([]);
  });
});
