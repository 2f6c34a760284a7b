import { testDatabase, type TestDatabase } from '@lyceum/testing';
import { database } from './database';
import { machines } from './state-machines';

describe('state machines', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase(database);
  });
  afterAll(() => test.drop());

  it('are the same in the code and in the database', async () => {
    const rows = await test.dataSource.query<{ move: string }[]>(
      `SELECT machine || ': ' || from_state || ' -> ' || to_state AS move FROM state_move`,
    );
    const moves = Object.entries(machines).flatMap(([machine, states]) =>
      Object.entries(states).flatMap(([from, ways]) =>
        (ways as readonly string[]).map((to) => `${machine}: ${from} -> ${to}`),
      ),
    );
    expect(rows.map(({ move }) => move).sort()).toEqual(moves.sort());
  });

  it('are enforced by a trigger each', async () => {
    const rows = await test.dataSource.query<{ machine: string }[]>(
      `SELECT convert_from(trim(trailing '\\x00' from tgargs), 'UTF8') AS machine FROM pg_trigger
       WHERE tgfoid = 'refuse_illegal_move'::regproc`,
    );
    const guarded = rows.map(({ machine }) => machine);
    expect(Object.keys(machines).filter((machine) => !guarded.includes(machine))).toEqual([]);
  });
});
