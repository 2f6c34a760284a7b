import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallDump } from '../testing/small-dump';
import { writeDump } from './write-dump';
import { checkDump, readTable } from './dump';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dump 中文 '));
});
afterEach(() => rm(folder, { recursive: true }));

const check = () => checkDump(folder, () => undefined);

describe('a whole dump', () => {
  it.each([
    ['plain', {}],
    ['gzipped', { gzip: true }],
    ['with LF', { lineEnd: '\n' }],
    ['on one line', { lineEnd: '' }],
  ])('%s: counts its rows and dates its activity', async (_name, options) => {
    await writeDump(folder, smallDump, options);
    const dump = await check();
    expect(
      Object.fromEntries([...dump.tables].map(([table, facts]) => [table, facts.rows])),
    ).toEqual({
      Users: 5,
      Tags: 4,
      Posts: 12,
      Comments: 5,
      Votes: 18,
      PostLinks: 4,
      PostHistory: 5,
      Badges: 1,
    });
    expect([dump.firstEventAt, dump.lastEventAt]).toEqual([
      '2021-05-02T10:00:00.000Z',
      '2021-05-15T00:00:00.000Z',
    ]);
  });

  it('is the same dump whether compressed or not', async () => {
    await writeDump(folder, smallDump);
    const plain = (await check()).tables.get('Posts')?.fingerprint;
    expect(plain).toBe(
      createHash('sha256')
        .update(await readFile(join(folder, 'Posts.xml')))
        .digest('hex'),
    );
    await rm(join(folder, 'Posts.xml'));
    await writeDump(folder, smallDump, { gzip: true }).then(() => removePlain());
    expect((await check()).tables.get('Posts')?.fingerprint).toBe(plain);
  });

  it('may lack PostHistory and Badges, and name its files in any case', async () => {
    await writeDump(folder, { ...smallDump, PostHistory: null, Badges: null });
    await rename(join(folder, 'Users.xml'), join(folder, 'USERS.XML'));
    await rename(join(folder, 'PostLinks.xml'), join(folder, 'postlinks.xml'));
    expect((await check()).tables.size).toBe(6);
  });

  it('goes on where an interrupted reading stopped', async () => {
    await writeDump(folder, smallDump);
    const { files } = await check();
    const seen: number[] = [];
    for await (const batch of readTable(files, 'Votes', { batchRows: 4, skip: 5 })) {
      seen.push(...batch.rows.map((row) => row.id));
      expect(batch.rowNumber).toBe(seen.at(-1));
    }
    expect(seen).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
  });

  it('reads both ways of writing tags, and drops control characters', async () => {
    await writeDump(folder, smallDump);
    const { files } = await check();
    const tags = new Map<number, readonly string[]>();
    for await (const { rows } of readTable(files, 'Posts')) {
      for (const row of rows) if (row.kind === 'question') tags.set(row.id, row.tags);
    }
    expect([...tags]).toEqual([
      [10, ['node.js', 'c++']],
      [12, ['c++', '中文']],
      [15, ['node.js']],
      [17, []],
    ]);
    for await (const { rows } of readTable(files, 'Comments'))
      expect(rows[1]?.text).toBe('x\r\nyz');
  });

  const removePlain = async () => {
    for (const table of Object.keys(smallDump))
      await rm(join(folder, `${table}.xml`), { force: true });
  };
});
