import type { DataSource, EntityManager, MigrationInterface, QueryRunner } from 'typeorm';
import { writeOutbox, type PendingEvent } from './outbox/outbox';

/** A stretch of rows of one file of another system, written together. */
export interface ImportStep {
  /** Whose data: `stackexchange:ai`. */
  readonly source: string;
  /** What of it: `votes`. */
  readonly phase: string;
  /** Which file exactly; progress in another file does not count. */
  readonly fingerprint: string;
  /** How many of the file's rows are dealt with once this step is. */
  readonly rowNumber: number;
}

export interface ImportProgress {
  readonly phase: string;
  readonly fingerprint: string;
  readonly rowNumber: number;
}

/** Remembers in each database how far an import into it has come. */
export class ImportProgress1750000900000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE import_progress (
        source text NOT NULL,
        phase text NOT NULL,
        fingerprint text NOT NULL,
        row_number bigint NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (source, phase)
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE import_progress');
  }
}

/**
 * One transaction of an import: the rows, the events that tell of them, and how far the import has come. After a
 * kill it is there or not, as a whole, and a step that is there is not taken again. Returns what `write` returned
 * as `written`, or 0 for a step taken before.
 */
export const importStep = (
  dataSource: DataSource,
  step: ImportStep,
  write: (db: EntityManager) => Promise<{ written: number; events: readonly PendingEvent[] }>,
): Promise<number> =>
  dataSource.transaction(async (db) => {
    if (await isTaken(db, step)) return 0;
    const { written, events } = await write(db);
    await writeOutbox(db, events);
    await db.query(
      `INSERT INTO import_progress (source, phase, fingerprint, row_number) VALUES ($1, $2, $3, $4)
       ON CONFLICT (source, phase) DO UPDATE
         SET fingerprint = excluded.fingerprint, row_number = excluded.row_number, updated_at = now()`,
      [step.source, step.phase, step.fingerprint, step.rowNumber],
    );
    return written;
  });

/** The lock of the row makes two imports of one source take turns. */
const isTaken = async (db: EntityManager, step: ImportStep): Promise<boolean> => {
  const rows = await db.query<unknown[]>(
    `SELECT FROM import_progress WHERE source = $1 AND phase = $2 AND fingerprint = $3 AND row_number >= $4 FOR UPDATE`,
    [step.source, step.phase, step.fingerprint, step.rowNumber],
  );
  return rows.length > 0;
};

/** How far an import into this database has come, by phase. */
export const importProgress = async (
  dataSource: DataSource,
  source: string,
): Promise<ReadonlyMap<string, ImportProgress>> => {
  const rows = await dataSource.query<ImportProgress[]>(
    `SELECT phase, fingerprint, row_number::float8 AS "rowNumber" FROM import_progress WHERE source = $1`,
    [source],
  );
  return new Map(rows.map((row) => [row.phase, row]));
};
