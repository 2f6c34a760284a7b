import { createHash } from 'node:crypto';
import { DumpError, InvalidRow } from './dump-error';
import { findDumpFiles, tableNames, type DumpFiles, type TableName } from './dump-files';
import { IdSet } from './id-set';
import { parsers, type RowOf } from './tables';
import { readRows, type RowBatch } from './xml-rows';

/** A dump every row of which has been read once and found well-formed. */
export interface Dump {
  readonly folder: string;
  readonly files: DumpFiles;
  readonly tables: ReadonlyMap<TableName, TableFacts>;
  /** Of the first and the last post, comment or vote. */
  readonly firstEventAt: string;
  readonly lastEventAt: string;
}

export interface TableFacts {
  readonly rows: number;
  /** SHA-256 of the XML: whether an import that goes on does so in the same file. */
  readonly fingerprint: string;
}

export interface Progress {
  readonly table: TableName;
  readonly bytesRead: number;
}

/** Streams one table. A table that the dump may lack and lacks is empty. */
export async function* readTable<Table extends TableName>(
  files: DumpFiles,
  table: Table,
  options: { skip?: number; batchRows?: number; onBytes?: (chunk: Buffer) => void } = {},
): AsyncGenerator<RowBatch<RowOf<Table>>> {
  const file = files.get(table);
  if (!file) return;
  yield* readRows<RowOf<Table>>(file.path, {
    ...options,
    root: table.toLowerCase(),
    parse: parsers[table],
  });
}

/**
 * Reads a whole dump without keeping it and throws a DumpError at the first thing wrong, so that nothing
 * of a malformed dump is ever written.
 */
export const checkDump = async (
  folder: string,
  onProgress: (progress: Progress) => void,
): Promise<Dump> => {
  const files = await findDumpFiles(folder);
  const tables = new Map<TableName, TableFacts>();
  const span = { first: '', last: '' };
  for (const table of tableNames) {
    if (files.has(table)) tables.set(table, await checkTable(files, { table, span, onProgress }));
  }
  if (span.first === '')
    throw new DumpError({ file: folder }, 'holds no post: there is nothing to import');
  return { folder, files, tables, firstEventAt: span.first, lastEventAt: span.last };
};

interface Check {
  readonly table: TableName;
  readonly span: { first: string; last: string };
  readonly onProgress: (progress: Progress) => void;
}

const datesActivity: ReadonlySet<TableName> = new Set(['Posts', 'Comments', 'Votes']);

const checkTable = async (files: DumpFiles, check: Check): Promise<TableFacts> => {
  const file = files.get(check.table);
  const hash = createHash('sha256');
  const seen = new IdSet();
  let rows = 0;
  const parse = parsers[check.table];
  const batches = readRows(file?.path ?? '', {
    root: check.table.toLowerCase(),
    onBytes: (chunk) => hash.update(chunk),
    parse: (attributes) => {
      const row = parse(attributes);
      if (!seen.add(row.id)) throw new InvalidRow(`a second row has Id ${row.id}`);
      if (datesActivity.has(check.table) && 'createdAt' in row) widen(check.span, row.createdAt);
      return undefined;
    },
  });
  for await (const batch of batches) {
    rows = batch.rowNumber;
    check.onProgress({ table: check.table, bytesRead: batch.bytesRead });
  }
  return { rows, fingerprint: hash.digest('hex') };
};

const widen = (span: { first: string; last: string }, at: string): void => {
  if (span.first === '' || at < span.first) span.first = at;
  if (at > span.last) span.last = at;
};
