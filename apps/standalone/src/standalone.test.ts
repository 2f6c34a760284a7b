import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@lyceum/contracts';
import { silentLog } from '@lyceum/platform';
import { Client } from 'pg';
import { attachOrStart } from './attach';
import { Complaint } from './complaint';
import { resetDataDirectory } from './data-directory';
import { importDemoOnce, readDemo } from './demo';
import { readRun } from './run-file';
import { screen } from './screen';
import { startStandalone, type Standalone } from './start-standalone';

const base = mkdtempSync(join(tmpdir(), 'lyceum-standalone-'));
const dataDir = join(base, 'my data 学习');
const log = silentLog();
const start = (port = 0): Promise<Standalone> => startStandalone({ port, dataDir, log });

afterAll(async () => {
  await resetDataDirectory(dataDir);
  rmSync(base, { recursive: true });
});

const ask = async (url: string, query: string): Promise<unknown> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
};

describe('the platform in one process', () => {
  let standalone: Standalone;
  beforeAll(async () => {
    standalone = await start();
  }, 60_000);
  afterAll(() => standalone.stop());

  it('answers federated queries, and says that all of it is ready', async () => {
    expect(
      await ask(standalone.url, '{ communities(first: 1) { edges { node { id } } } }'),
    ).toEqual({
      data: { communities: { edges: [] } },
    });
    const health = await fetch(`${standalone.url}/health/ready`);
    expect(await health.json()).toMatchObject({ status: 'ready' });
  });

  it('refuses what asks a subgraph directly', async () => {
    const run = await readRun(dataDir);

    for (const url of Object.values(run?.subgraphUrls ?? { none: standalone.url })) {
      expect(await ask(url, '{ _service { sdl } }')).toMatchObject({
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
  });

  it('tells other processes where it is, in a file that others cannot read', async () => {
    expect(await readRun(dataDir)).toMatchObject({
      pid: process.pid,
      kind: 'platform',
      state: 'running',
      url: standalone.url,
      databaseUrls: standalone.databaseUrls,
    });
    expect(statSync(join(dataDir, 'run.json')).mode & 0o077).toBe(0);
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o077).toBe(0);
  });

  it('is what commands attach to, and leave running', async () => {
    const attachment = await attachOrStart(dataDir);

    expect(attachment).toMatchObject({ isAttached: true, databaseUrls: standalone.databaseUrls });
    await attachment.stop();
    expect((await fetch(`${standalone.url}/health/live`)).ok).toBe(true);
  });

  it('is the only one on its data directory, and a second start says so', async () => {
    const second = start().catch((error: unknown) => error);

    expect(await second).toBeInstanceOf(Complaint);
    expect(await second).toMatchObject({
      message: expect.stringContaining(`already runs on ${dataDir} at ${standalone.url}`) as string,
    });
  });

  it('imports the demo community once, and again when that was cut short', async () => {
    const imports: string[] = [];
    const community = { id: newId<'Community'>(), slug: 'ai' };
    const cutShort = () => Promise.reject(new Error('cut short'));
    await expect(importDemoOnce(standalone, { dataDir, importDemo: cutShort })).rejects.toThrow(
      'cut short',
    );
    const importDemo = async () => {
      imports.push(community.slug);
      await foundCommunity(standalone, community.id);
      return community;
    };

    await importDemoOnce(standalone, { dataDir, importDemo });
    await importDemoOnce(standalone, { dataDir, importDemo });

    expect(imports).toEqual(['ai']);
    expect(await readDemo(dataDir)).toEqual({ state: 'done', slug: 'ai' });
    expect(await screen(standalone, { dataDir })).toContain('demo-moderator');
  });

  it('leaves a community that somebody founded without the demo', async () => {
    rmSync(join(dataDir, 'demo.json'));

    await importDemoOnce(standalone, {
      dataDir,
      importDemo: () => Promise.reject(new Error('no')),
    });

    expect(await readDemo(dataDir)).toBeNull();
  });
});

describe('between two starts', () => {
  it('secrets and data stay, and a command starts what it needs for itself', async () => {
    const secrets = readFileSync(join(dataDir, 'secrets.json'), 'utf8');
    const attachment = await attachOrStart(dataDir, { log });

    expect(attachment.isAttached).toBe(false);
    expect(await count(attachment.databaseUrls['identity'] ?? '', 'community')).toBe(1);
    await expect(start()).rejects.toThrow(/A command works on .* \(process \d+\)/);
    await attachment.stop();
    expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).toBe(secrets);
    expect(await readRun(dataDir)).toBeNull();
  }, 60_000);

  it('a port that is taken is named, with the way out, and nothing stays behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number }; // a TCP server's

    await expect(start(port)).rejects.toThrow(
      `Port ${port} is taken by another program. Choose another one: npm start -- --port ${port + 1}`,
    );

    other.close();
    expect(await readRun(dataDir)).toBeNull();
    const again = await start();
    await again.stop();
  }, 60_000);

  it('a reset removes the data and nothing else', async () => {
    writeFileSync(join(dataDir, 'mine.txt'), 'not of Lyceum');

    await resetDataDirectory(dataDir);

    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    expect(existsSync(join(dataDir, 'secrets.json'))).toBe(false);
    expect(existsSync(join(dataDir, 'mine.txt'))).toBe(true);
  });
});

const foundCommunity = async ({ databaseUrls }: Standalone, id: string): Promise<void> => {
  await sql(
    databaseUrls['identity'] ?? '',
    `INSERT INTO community (id, slug, name, created_at) VALUES ('${id}', 'ai', 'AI', now())`,
  );
};

const count = async (url: string, table: string): Promise<number> =>
  Number((await sql(url, `SELECT count(*) FROM ${table}`))[0]?.['count']);

const sql = async (url: string, text: string): Promise<Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};
