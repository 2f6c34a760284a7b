import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { tableNames, type TableName } from './dump-files';

/** One row's attributes as the dump names them. Undefined ones are left out. */
export type RawRow = Readonly<Record<string, string | number | undefined>>;
/** Tables left out are there and empty; those that are null are not there. */
export type RawTables = { readonly [Table in TableName]?: Iterable<RawRow> | null };

export interface WriteOptions {
  readonly gzip?: boolean;
  /** Between the lines. */
  readonly lineEnd?: string;
}

/** Writes a dump in the official format. */
export const writeDump = async (
  folder: string,
  tables: RawTables,
  options: WriteOptions = {},
): Promise<string> => {
  await mkdir(folder, { recursive: true });
  for (const table of tableNames) {
    const rows = tables[table];
    if (rows === null) continue;
    await writeTable(folder, { table, rows: rows ?? [] }, options);
  }
  return folder;
};

export const writeTable = async (
  folder: string,
  { table, rows }: { table: TableName; rows: Iterable<RawRow> },
  { gzip = false, lineEnd = '\r\n' }: WriteOptions = {},
): Promise<void> => {
  const xml = Readable.from(xmlOf(table.toLowerCase(), rows, lineEnd));
  const file = createWriteStream(join(folder, `${table}.xml${gzip ? '.gz' : ''}`));
  await (gzip ? pipeline(xml, createGzip({ level: 9 }), file) : pipeline(xml, file));
};

function* xmlOf(root: string, rows: Iterable<RawRow>, lineEnd: string): Generator<string> {
  let chunk = `\ufeff<?xml version="1.0" encoding="utf-8"?>${lineEnd}<${root}>${lineEnd}`;
  for (const row of rows) {
    chunk += `  <row ${attributesOf(row)}/>${lineEnd}`;
    if (chunk.length < 65_536) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}</${root}>`;
}

const attributesOf = (row: RawRow): string => {
  let text = '';
  for (const [name, value] of Object.entries(row)) {
    if (value !== undefined) text += `${name}="${escape(String(value))}" `;
  }
  return text;
};

const named: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escape = (value: string): string =>
  value.replace(
    /[&<>"\u0001-\u001f]/g,
    (character) => named[character] ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`,
  );
