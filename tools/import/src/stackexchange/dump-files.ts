import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code';
import { DumpError } from './dump-error';

/** The tables of the official dump that are read; each is one file, `Users.xml` or `Users.xml.gz`. */
export const tableNames = [
  'Users',
  'Tags',
  'Posts',
  'Comments',
  'Votes',
  'PostLinks',
  'PostHistory',
  'Badges',
] as const;
export type TableName = (typeof tableNames)[number];

const optional: ReadonlySet<TableName> = new Set(['PostHistory', 'Badges']);

export interface DumpFile {
  readonly table: TableName;
  readonly path: string;
  /** Bytes on disk. */
  readonly size: number;
}

export type DumpFiles = ReadonlyMap<TableName, DumpFile>;

/** Finds the tables of a dump in a folder, whatever the case of their names. */
export const findDumpFiles = async (folder: string): Promise<DumpFiles> => {
  const names = await namesIn(folder);
  const files = new Map<TableName, DumpFile>();
  for (const table of tableNames) {
    const candidates = names.filter((name) => tableOf(name) === table.toLowerCase());
    if (candidates.length > 1) {
      throw new DumpError(
        { file: folder },
        `holds ${candidates.join(' and ')}: only one of them can be read`,
      );
    }
    const [name] = candidates;
    if (name === undefined) continue;
    const path = join(folder, name);
    files.set(table, { table, path, size: (await stat(path)).size });
  }
  const missing = tableNames.filter((table) => !files.has(table) && !optional.has(table));
  if (missing.length > 0) throw new DumpError({ file: folder }, missingReason(missing, names));
  return files;
};

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') throw new DumpError({ file: folder }, 'there is no such folder');
    if (code === 'ENOTDIR')
      throw new DumpError({ file: folder }, 'is a file; give the folder that holds the dump');
    throw error;
  }
};

const tableOf = (name: string): string | undefined =>
  /^([a-z]+)\.xml(?:\.gz)?$/.exec(name.toLowerCase())?.[1];

const missingReason = (missing: readonly TableName[], names: readonly string[]): string => {
  const list = missing.map((table) => `${table}.xml`).join(', ');
  const archive = names.find((name) => name.endsWith('.7z'));
  const hint = archive === undefined ? '' : ` Unpack ${archive} first, for example with "7z x".`;
  return `is not a whole Stack Exchange dump: ${list} (or .xml.gz) missing.${hint}`;
};
