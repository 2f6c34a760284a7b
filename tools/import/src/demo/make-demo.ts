import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDump, type Dump } from '../stackexchange/dump';
import { tableNames, type TableName } from '../stackexchange/dump-files';
import { writeTable, type RawRow } from '../stackexchange/write-dump';
import { readRows, type Attributes } from '../stackexchange/xml-rows';
import { attributionOf, demoReadme } from './attribution';
import { publicAttributes } from './public-attributes';

export interface DemoOptions {
  /** Where the dump is. */
  readonly from: string;
  /** Where the copy goes: a dump again, beside a README and the attribution. */
  readonly to: string;
  /** The site's host name: `ai.stackexchange.com`. */
  readonly site: string;
}

/**
 * Makes the copy of a site that may be published: what an import needs and no personal data beyond the names of
 * those who wrote something, which the licence asks for. Small sites only: it holds a table at a time.
 */
export const makeDemo = async ({ from, to, site }: DemoOptions): Promise<void> => {
  const dump = await checkDump(from, () => undefined);
  await mkdir(to, { recursive: true });
  const authors = await authorsOf(dump);
  for (const table of tableNames) {
    const rows = (await rawRows(dump, table))
      .map((row) => publish(row, { table, authors }))
      .filter((row) => row !== null);
    await writeTable(to, { table, rows }, { gzip: true, lineEnd: '\n' });
  }
  const attribution = attributionOf({
    site,
    posts: await rawRows(dump, 'Posts'),
    users: await rawRows(dump, 'Users'),
  });
  await writeFile(join(to, 'attribution.tsv'), attribution);
  await writeFile(join(to, 'README.md'), demoReadme(site, dump));
};

/** Those who wrote something that the copy holds. */
const authorsOf = async (dump: Dump): Promise<ReadonlySet<string>> => {
  const authors = new Set<string>();
  for (const row of await rawRows(dump, 'Posts')) authors.add(row['OwnerUserId'] ?? '');
  for (const row of await rawRows(dump, 'Comments')) authors.add(row['UserId'] ?? '');
  return authors;
};

const rawRows = async (dump: Dump, table: TableName): Promise<Attributes[]> => {
  const file = dump.files.get(table);
  if (!file) return [];
  const rows: Attributes[] = [];
  for await (const batch of readRows(file.path, {
    root: table.toLowerCase(),
    parse: (row) => ({ ...row }),
  })) {
    rows.push(...batch.rows);
  }
  return rows;
};

interface Publication {
  readonly table: TableName;
  readonly authors: ReadonlySet<string>;
}

const publish = (row: Attributes, { table, authors }: Publication): RawRow | null => {
  // The other rows of the history are old texts; and who proposed an edit may be an IP address there.
  if (table === 'PostHistory' && !isPersonsEdit(row)) return null;
  const published: Record<string, string> = {};
  for (const name of publicAttributes[table]) {
    const value = row[name];
    if (value !== undefined) published[name] = value;
  }
  if (table === 'Users' && !authors.has(row['Id'] ?? ''))
    published['DisplayName'] = `user${row['Id'] ?? ''}`;
  return published;
};

const isPersonsEdit = (row: Attributes): boolean =>
  row['PostHistoryTypeId'] === '24' &&
  /^Proposed by \d+ approved by [-\d, ]+ edit id of \d+$/.test(row['Comment'] ?? '');
