import {
  defineJob,
  personalDataField,
  personalPage,
  useCase,
  type Ctx,
  type Person,
} from '@lyceum/platform';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { recordAudit } from '../audit/record-audit';
import type { DataExport } from './data-export.type';
import { waitingExports } from './export.queries';
import { keptTables, personalTables, personOf } from './personal-data';
import { tarGz, type ArchivedFile } from './tar';

/** The other parts of the system that hold data about people. */
export const parts = ['content', 'payments', 'reputation'] as const;

const seconds = 1_000;
const keptForMs = 7 * 86_400_000;

/** Puts waiting exports together. While a part is away they wait: an archive is complete or not there. */
export const assembleExports = defineJob({
  name: 'identity.assemble-exports',
  input: z.object({}),
  attempts: 1, // it comes again by itself
  timeoutMs: 300 * seconds,
  concurrency: 1,
  everyMs: 15 * seconds,
  run: async ({ ctx, signal }) => {
    await expire(ctx, null);
    for (const waiting of await waitingExports(ctx.db)) {
      if (signal.aborted) return;
      await finish(ctx, { waiting, archive: await assemble(ctx, waiting) });
    }
  },
});

interface Table {
  readonly part: string;
  readonly table: string;
  readonly rows: readonly Record<string, unknown>[];
}

const assemble = async (ctx: Ctx, { accountId, requestedAt }: DataExport): Promise<Buffer> => {
  const person = await personOf(ctx.db, accountId);
  const tables = await ownTables(ctx, person);
  for (const part of parts) tables.push(...(await tablesOf(ctx, part, person)));
  const files = tables.map(fileOf);
  const manifest = {
    accountId,
    requestedAt,
    assembledAt: ctx.deps.now(),
    parts: ['identity', ...parts],
    files: files.map(({ name, content }, index) => ({
      name,
      rows: tables[index]?.rows.length ?? 0,
      sha256: createHash('sha256').update(content).digest('hex'),
    })),
    staysAfterErasure: keptTables,
  };
  const about = { name: 'manifest.json', content: Buffer.from(JSON.stringify(manifest, null, 2)) };
  return tarGz([about, ...files], ctx.deps.now());
};

const fileOf = ({ part, table, rows }: Table): ArchivedFile => ({
  name: `${part}/${table}.jsonl`,
  content: Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
});

const ownTables = async (ctx: Ctx, person: Person): Promise<Table[]> => {
  const tables: Table[] = [];
  for (const table of await personalTables(ctx.db)) {
    const rows: Record<string, unknown>[] = [];
    for (let after: string | null | undefined; after !== null;) {
      const page = await personalPage(ctx.db, table, { person, after: after ?? null });
      rows.push(...page.rows);
      after = page.next;
    }
    tables.push({ part: 'identity', table: table.table, rows });
  }
  return tables;
};

const remotePage = z.object({
  table: z.string(),
  rows: z.array(z.record(z.string(), z.unknown())),
  next: z.string().nullable(),
});

/** Table by table, until the part says that there are no more. Throws SUBGRAPH_UNAVAILABLE. */
const tablesOf = async (ctx: Ctx, part: string, person: Person): Promise<Table[]> => {
  const field = personalDataField(part);
  const query = `query ($accountId: ID!, $memberIds: [ID!]!, $table: Int!, $after: String) {
    ${field}(accountId: $accountId, memberIds: $memberIds, table: $table, after: $after) }`;
  const tables: { part: string; table: string; rows: Record<string, unknown>[] }[] = [];
  let after: string | null = null;
  for (let table = 0; ;) {
    const reply: Record<string, string | null> = await ctx.deps.graph.query(part, {
      query,
      variables: { ...person, table, after },
    });
    const json = reply[field];
    if (json == null) return tables;
    const page = remotePage.parse(JSON.parse(json));
    if (after === null) tables.push({ part, table: page.table, rows: page.rows });
    else tables.at(-1)?.rows.push(...page.rows);
    after = page.next;
    if (after === null) table += 1;
  }
};

interface Finished {
  readonly waiting: DataExport;
  readonly archive: Buffer;
}

/** The log keeps the archive's digest: what was handed out can be proven. */
const finish = useCase(async (tx, { waiting, archive }: Finished): Promise<void> => {
  const digest = createHash('sha256').update(archive).digest('hex');
  const [, done] = await tx.db.query<[unknown, number]>(
    `UPDATE data_export SET state = 'ready', ready_at = $2, expires_at = $3, digest = $4, archive = $5
     WHERE id = $1 AND state = 'waiting'`,
    [waiting.id, tx.now, new Date(tx.now.getTime() + keptForMs), digest, archive],
  );
  if (done === 0) return; // another run was first, or the person was erased
  await recordAudit(tx, {
    action: 'privacy.exported',
    communityId: null,
    subject: { type: 'Account', id: waiting.accountId },
    details: { digest },
  });
});

const expire = useCase(async (tx, _: null): Promise<void> => {
  await tx.db.query(
    `UPDATE data_export SET state = 'expired', archive = NULL WHERE state = 'ready' AND expires_at <= $1`,
    [tx.now],
  );
});
