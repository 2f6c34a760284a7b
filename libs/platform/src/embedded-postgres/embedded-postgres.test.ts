import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { DirectoryInUse, startEmbeddedPostgres } from './index';
import { processesOf, query, testHarness, until, watchdogOf } from './test-harness';

const harness = testHarness();
afterAll(() => harness.cleanUp());

const quick = { durable: false } as const;

describe('a server', () => {
  it('keeps its data from one start to the next, also below a long path with spaces and 中文', async () => {
    const dataDir = harness.place(`my data 学习社群/${'deep/'.repeat(30)}postgres`);
    const first = await startEmbeddedPostgres({ dataDir });
    await Promise.all([first.ensureDatabase('课程 1'), first.ensureDatabase('课程 1')]);
    await query(first.url('课程 1'), "CREATE TABLE note AS SELECT 'kept' AS text");
    await first.stop();

    const second = await startEmbeddedPostgres({ dataDir });
    await second.ensureDatabase('课程 1');

    expect(await query(second.url('课程 1'), 'SELECT text FROM note')).toEqual([{ text: 'kept' }]);
    await second.stop();
  });

  it('refuses connections without the password, and listens on the loopback address alone', async () => {
    const server = await startEmbeddedPostgres({ ...quick, dataDir: harness.place() });
    const url = new URL(server.url('postgres'));
    url.password = 'guess';

    await expect(query(url.toString(), 'SELECT 1')).rejects.toThrow(
      'password authentication failed',
    );
    expect(await query(server.url('postgres'), 'SHOW listen_addresses')).toEqual([
      { listen_addresses: '127.0.0.1' },
    ]);
    expect(await query(server.url('postgres'), 'SHOW unix_socket_directories')).toEqual([
      { unix_socket_directories: '' },
    ]);
    await server.stop();
  });

  it('is durable unless told otherwise, and takes settings', async () => {
    const show =
      "SELECT string_agg(setting, ' ' ORDER BY name) AS values FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'work_mem')";
    const durable = await startEmbeddedPostgres({ dataDir: harness.place() });
    const fast = await startEmbeddedPostgres({
      ...quick,
      dataDir: harness.place(),
      settings: { work_mem: '9MB' },
    });

    expect(await query(durable.url('postgres'), show)).toEqual([{ values: 'on on on 8192' }]);
    expect(await query(fast.url('postgres'), show)).toEqual([{ values: 'off off off 9216' }]);
    await Promise.all([durable.stop(), fast.stop()]);
  });

  it('stops within 5 s while sessions are in the middle of something, and leaves no process', async () => {
    const dataDir = harness.place();
    const server = await startEmbeddedPostgres({ ...quick, dataDir });
    const busy = new Client({ connectionString: server.url('postgres') });
    busy.on('error', () => undefined);
    await busy.connect();
    const sleeping = busy.query('SELECT pg_sleep(600)').catch((error: unknown) => String(error));

    const began = Date.now();
    await server.stop();

    expect(Date.now() - began).toBeLessThan(5_000);
    expect(await sleeping).toMatch(/terminat/);
    expect(processesOf(join(dataDir, 'cluster')).all).toEqual([]);
  });

  it('is started again on the same port when it crashes', async () => {
    const dataDir = harness.place();
    const server = await startEmbeddedPostgres({ dataDir });
    await query(server.url('postgres'), 'CREATE TABLE kept ()');
    const { pid } = server;

    process.kill(pid, 'SIGKILL');
    await until(() => server.pid !== pid);

    expect(
      await query(server.url('postgres'), "SELECT to_regclass('kept') IS NOT NULL AS kept"),
    ).toEqual([{ kept: true }]);
    await server.stop();
    expect(processesOf(join(dataDir, 'cluster')).all).toEqual([]);
  });

  it('is not started again when it crashes while it is being stopped', async () => {
    const dataDir = harness.place();
    const server = await startEmbeddedPostgres({ ...quick, dataDir });

    process.kill(server.pid, 'SIGKILL');
    await server.stop();

    await until(() => processesOf(join(dataDir, 'cluster')).all.length === 0);
  });
});

describe('a server that has just crashed', () => {
  it('can be stopped while it is being started again', async () => {
    const dataDir = harness.place();
    let crashed = false;
    const log = { info: () => undefined, warn: () => undefined, error: () => (crashed = true) };
    const server = await startEmbeddedPostgres({ ...quick, dataDir, log });

    process.kill(server.pid, 'SIGKILL');
    await until(() => crashed);
    await server.stop();

    expect(processesOf(join(dataDir, 'cluster')).all).toEqual([]);
  });
});

describe('a data directory', () => {
  it('is for one process at a time, and says whose it is', async () => {
    const dataDir = harness.place();
    const other = harness.startElsewhere({ ...quick, dataDir });
    await other.started;

    const refusal = await startEmbeddedPostgres({ ...quick, dataDir }).catch(
      (error: unknown) => error,
    );

    expect(refusal).toEqual(new DirectoryInUse(dataDir, other.child.pid ?? 0));
    await other.kill('SIGTERM');
    const after = await startEmbeddedPostgres({ ...quick, dataDir });
    await after.stop();
  });

  it('goes to exactly one of several processes that want it at the same moment', async () => {
    const dataDir = harness.place();
    const racers = Array.from({ length: 5 }, () => harness.startElsewhere({ ...quick, dataDir }));

    const outcomes = await Promise.all(racers.map(({ started }) => started));

    expect(outcomes.filter(({ url }) => url !== undefined)).toHaveLength(1);
    expect(outcomes.filter(({ name }) => name === 'DirectoryInUse')).toHaveLength(4);
    await racers[outcomes.findIndex(({ url }) => url !== undefined)]?.kill('SIGTERM');
  });

  it('is set up anew when the first set-up was cut short', async () => {
    const dataDir = harness.place();
    const other = harness.startElsewhere({ ...quick, dataDir });
    await until(() => isBeingSetUp(dataDir));
    await other.kill('SIGKILL');

    const server = await startEmbeddedPostgres({ ...quick, dataDir });

    expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  it('of another PostgreSQL version is refused, not touched', async () => {
    const dataDir = harness.place();
    await (await startEmbeddedPostgres({ ...quick, dataDir })).stop();
    writeFileSync(join(dataDir, 'cluster', 'PG_VERSION'), '12\n');

    await expect(startEmbeddedPostgres({ ...quick, dataDir })).rejects.toThrow(
      'was written by PostgreSQL 12',
    );
  });
});

describe('after kill -9', () => {
  it('of the parent, the server stops by itself', async () => {
    const dataDir = harness.place();
    const other = harness.startElsewhere({ ...quick, dataDir });
    await other.started;

    await other.kill('SIGKILL');

    await until(() => processesOf(join(dataDir, 'cluster')).all.length === 0);
  });

  it('of the parent, the next start does not have to wait for that', async () => {
    const dataDir = harness.place();
    const other = harness.startElsewhere({ dataDir });
    const { url = '' } = await other.started;
    await query(url, 'CREATE TABLE kept ()');

    await other.kill('SIGKILL');
    const server = await startEmbeddedPostgres({ dataDir });

    expect(
      await query(server.url('postgres'), "SELECT to_regclass('kept') IS NOT NULL AS kept"),
    ).toEqual([{ kept: true }]);
    await server.stop();
  });

  it('of the parent and the watchdog, the next start ends the orphan first', async () => {
    const dataDir = harness.place();
    const other = harness.startElsewhere({ ...quick, dataDir });
    const { url = '', pid: orphan = 0 } = await other.started;
    await query(url, 'CREATE TABLE kept ()');
    process.kill(watchdogOf(orphan), 'SIGKILL');
    await other.kill('SIGKILL');
    await until(() => isOnlyServer(join(dataDir, 'cluster'), orphan));

    const server = await startEmbeddedPostgres({ ...quick, dataDir });

    await until(() => isOnlyServer(join(dataDir, 'cluster'), server.pid));
    expect(
      await query(server.url('postgres'), "SELECT to_regclass('kept') IS NOT NULL AS kept"),
    ).toEqual([{ kept: true }]);
    await server.stop();
  });

  it('of everything, every committed row is there after the next start', async () => {
    const dataDir = harness.place();
    const other = harness.startElsewhere({ dataDir });
    const { url = '', pid = 0 } = await other.started;
    await query(url, 'CREATE TABLE number AS SELECT generate_series(1, 1000) AS n');
    process.kill(watchdogOf(pid), 'SIGKILL');
    process.kill(other.child.pid ?? 0, 'SIGSTOP'); // it must not have the time to start the server again
    process.kill(pid, 'SIGKILL');
    await other.kill('SIGKILL');

    const server = await startEmbeddedPostgres({ dataDir });

    expect(await query(server.url('postgres'), 'SELECT count(*)::int FROM number')).toEqual([
      { count: 1000 },
    ]);
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).toContain('not properly shut down');
    await server.stop();
  });

  it('a lock file whose pid is another process by now does not stop the next start', async () => {
    const dataDir = harness.place();
    const stranger = harness.startElsewhere({ ...quick, dataDir: harness.place() });
    const { pid: strangersPid = 0 } = await stranger.started;
    await (await startEmbeddedPostgres({ ...quick, dataDir })).stop();
    const cluster = join(dataDir, 'cluster');
    const lines = [
      strangersPid,
      cluster,
      1_700_000_000,
      5432,
      '',
      '127.0.0.1',
      '   12345     67890',
      'ready',
      '',
    ];
    writeFileSync(join(cluster, 'postmaster.pid'), lines.join('\n'));

    const server = await startEmbeddedPostgres({ ...quick, dataDir });

    await until(() => isOnlyServer(cluster, server.pid));
    await server.stop();
    await stranger.kill('SIGTERM');
  });
});

/** Children just forked bear their parent's name for a moment, hence to be waited for. */
const isOnlyServer = (cluster: string, pid: number): boolean =>
  processesOf(cluster).server.join() === String(pid);

const isBeingSetUp = (dataDir: string): boolean => {
  const drafts = list(dataDir, /^draft-/);
  return drafts.some((draft) => existsSync(join(dataDir, draft, 'cluster', 'PG_VERSION')));
};

const list = (directory: string, pattern: RegExp): string[] =>
  existsSync(directory) ? readdirSync(directory).filter((name) => pattern.test(name)) : [];
