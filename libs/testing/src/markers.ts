import { newId, type AccountId, type MemberId } from '@lyceum/contracts';
import type { Person, PersonalTable } from '@lyceum/platform';
import type { DataSource, EntityManager } from 'typeorm';

/*
 * Puts a text of its own into every field that a person can have, and looks for them afterwards: in an export all of
 * them must be, and after an erasure none.
 */

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  /** A value that a check constraint allows, when it allows only some. */
  readonly allowed: string | null;
}

export const aPerson = (): Person => ({
  accountId: newId<'Account'>(),
  memberIds: [newId<'Member'>(), newId<'Member'>()],
});

/** The marker of one field. */
export const markerOf = (table: string, column: string): string => `marker-${table}-${column}-end`;

const columnsOf = (db: EntityManager, table: string): Promise<Column[]> =>
  db.query<Column[]>(
    `SELECT c.table_name AS "table", c.column_name AS name, c.udt_name AS type, c.is_nullable = 'YES' AS "isNullable",
       (SELECT (regexp_match(pg_get_constraintdef(k.oid), '\\(' || c.column_name || ' = ANY \\(\\(?ARRAY\\[''([^'']+)'''))[1]
        FROM pg_constraint AS k WHERE k.conrelid = c.table_name::regclass AND k.contype = 'c'
          AND pg_get_constraintdef(k.oid) ~ ('\\(' || c.column_name || ' = ANY') LIMIT 1) AS allowed
     FROM information_schema.columns AS c
     WHERE c.table_schema = 'public' AND c.table_name = $1 AND c.is_generated = 'NEVER' AND c.is_identity = 'NO'`,
    [table],
  );

/**
 * One row in each table, about the person, with a marker in every text. Checks are taken off first: this is
 * about what is found again, not about what makes sense. `fixed` are values that rows need to be the person's.
 */
export const plantMarkers = async (
  dataSource: DataSource,
  tables: readonly PersonalTable[],
  { person, fixed = {} }: { person: Person; fixed?: Record<string, Record<string, unknown>> },
): Promise<readonly string[]> => {
  const db = dataSource.manager;
  const markers: string[] = [];
  const plans: { table: string; columns: readonly Column[] }[] = [];
  for (const { table } of tables) plans.push({ table, columns: await columnsOf(db, table) });
  await dropChecks(db);
  for (const [index, { table, columns }] of plans.entries()) {
    const isAbout = tables[index]?.isAbout ?? '';
    const values = columns.map((column) => {
      const set = fixed[table] ?? {};
      if (column.name in set) return set[column.name];
      return ownerOf(isAbout, column.name, person) ?? fill(column, markers);
    });
    await insert(dataSource, table, { columns, values });
  }
  return markers;
};

/** The person's id, for a column that the condition compares with it. */
const ownerOf = (
  isAbout: string,
  column: string,
  { accountId, memberIds }: Person,
): AccountId | MemberId | undefined => {
  if (isAbout.includes(`t.${column} = ANY($2)`)) return memberIds[0];
  return isAbout.includes(`t.${column} = $1`) ? accountId : undefined;
};

const fill = ({ table, name, type, allowed }: Column, markers: string[]): unknown => {
  const mark = (): string => {
    const marker = markerOf(table, name);
    markers.push(marker);
    return marker;
  };
  switch (type) {
    case 'text':
    case 'varchar':
      return allowed ?? mark();
    case '_text':
      return [mark()];
    case 'json':
    case 'jsonb':
      return JSON.stringify({ said: mark() });
    case 'bytea':
      return Buffer.from(mark());
    case 'uuid':
      return newId();
    case '_uuid':
      return [];
    case 'bool':
      return false;
    case 'timestamptz':
    case 'date':
      return '2026-01-01T00:00:00Z';
    default:
      return 1;
  }
};

const dropChecks = async (db: EntityManager): Promise<void> => {
  const rows = await db.query<{ sql: string }[]>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', conrelid::regclass, conname) AS sql FROM pg_constraint
     WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid <> 0 AND conparentid = 0`,
  );
  for (const { sql } of rows) await db.query(sql);
};

const insert = async (
  dataSource: DataSource,
  table: string,
  { columns, values }: { columns: readonly Column[]; values: readonly unknown[] },
): Promise<void> => {
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const places = columns.map((_, index) => `$${String(index + 1)}`).join(', ');
  await dataSource.transaction(async (db) => {
    await db.query('SET LOCAL session_replication_role = replica'); // no triggers
    await db.query(`INSERT INTO "${table}" (${names}) VALUES (${places})`, [...values]);
  });
};

/** Every marker that is still in the database, with its table; whatever the column and its type. */
export const findMarkers = async (db: EntityManager): Promise<readonly string[]> => {
  const tables = await db.query<{ name: string }[]>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await db.query<{ text: string }[]>(`SELECT t::text AS text FROM "${name}" AS t`);
    for (const { text } of rows) {
      const plain = text.replace(/\\+x([0-9a-f]+)/g, (_, hex: string) =>
        Buffer.from(hex, 'hex').toString('latin1'),
      );
      for (const [marker] of plain.matchAll(/marker-[\w-]+?-end/g))
        found.push(`${name}: ${marker}`);
    }
  }
  return found;
};

const isOwner =
  /(^|_)(account|member|author|voter|editor|earner|tipper|referrer|proposer|participant|offerer|buyer|payer|payee|user|owner|inviter|recipient|giver|sender|receiver|beneficiary|learner|reporter|actor)_id$|_by$|_by_id$/;

/** Columns that by their name hold a person's id, in tables that nobody has declared. */
export const undeclaredTables = async (
  db: EntityManager,
  declared: readonly PersonalTable[],
): Promise<readonly string[]> => {
  const rows = await db.query<{ table: string; name: string }[]>(
    `SELECT c.table_name AS "table", c.column_name AS name FROM information_schema.columns AS c
     JOIN information_schema.tables AS t ON t.table_name = c.table_name AND t.table_schema = c.table_schema
     WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.udt_name IN ('uuid', '_uuid') ORDER BY 1, 2`,
  );
  const known = new Set(declared.map(({ table }) => table));
  return rows
    .filter(({ table, name }) => isOwner.test(name) && !known.has(table))
    .map(({ table, name }) => `${table}.${name}`);
};
