import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isRoot } from './server-user';
import { openStateHome } from './state-home';

/**
 * Root's server runs as an unprivileged user, and a checkout below a private home is closed to that user. The
 * cluster then lives in the state home, and the data directory holds a symbolic link to it. Beside the cluster
 * a file names that link, so that a copy of the checkout does not take the original's database for its own.
 */
export interface AwayPlace {
  /** A directory to be made in which the cluster can be prepared. */
  readonly draft: string;
  readonly cluster: string;
  /** Makes the link, when the cluster is there. */
  link(): Promise<void>;
}

export const newAwayPlace = async (link: string): Promise<AwayPlace> => {
  const home = await openStateHome();
  await removeForgotten(home);
  // What a killed start has left; a finished cluster would have been found by `relinkAwayPlace`.
  for (const place of await placesOf(link)) await rm(place, { recursive: true, force: true });
  const place = join(home, `cluster-${randomBytes(8).toString('hex')}`);
  await mkdir(place, { mode: 0o755 });
  await writeFile(originOf(place), link);
  const cluster = join(place, 'cluster');
  return { draft: join(place, 'draft'), cluster, link: () => symlink(cluster, link) };
};

/** Moves a cluster out of a data directory that its user cannot enter any more. */
export const moveAway = async (cluster: string): Promise<string> => {
  const place = await newAwayPlace(cluster);
  await rename(cluster, place.cluster).catch(async (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await promisify(execFile)('cp', ['-a', cluster, place.draft]);
    await rename(place.draft, place.cluster);
    await rm(cluster, { recursive: true });
  });
  await place.link();
  return place.cluster;
};

/** Makes the link that a killed start could not make any more. */
export const relinkAwayPlace = async (link: string): Promise<void> => {
  if (!isRoot()) return;
  for (const place of await placesOf(link)) {
    const cluster = join(place, 'cluster');
    if (await stat(join(cluster, 'PG_VERSION')).catch(() => null)) return symlink(cluster, link);
  }
};

/** Refuses a link whose database is gone or belongs to another checkout. Follows a checkout that was moved. */
export const openAwayPlace = async (link: string, target: string): Promise<void> => {
  if (!(await stat(target).catch(() => null))) {
    throw new Error(
      `The database of ${dirname(link)} was in ${target}, and is not there any more.`,
    );
  }
  const origin = await readFile(originOf(dirname(target)), 'utf8').catch(() => null);
  if (origin === null || origin === link) return;
  const originalTarget = await readlink(origin).catch(() => null);
  if (originalTarget === target && !(await isSameFile(origin, link))) {
    throw new Error(
      `${dirname(link)} is a copy: its database in ${target} belongs to ${dirname(origin)}. ` +
        'Choose another data directory, or start afresh with --reset.',
    );
  }
  await writeFile(originOf(dirname(target)), link);
};

/** Removes the database a link points to, if it is the link's own. */
export const removeAwayPlace = async (link: string): Promise<void> => {
  const target = await readlink(link).catch(() => null);
  if (target === null || basename(target) !== 'cluster') return;
  const place = dirname(target);
  const origin = await readFile(originOf(place), 'utf8').catch(() => null);
  if (origin === link) await rm(place, { recursive: true, force: true });
};

const placesOf = async (link: string): Promise<string[]> =>
  (await placesIn(await openStateHome())).flatMap(({ place, origin }) =>
    origin === link ? [place] : [],
  );

const placesIn = async (home: string) => {
  const names = (await readdir(home)).filter((name) => name.startsWith('cluster-'));
  return Promise.all(
    names.map(async (name) => {
      const place = join(home, name);
      return { place, origin: await readFile(originOf(place), 'utf8').catch(() => null) };
    }),
  );
};

/**
 * Temporary data directories are removed by who made them, without a thought of what is here. (Of other ones that
 * are gone, the disk may come back.)
 */
const removeForgotten = async (home: string): Promise<void> => {
  for (const { place, origin } of await placesIn(home)) {
    const isTemporary = origin?.startsWith(`${tmpdir()}/`) === true;
    if (!isTemporary || (await stat(dirname(origin)).catch(() => null))) continue;
    await rm(place, { recursive: true, force: true });
  }
};

const originOf = (place: string) => join(place, 'origin');

/** The same checkout may be reached by two names. */
const isSameFile = async (one: string, other: string): Promise<boolean> => {
  const [first, second] = await Promise.all([lstat(one), lstat(other)]);
  return first.ino === second.ino && first.dev === second.dev;
};
