import { newId } from '@lyceum/contracts';
import { testDatabase, testServerUrl, testWorld, type TestWorld } from '@lyceum/testing';
import { migrate, openDatabase } from '@lyceum/platform';
import { Client } from 'pg';
import { database } from '../database';
import { anAccount, aTransfer, post } from './ledger.factory';
import type { LedgerAccountId } from './transfer';

describe('the database itself', () => {
  let world: TestWorld;
  let left: LedgerAccountId;
  let right: LedgerAccountId;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database });
    left = await anAccount(world.db, 'creator-earnings');
    right = await anAccount(world.db, 'creator-earnings');
    await post(world.as(null), [aTransfer([left, right, 5n])]);
  });
  afterAll(() => world.close());

  const write = (lines: readonly (readonly [LedgerAccountId, number, string])[]) =>
    world.deps.dataSource.transaction(async (db) => {
      const id = newId<'Transfer'>();
      await db.query(
        `INSERT INTO ledger_transfer (id, idempotency_key, kind, fingerprint, posted_at) VALUES ($1, $2, 'x', '', now())`,
        [id, id],
      );
      for (const [line, [account, amount, currency]] of lines.entries()) {
        await db.query(
          'INSERT INTO ledger_entry (transfer_id, line, account_id, amount_minor, currency) VALUES ($1, $2, $3, $4, $5)',
          [id, line, account, amount, currency],
        );
      }
    });
  const count = async (table: string) =>
    (await world.db.query<[{ n: number }]>(`SELECT count(*)::int AS n FROM ${table}`))[0].n;

  it('commits entries that sum to zero and no others, whoever writes them', async () => {
    await write([
      [left, -7, 'CNY'],
      [right, 7, 'CNY'],
    ]);
    const before = [await count('ledger_transfer'), await count('ledger_entry')];
    for (const lines of [
      [[left, 7, 'CNY']],
      [
        [left, -7, 'CNY'],
        [right, 8, 'CNY'],
      ],
    ] as const) {
      await expect(write(lines)).rejects.toMatchObject({
        code: '23514',
        constraint: 'ledger_sums_to_zero',
      });
    }
    expect([await count('ledger_transfer'), await count('ledger_entry')]).toEqual(before);
  });

  it('refuses to add an entry to a transfer that was balanced', async () => {
    const [transfer] = await world.db.query<[{ id: string }]>(
      'SELECT id FROM ledger_transfer LIMIT 1',
    );
    const late = world.db.query(
      `INSERT INTO ledger_entry (transfer_id, line, account_id, amount_minor, currency) VALUES ($1, 9, $2, 1, 'CNY')`,
      [transfer.id, left],
    );
    await expect(late).rejects.toMatchObject({ constraint: 'ledger_sums_to_zero' });
  });

  it('judges entries that come one by one when they are committed, and leaves no trace of it', async () => {
    await write([
      [left, -3, 'CNY'],
      [right, 1, 'CNY'],
      [right, 2, 'CNY'],
    ]);
    expect(await count('ledger_uneven')).toBe(0);
    const hidden = world.deps.dataSource.transaction(async (db) => {
      const id = newId<'Transfer'>();
      await db.query(
        `INSERT INTO ledger_transfer (id, idempotency_key, kind, fingerprint, posted_at) VALUES ($1, $2, 'x', '', now())`,
        [id, id],
      );
      await db.query(
        `INSERT INTO ledger_entry (transfer_id, line, account_id, amount_minor, currency) VALUES ($1, 0, $2, 1, 'CNY')`,
        [id, left],
      );
      await db.query('DELETE FROM ledger_uneven');
    });
    await expect(hidden).rejects.toMatchObject({ constraint: 'ledger_sums_to_zero' });
  });

  it('refuses a transfer of two currencies that sums to zero only in both together', async () => {
    const dollars = await anAccount(world.db, 'creator-earnings', 'USD');
    const mixed = write([
      [left, -7, 'CNY'],
      [dollars, 7, 'USD'],
    ]);
    await expect(mixed).rejects.toMatchObject({ constraint: 'ledger_sums_to_zero' });
  });

  it('refuses entries of no transfer, and keeps the accounts that entries name', async () => {
    const [account] = await world.db.query<[{ id: string }]>('SELECT id FROM ledger_account');
    const orphan = world.db.query(
      `INSERT INTO ledger_entry (transfer_id, line, account_id, amount_minor, currency) VALUES ($1, 0, $2, 1, 'CNY')`,
      [newId(), left],
    );
    await expect(orphan).rejects.toMatchObject({ code: '23503' });
    for (const sql of [
      `DELETE FROM ledger_account WHERE id = '${account.id}'`,
      `UPDATE ledger_account SET currency = 'USD' WHERE id = '${account.id}'`,
      `UPDATE ledger_account SET id = gen_random_uuid() WHERE id = '${account.id}'`,
      'TRUNCATE ledger_account',
    ])
      await expect(world.db.query(sql)).rejects.toMatchObject({ code: '23001' });
  });

  it("refuses an entry of zero, of another currency than the account's, of no account", async () => {
    await expect(write([[left, 0, 'CNY']])).rejects.toMatchObject({ code: '23514' });
    await expect(write([[left, 1, 'USD']])).rejects.toMatchObject({
      constraint: 'ledger_entry_account',
    });
    await expect(write([[newId<'LedgerAccount'>(), 1, 'CNY']])).rejects.toMatchObject({
      code: '23503',
    });
  });

  it('refuses a balance below its floor', async () => {
    const wallet = await anAccount(world.db);
    const lower = world.db.query('UPDATE ledger_account SET balance = -1 WHERE id = $1', [wallet]);
    await expect(lower).rejects.toMatchObject({ constraint: 'ledger_account_floor' });
  });

  it.each(['ledger_transfer', 'ledger_entry'])(
    'refuses to change, delete or empty %s',
    async (table) => {
      const column = table === 'ledger_entry' ? 'line' : 'kind';
      for (const sql of [
        `UPDATE ${table} SET ${column} = ${column}`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table} CASCADE`,
      ]) {
        await expect(world.db.query(sql)).rejects.toMatchObject({ code: '23001' });
      }
    },
  );

  it('works for an owner that is no superuser, whom it grants no change of entries', async () => {
    const role = `ledger_test_${Date.now().toString(36)}`;
    const admin = new Client({ connectionString: testServerUrl() });
    await admin.connect();
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
    await admin.query(`CREATE DATABASE ${role} OWNER ${role}`);
    const url = new URL(testServerUrl(role));
    url.username = role;
    url.password = role;
    const dataSource = await openDatabase({ ...database, url: url.toString(), poolSize: 2 });
    try {
      await migrate(dataSource);
      const deps = { ...world.deps, dataSource };
      const asOwner = { ...world.as(null), deps, db: dataSource.manager };
      const [from, to] = [
        await anAccount(dataSource.manager, 'creator-earnings'),
        await anAccount(dataSource.manager, 'creator-earnings'),
      ];
      expect(await post(asOwner, [aTransfer([from, to, 5n])])).toMatchObject([
        { status: 'posted' },
      ]);

      for (const sql of [
        'UPDATE ledger_entry SET line = 1',
        'DELETE FROM ledger_entry',
        'DELETE FROM ledger_transfer',
      ]) {
        await expect(dataSource.query(sql)).rejects.toMatchObject({ code: '42501' });
      }
    } finally {
      await dataSource.destroy();
      await admin.query(`DROP DATABASE ${role} WITH (FORCE)`);
      await admin.query(`DROP ROLE ${role}`);
      await admin.end();
    }
  });

  it('is emptied by nothing but undoing the migration', async () => {
    const other = await testDatabase(database);
    const tables = async (): Promise<number> => {
      const [left] = await other.dataSource.query<[{ n: number }]>(
        `SELECT count(*)::int AS n FROM information_schema.tables WHERE table_name LIKE 'ledger%'`,
      );
      return left.n;
    };
    // Every migration since can be undone, too.
    for (const _ of database.migrations)
      if ((await tables()) > 0) await other.dataSource.undoLastMigration();
    expect(await tables()).toBe(0);
    await other.drop();
  });
});
