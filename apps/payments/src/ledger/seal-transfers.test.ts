import { testWorld, type TestWorld } from '@lyceum/testing';
import { database } from '../database';
import { aTransfer, anAccount, post } from './ledger.factory';
import { sealTransfers } from './seal-transfers.job';

describe('the seals of the ledger', () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database });
  });
  afterAll(() => world.close());

  const broken = async (): Promise<string[]> => {
    const rows = await world.db.query<{ number: string }[]>(
      `SELECT number FROM ledger_batch WHERE hash <> sha256(previous_hash || ledger_batch_digest(number)) ORDER BY number`,
    );
    return rows.map(({ number }) => number);
  };
  const some = async (n: number) => {
    const [from, to] = [
      await anAccount(world.db, 'creator-earnings'),
      await anAccount(world.db, 'creator-earnings'),
    ];
    await post(
      world.as(null),
      Array.from({ length: n }, () => aTransfer([from, to, 100n])),
    );
  };

  it('take each transfer once, in batches that follow each other, whoever seals at the same time', async () => {
    await some(30);
    await sealTransfers(world.as(null), undefined);
    await some(20);
    const taken = await Promise.all(
      Array.from({ length: 4 }, () => sealTransfers(world.as(null), undefined)),
    );
    expect(taken.reduce((a, b) => a + b, 0)).toBe(20);
    const batches = await world.db.query<{ transfers: number; follows: boolean }[]>(
      `SELECT transfers, previous_hash = coalesce(lag(hash) OVER (ORDER BY number), ''::bytea) AS follows
       FROM ledger_batch ORDER BY number`,
    );
    expect(batches).toEqual([
      { transfers: 30, follows: true },
      { transfers: 20, follows: true },
    ]);
    expect(await broken()).toEqual([]);
    expect(await world.db.query('SELECT FROM ledger_unsealed')).toEqual([]);
  });

  it.each([
    `UPDATE ledger_entry SET amount_minor = amount_minor * 2 WHERE transfer_id = (SELECT min(transfer_id::text)::uuid FROM ledger_sealed WHERE batch = 2)`,
    `UPDATE ledger_transfer SET kind = 'payout' WHERE id = (SELECT min(transfer_id::text)::uuid FROM ledger_sealed WHERE batch = 2)`,
    `DELETE FROM ledger_entry WHERE transfer_id = (SELECT min(transfer_id::text)::uuid FROM ledger_sealed WHERE batch = 2)`,
  ])('show which batch somebody with all rights has changed: %s', async (sql) => {
    const runner = world.deps.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SET LOCAL session_replication_role = replica');
    await runner.query(`GRANT UPDATE, DELETE ON ledger_entry, ledger_transfer TO CURRENT_USER`);
    await runner.query(sql);
    const found = await runner.query(
      `SELECT number FROM ledger_batch WHERE hash <> sha256(previous_hash || ledger_batch_digest(number))`,
    );
    await runner.rollbackTransaction();
    await runner.release();
    expect(found).toEqual([{ number: '2' }]);
  });

  it.each(['ledger_batch', 'ledger_sealed'])('do not change themselves: %s', async (table) => {
    await expect(world.db.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '23001' });
  });
});
