import { SlugTaken } from '@lyceum/identity/import';
import { Complaint } from '@lyceum/standalone/installation';
import type { DataSource } from 'typeorm';
import { breather, untilCaughtUp, type Outboxes } from './caught-up';
import type { ImportCommand } from './arguments';
import type { Progress } from './progress';
import { checkDump, type Dump } from './stackexchange/dump';
import { findDumpFiles } from './stackexchange/dump-files';
import { importSite, type ImportSummary } from './stackexchange/import-site';

/** More events than that may not wait: queues stay short and the disk is not filled. */
const mostWaiting = 10_000;
const importLock = 7_261_003;

/** Checks the dump, writes it, and waits until the workers have made points and metrics of it. */
export const importDump = async (
  installation: Outboxes,
  command: Pick<ImportCommand, 'slug' | 'name' | 'isWaiting'>,
  { progress, dump }: { progress: Progress; dump: Dump },
): Promise<ImportSummary> =>
  alone(installation.identity, command.slug, async () => {
    const { identity, content } = installation;
    const breathe = command.isWaiting ? breather(content, { most: mostWaiting }) : undefined;
    const target = { identity, content, ...(breathe && { breathe }) };
    try {
      const { slug, name } = command;
      const summary = await importSite(target, { dump, slug, name }, progress);
      if (command.isWaiting) await untilCaughtUp(installation, progress);
      return summary;
    } catch (error) {
      throw error instanceof SlugTaken ? new Complaint(error.message) : error;
    }
  });

/** Reads all of the dump before anything is written. */
export const checkWithProgress = async (folder: string, progress: Progress): Promise<Dump> => {
  const files = await findDumpFiles(folder);
  const size = [...files.values()].reduce((sum, file) => sum + file.size, 0);
  const shown = progress.phase('checking the dump', size);
  const read = new Map<string, number>();
  const dump = await checkDump(folder, ({ table, bytesRead }) => {
    read.set(table, bytesRead);
    shown.update([...read.values()].reduce((sum, bytes) => sum + bytes, 0));
  });
  const rows = [...dump.tables.values()].reduce((sum, table) => sum + table.rows, 0);
  shown.end(`${rows.toLocaleString('en')} rows`);
  return dump;
};

/** Two imports of one community at once would do the same work twice. The lock ends with the connection. */
const alone = async <Outcome>(
  source: DataSource,
  slug: string,
  run: () => Promise<Outcome>,
): Promise<Outcome> => {
  const session = source.createQueryRunner();
  try {
    const [row] = (await session.query(
      'SELECT pg_try_advisory_lock($1, hashtext($2)) AS "isOurs"',
      [importLock, slug],
    )) as { isOurs: boolean }[];
    if (row?.isOurs !== true) throw new Complaint(`Another import of "${slug}" is under way.`);
    return await run();
  } finally {
    await session.query('SELECT pg_advisory_unlock($1, hashtext($2))', [importLock, slug]);
    await session.release();
  }
};
