import { database as contentDatabase } from '@lyceum/content/import';
import { database as identityDatabase } from '@lyceum/identity/import';
import { testDatabase, type TestDatabase } from '@lyceum/testing';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDump, type RawTables } from './stackexchange/write-dump';
import { startImport, type ImportProcess } from './testing/import-process';
import { largeDump } from './testing/large-dump';
import { smallDump } from './testing/small-dump';

let folder: string;
let reputation: TestDatabase;
let identity: TestDatabase;
let content: TestDatabase;

beforeAll(async () => {
  reputation = await testDatabase({ entities: [], migrations: [] }); // the platform's own tables
});
afterAll(() => reputation.drop());
beforeEach(async () => {
  [identity, content] = await Promise.all([
    testDatabase(identityDatabase),
    testDatabase(contentDatabase),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'dump with blanks '));
});
afterEach(async () => {
  await Promise.all([identity.drop(), content.drop(), rm(folder, { recursive: true })]);
});

const start = (): ImportProcess =>
  startImport({ identity: identity.url, content: content.url, reputation: reputation.url }, [
    ...['stackexchange', folder, '--community', 'site', '--no-wait'],
  ]);

const finish = async (): Promise<string> => {
  const run = start();
  const code = await run.ended;
  if (code !== 0) throw new Error(run.output());
  return run.output();
};

const tables = {
  identity: ['account', 'community', 'member', 'outbox', 'import_progress'],
  content: [
    ...[
      'question',
      'answer',
      'comment',
      'vote',
      'favourite',
      'bounty',
      'post_link',
      'tag',
      'question_tag',
    ],
    ...['outbox', 'import_progress'],
  ],
};

/** One hash a table of all rows in any order, less what differs from run to run. */
const fingerprint = async (): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const [name, test] of [
    ['identity', identity],
    ['content', content],
  ] as const) {
    for (const table of tables[name]) {
      const rows = await test.dataSource.query<{ row: string }[]>(
        `SELECT (to_jsonb(t) - '{updated_at,dispatched_at,dispatches}'::text[]
          - CASE WHEN $1 = 'outbox' THEN '{id,created_at}'::text[] ELSE '{}' END)::text AS row
         FROM ${table} AS t ORDER BY 1`,
        [table],
      );
      found[`${name}.${table}`] = `${rows.length} ${hash(rows.map(({ row }) => row).join('\n'))}`;
    }
  }
  return found;
};

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

const renew = async (): Promise<void> => {
  await Promise.all([identity.drop(), content.drop()]);
  [identity, content] = await Promise.all([
    testDatabase(identityDatabase),
    testDatabase(contentDatabase),
  ]);
};

it('killed again and again, at any point, and run again: ends where an uninterrupted import does', async () => {
  await writeDump(folder, largeDump(6_000));
  await finish();
  const whole = await fingerprint();
  await renew();
  for (const stop of [/checking/, /people/, /tags/, /questions/, /answers/, /comments/]) {
    const run = start();
    await run.until(stop);
    run.child.kill('SIGKILL');
    expect(await run.ended).toBeNull();
  }
  expect(await finish()).toMatch(/rows into community "site"/);
  expect(await fingerprint()).toEqual(whole);
  expect(await finish()).toMatch(/nothing was left to do/);
  expect(await fingerprint()).toEqual(whole);
}, 180_000);

it('holds no more of a large dump in memory than of a small one', async () => {
  await writeDump(folder, largeDump(40_000), { gzip: true });
  const [, peak] = /peak (\d+) kB/.exec(await finish()) ?? [];
  expect(Number(peak)).toBeGreaterThan(50_000);
  expect(Number(peak)).toBeLessThan(400_000);
}, 180_000);

describe('what is wrong', () => {
  const refusal = async (dump: RawTables = smallDump): Promise<string> => {
    await writeDump(folder, dump);
    const run = start();
    expect(await run.ended).toBe(1);
    return run.output();
  };

  it('is said with file, line and reason, and nothing is written', async () => {
    const output = await refusal({
      ...smallDump,
      Votes: [
        ...(smallDump.Votes ?? []),
        { Id: 1, PostId: 10, VoteTypeId: 2, CreationDate: 'soon' },
      ],
    });
    expect(output).toMatch(
      /nothing of it was\.\nVotes\.xml:21: attribute CreationDate is not a date: "soon"/,
    );
    expect(output).not.toMatch(/\n\s+at /);
    expect(await identity.dataSource.query('SELECT FROM community')).toEqual([]);
    expect(await content.dataSource.query('SELECT FROM question')).toEqual([]);
  });

  it('is a community of that name which did not come from a dump', async () => {
    await identity.dataSource.query(
      `INSERT INTO community (id, slug, name, created_at) VALUES (gen_random_uuid(), 'site', 'Ours', now())`,
    );
    expect(await refusal()).toMatch(/There is a community "site" already/);
    expect(await content.dataSource.query('SELECT FROM tag')).toEqual([]);
  });

  it('is another import of the same community at the same time', async () => {
    const session = identity.dataSource.createQueryRunner();
    await session.query(`SELECT pg_advisory_lock(7261003, hashtext('site'))`);
    expect(await refusal()).toMatch(/Another import of "site" is under way/);
    await session.release();
  });

  it('is a database without tables', async () => {
    await writeDump(folder, smallDump);
    await writeFile(join(folder, 'notes.txt'), 'other files do not matter');
    const run = startImport(
      { identity: reputation.url, content: content.url, reputation: reputation.url },
      [...['stackexchange', folder, '--community', 'site']],
    );
    expect(await run.ended).toBe(1);
    expect(run.output()).toMatch(/databases have no tables yet/);
  });
});
