import { createHash } from 'node:crypto';
import { DumpError, InvalidRow } from './dump-error';
import { findDumpFiles, tableNames, type DumpFiles, type TableName } from './dump-files';
import { IdSet } from './id-set';
import { parsers, type QuestionRow, type RowOf } from './tables';
import { readRows, type RowBatch } from './xml-rows';

/** A dump every row of which has been read once and found well-formed. */
export interface Dump {
  readonly folder: string;
  readonly files: DumpFiles;
  readonly tables: ReadonlyMap<TableName, TableFacts>;
  /** Of the first and the last post, comment or vote. */
  readonly firstEventAt: string;
  readonly lastEventAt: string;
  /** Who has a row in Users: other rows may name people who are gone. */
  readonly people: IdSet;
  /** The answers that their questions' rows call accepted. */
  readonly acceptedAnswers: IdSet;
  /** The posts that describe tags, of which Tags may name some. */
  readonly tagDescriptions: IdSet;
  /** How many questions have a tag that Tags lacks. */
  readonly undeclaredTags: ReadonlyMap<string, number>;
}

export interface TableFacts {
  readonly rows: number;
  /** SHA-256 of the XML: whether an import that goes on does so in the same file. */
  readonly fingerprint: string;
}

export interface ReadProgress {
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
  const root = table.toLowerCase();
  yield* readRows<RowOf<Table>>(file.path, { ...options, root, parse: parsers[table] });
}

/**
 * Reads a whole dump without keeping it and throws a DumpError at the first thing wrong, so that nothing
 * of a malformed dump is ever written. What it remembers takes about a bit a row.
 */
export const checkDump = async (
  folder: string,
  onProgress: (progress: ReadProgress) => void = () => undefined,
): Promise<Dump> => {
  const files = await findDumpFiles(folder);
  const tables = new Map<TableName, TableFacts>();
  const found: Found = {
    first: '',
    last: '',
    people: new IdSet(),
    acceptedAnswers: new IdSet(),
    tagDescriptions: new IdSet(),
    tags: new Set(),
    undeclaredTags: new Map(),
  };
  for (const table of tableNames) {
    if (files.has(table)) tables.set(table, await checkTable(files, { table, found, onProgress }));
  }
  if (found.first === '')
    throw new DumpError({ file: folder }, 'holds no post: there is nothing to import');
  const { first, last, tags: _tags, ...facts } = found;
  return { folder, files, tables, firstEventAt: first, lastEventAt: last, ...facts };
};

interface Found {
  first: string;
  last: string;
  readonly people: IdSet;
  readonly acceptedAnswers: IdSet;
  readonly tagDescriptions: IdSet;
  readonly tags: Set<string>;
  readonly undeclaredTags: Map<string, number>;
}

interface Check {
  readonly table: TableName;
  readonly found: Found;
  readonly onProgress: (progress: ReadProgress) => void;
}

const checkTable = async (
  files: DumpFiles,
  { table, found, onProgress }: Check,
): Promise<TableFacts> => {
  const hash = createHash('sha256');
  const seen = table === 'Users' ? found.people : new IdSet();
  const parse = parsers[table];
  let rows = 0;
  const file = files.get(table);
  const batches = readRows(file?.path ?? '', {
    root: table.toLowerCase(),
    onBytes: (chunk) => hash.update(chunk),
    parse: (attributes) => {
      const row = parse(attributes);
      if (!seen.add(row.id)) throw new InvalidRow(`a second row has Id ${row.id}`);
      note(found, { table, row });
    },
  });
  for await (const batch of batches) {
    rows = batch.rowNumber;
    onProgress({ table, bytesRead: batch.bytesRead });
  }
  return { rows, fingerprint: hash.digest('hex') };
};

const datesActivity: ReadonlySet<TableName> = new Set(['Posts', 'Comments', 'Votes']);

const note = (found: Found, { table, row }: { table: TableName; row: RowOf<TableName> }): void => {
  if (datesActivity.has(table) && 'createdAt' in row) {
    if (found.first === '' || row.createdAt < found.first) found.first = row.createdAt;
    if (row.createdAt > found.last) found.last = row.createdAt;
  }
  if ('count' in row) found.tags.add(row.name);
  if (!('kind' in row)) return;
  if (row.kind === 'question') noteQuestion(found, row);
  if (row.kind === 'tag-description') found.tagDescriptions.add(row.id);
};

const noteQuestion = (found: Found, { acceptedAnswerId, tags }: QuestionRow): void => {
  if (acceptedAnswerId !== null) found.acceptedAnswers.add(acceptedAnswerId);
  for (const tag of tags) {
    if (!found.tags.has(tag))
      found.undeclaredTags.set(tag, (found.undeclaredTags.get(tag) ?? 0) + 1);
  }
};
