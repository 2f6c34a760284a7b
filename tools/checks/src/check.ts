import type { EntityManager } from 'typeorm';

export const databaseNames = ['identity', 'content', 'payments', 'reputation'] as const;
export type DatabaseName = (typeof databaseNames)[number];

/** A row that breaks an invariant. */
export interface Finding {
  /** Its table and key: `ledger_transfer 0198…`. */
  readonly row: string;
  readonly problem: string;
}

export interface Findings {
  /** How many rows were looked at. */
  readonly examined: number;
  /** How many of them break the invariant; `shown` are the first of these. */
  readonly broken: number;
  readonly shown: readonly Finding[];
}

/** Something that is always true of the data, and how to find the rows of which it is not. */
export interface Check {
  /** `ledger.sums-to-zero`. */
  readonly name: string;
  readonly in: DatabaseName;
  /** The invariant, as a sentence. */
  readonly says: string;
  /** Runs in a read-only snapshot, so that what is written meanwhile cannot look like a fault. */
  readonly find: (db: EntityManager) => Promise<Findings>;
}

export const shownAtMost = 20;

/** A check that is one query: `broken` selects a `row` and a `problem` for each row that breaks the invariant. */
export const sqlCheck = (definition: {
  readonly name: string;
  readonly in: DatabaseName;
  readonly says: string;
  /** The table (or what follows FROM) whose rows are examined. */
  readonly of: string;
  readonly broken: string;
}): Check => ({
  name: definition.name,
  in: definition.in,
  says: definition.says,
  find: async (db) => {
    const [counted] = await db.query<[{ examined: number }]>(
      `SELECT count(*)::int AS examined FROM ${definition.of}`,
    );
    const rows = await db.query<(Finding & { broken: number })[]>(
      `SELECT "row", problem, count(*) OVER ()::int AS broken FROM (${definition.broken}) AS found
       ORDER BY "row" LIMIT ${String(shownAtMost)}`,
    );
    return {
      examined: counted.examined,
      broken: rows[0]?.broken ?? 0,
      shown: rows.map(({ row, problem }) => ({ row, problem })),
    };
  },
});

/** A check that a stored count is what counting gives. `counted` selects `id` and `n`; absent ids count zero. */
export const recount = (definition: {
  readonly table: string;
  readonly column: string;
  readonly in: DatabaseName;
  readonly says: string;
  readonly counted: string;
  /** Which rows of the table; all of them unless given. */
  readonly where?: string;
}): Check => {
  const { table, column, where = 'true' } = definition;
  return sqlCheck({
    name: `${table}.${column.replaceAll('_', '-')}`,
    in: definition.in,
    says: definition.says,
    of: `${table} WHERE ${where}`,
    broken: `
      SELECT '${table} ' || ${table}.id AS "row",
        '${column} is ' || ${table}.${column} || ', counted ' || coalesce(counted.n, 0) AS problem
      FROM ${table} LEFT JOIN (${definition.counted}) AS counted ON counted.id = ${table}.id
      WHERE ${table}.${column} <> coalesce(counted.n, 0) AND (${where})`,
  });
};
