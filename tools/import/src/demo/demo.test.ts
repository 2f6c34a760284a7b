import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { checkDump, readTable } from '../stackexchange/dump';
import { recomputeReputation } from '../stackexchange/reputation';
import { compareReputations } from '../stackexchange/reputation-figures';
import type { UserRow } from '../stackexchange/tables';
import { writeDump } from '../stackexchange/write-dump';
import { smallDump } from '../testing/small-dump';
import { makeDemo } from './make-demo';

const demo = join(__dirname, '../../demo/ai');

const personal =
  /(AboutMe|Location|WebsiteUrl|EmailHash|ProfileImageUrl|Age|AccountId|LastAccessDate|LastEditorUserId|RevisionGUID)=/;

const xmlIn = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.gz'));
  return new Map(
    await Promise.all(
      names.map(
        async (name) => [name, gunzipSync(await readFile(join(folder, name))).toString()] as const,
      ),
    ),
  );
};

/** The attributes that rows have, values cut out so that a text which mentions one doesn't count. */
const attributesIn = (xml: string): ReadonlySet<string> =>
  new Set([...xml.replace(/="[^"]*"/g, '= ').matchAll(/(\w+)= /g)].map(([, name]) => name ?? ''));

describe('the demo community', () => {
  it('has no attribute that describes a person beyond authorship', async () => {
    for (const [name, xml] of await xmlIn(demo)) {
      const found = [...attributesIn(xml)].filter((attribute) => personal.test(`${attribute}=`));
      expect([name, found]).toEqual([name, []]);
    }
    const history = (await xmlIn(demo)).get('PostHistory.xml.gz') ?? '';
    expect(history).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
  });

  it('is whole: what its people earned can be recomputed from it', async () => {
    const dump = await checkDump(demo, () => undefined);
    const users: UserRow[] = [];
    for await (const { rows } of readTable(dump.files, 'Users')) users.push(...rows);
    const figures = compareReputations(users, await recomputeReputation(dump.files, 5));
    expect(figures.users).toBe(307);
    expect(figures.exactWithoutDownvotes).toBeGreaterThanOrEqual(0.95);
  });

  it('attributes every question and answer, and is small', async () => {
    const lines = (await readFile(join(demo, 'attribution.tsv'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 421 + 749);
    expect(lines[1]).toMatch(
      /^https:\/\/ai\.stackexchange\.com\/q\/1\t.+\thttps:\/\/.+\/users\/8\tCC BY-SA 3\.0$/,
    );
    expect(await readFile(join(demo, 'README.md'), 'utf8')).toMatch(
      /creativecommons\.org\/licenses\/by-sa/,
    );
    const sizes = await Promise.all(
      (await readdir(demo)).map(async (name) => (await stat(join(demo, name))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(1.5 * 1024 * 1024);
  });
});

describe('makeDemo', () => {
  it('leaves out what is personal, and names nobody who wrote nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'demo-'));
    await writeDump(join(folder, 'dump'), smallDump);
    await makeDemo({ from: join(folder, 'dump'), to: join(folder, 'demo'), site: 'x.example' });
    const files = await xmlIn(join(folder, 'demo'));
    expect([...files.values()].join('')).not.toMatch(
      /secret life|Somewhere|me\.example|d41d8cd9|me\.png|10\.0\.0\.1/,
    );
    expect(files.get('Users.xml.gz')).toMatch(/Id="2" .*DisplayName="Bob"/);
    expect(files.get('Users.xml.gz')).toMatch(/Id="4" .*DisplayName="user4"/);
    expect(files.get('PostHistory.xml.gz')?.match(/<row/g)).toHaveLength(3);
    expect((await checkDump(join(folder, 'demo'), () => undefined)).tables.get('Posts')?.rows).toBe(
      12,
    );
    await rm(folder, { recursive: true });
  });
});
