import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries';
import { moveAway, newAwayPlace, openAwayPlace, relinkAwayPlace } from './away-place';
import { asUser, canEnter, isRoot, type ServerUser } from './server-user';

export const superuser = 'lyceum';

/** The files of one embedded PostgreSQL, all below its data directory. */
export const clusterFiles = (dataDir: string) => ({
  /** PGDATA, or a symbolic link to it (see `away-place.ts`). */
  cluster: join(dataDir, 'cluster'),
  password: join(dataDir, 'password'),
  log: join(dataDir, 'postgres.log'),
});

/** The directory in which the cluster is, if there is one. The server must not run when `openCluster` is called. */
export const findCluster = async (dataDir: string): Promise<string | null> => {
  const { cluster } = clusterFiles(dataDir);
  if (!(await lstat(cluster).catch(() => null))) await relinkAwayPlace(cluster);
  const entry = await lstat(cluster).catch(() => null);
  if (!entry) return null;
  if (entry.isSymbolicLink()) await openAwayPlace(cluster, await readlink(cluster));
  return realpath(cluster);
};

/** Makes an existing cluster fit to be started: the right version, owned by and reachable for its user. */
export const openCluster = async (
  dataDir: string,
  { user, binaries }: { user: ServerUser; binaries: Binaries },
): Promise<string> => {
  const directory = await realpath(clusterFiles(dataDir).cluster);
  await ownCluster(directory, user);
  const version = (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim();
  if (version !== binaries.major) {
    throw new Error(
      `${directory} was written by PostgreSQL ${version}, this is PostgreSQL ${binaries.major}: ` +
        'move the data with pg_dump of the old version.',
    );
  }
  return (await canEnter(user, directory)) ? directory : moveAway(clusterFiles(dataDir).cluster);
};

/** Makes a new cluster, whole or not at all: a start that is cut short leaves only a draft to remove. */
export const createCluster = async (
  dataDir: string,
  options: { user: ServerUser; binaries: Binaries; durable: boolean },
): Promise<string> => {
  const { cluster, password } = clusterFiles(dataDir);
  await removeDrafts(dataDir);
  const secret = randomBytes(32).toString('base64url');
  await writeFile(password, secret, { mode: 0o600 });

  let draft = join(dataDir, `draft-${process.pid}`);
  await makeDraft(draft, options.user);
  const away = (await canEnter(options.user, draft)) ? null : await newAwayPlace(cluster);
  if (away) {
    await rm(draft, { recursive: true });
    draft = away.draft;
    await makeDraft(draft, options.user);
  }
  await initialise(draft, secret, options);
  const destination = away?.cluster ?? cluster;
  await rename(join(draft, 'cluster'), destination);
  await rm(draft, { recursive: true });
  await away?.link();
  return realpath(destination);
};

export const readPassword = (dataDir: string): Promise<string> =>
  readFile(clusterFiles(dataDir).password, 'utf8');

const makeDraft = async (draft: string, user: ServerUser): Promise<void> => {
  await mkdir(draft, { mode: 0o700 });
  if (user) await chown(draft, user.uid, user.gid);
};

const removeDrafts = async (dataDir: string): Promise<void> => {
  const drafts = (await readdir(dataDir)).filter((name) => name.startsWith('draft-'));
  const removals = drafts.map((name) => rm(join(dataDir, name), { recursive: true, force: true }));
  // The initdb of a parent that was just killed may still write there: then it goes at the next chance.
  await Promise.allSettled(removals);
};

const initialise = async (
  draft: string,
  secret: string,
  { user, binaries, durable }: { user: ServerUser; binaries: Binaries; durable: boolean },
): Promise<void> => {
  const passwordFile = join(draft, 'password');
  await writeFile(passwordFile, secret, { mode: 0o600 });
  if (user) await chown(passwordFile, user.uid, user.gid);
  const options = [
    `--pgdata=${join(draft, 'cluster')}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--set=scram_iterations=1',
    '--encoding=UTF8',
    // The same order and case rules on every machine, whatever locales it has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  await promisify(execFile)(binaries.initdb, options, asUser(user)).catch((error: unknown) => {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(
      `The embedded PostgreSQL could not be set up: ${stderr.trim() || String(error)}`,
    );
  });
};

/** A copy made by root belongs to root, and a copied directory may be open to others: PostgreSQL refuses both. */
const ownCluster = async (directory: string, user: ServerUser): Promise<void> => {
  const { uid, mode } = await stat(directory);
  if (isRoot() && user && uid !== user.uid) {
    await promisify(execFile)('chown', ['-R', `${user.uid}:${user.gid}`, directory]);
  } else if (!isRoot() && uid !== process.getuid?.()) {
    throw new Error(
      `The database in ${directory} belongs to another user (id ${uid}): start as the user who made it, or choose another data directory.`,
    );
  }
  if ((mode & 0o077) !== 0) await chmod(directory, 0o700);
};
