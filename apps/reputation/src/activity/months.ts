import type { EntityManager } from 'typeorm';
import { query } from '../sql';

export type PartitionedTable = 'behaviour_event';

/** Months that have a partition, for ever: partitions are dropped by hand only. By database. */
const known = new WeakMap<object, Set<string>>();

/**
 * Makes sure that each of these instants has a partition to go to. A new one is made beside the table and then
 * attached, which other transactions that read and write need not wait for.
 */
export const ensureMonths = async (
  db: EntityManager,
  table: PartitionedTable,
  instants: readonly Date[],
): Promise<void> => {
  const made = known.get(db.dataSource) ?? new Set<string>();
  known.set(db.dataSource, made);
  const months = new Set(instants.map((instant) => instant.toISOString().slice(0, 7)));
  for (const month of [...months].sort()) {
    if (made.has(`${table} ${month}`)) continue;
    await ensureMonth(db, { table, month });
    made.add(`${table} ${month}`);
  }
};

/** In a transaction of its own: a month is there for everybody, whatever becomes of who needed it first. */
const ensureMonth = async (
  db: EntityManager,
  { table, month }: { table: PartitionedTable; month: string },
): Promise<void> => {
  const name = `${table}_${month.replace('-', '_')}`;
  await db.dataSource.transaction(async (tx) => {
    await tx.query(`SET LOCAL lock_timeout = '5s'`);
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`partition ${name}`]);
    const [existing] = await query(tx, 'SELECT FROM pg_class WHERE oid = to_regclass($1)', [name]);
    if (existing !== undefined) return;
    await tx.query(`CREATE TABLE ${name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
    await tx.query(
      `ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${month}-01') TO ('${nextMonth(month)}-01')`,
    );
  });
};

const nextMonth = (month: string): string => {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 7);
};
