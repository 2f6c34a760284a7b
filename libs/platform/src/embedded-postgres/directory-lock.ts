import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isStampAlive, processStamp } from './process-stamp';

export interface DirectoryLock {
  release(): Promise<void>;
}

export class DirectoryInUse extends Error {
  constructor(
    readonly directory: string,
    readonly pid: number,
  ) {
    super(`${directory} is in use by process ${pid}.`);
  }
}

interface Holder {
  readonly stamp: string;
  readonly released?: true;
}

/**
 * One process at a time for a directory; the death of the holder frees it, however it died.
 *
 * The holder is the one whose name stands in `lock.<highest number>`. A file is never taken over: who finds the
 * highest one dead or released makes the next number with link(2), which one process wins. (Removing a
 * stale lock and making it anew would let a slow process remove the lock that a quick one has just made.)
 */
export const lockDirectory = async (directory: string): Promise<DirectoryLock> => {
  const stamp = processStamp(process.pid) ?? String(process.pid);
  for (;;) {
    const latest = await latestLock(directory);
    const holder = latest > 0 ? await readHolder(lockPath(directory, latest)) : null;
    if (holder && !holder.released && isStampAlive(holder.stamp)) {
      throw new DirectoryInUse(directory, Number.parseInt(holder.stamp, 10));
    }
    const own = lockPath(directory, latest + 1);
    if (await createLock(own, { stamp })) {
      await removeLocksBelow(directory, latest);
      return { release: () => replaceLock(own, { stamp, released: true }) };
    }
  }
};

const lockName = /^lock\.(\d+)$/;
const lockPath = (directory: string, number: number) => join(directory, `lock.${number}`);

const lockNumbers = async (directory: string): Promise<number[]> =>
  (await readdir(directory)).flatMap((name) => {
    const number = lockName.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });

const latestLock = async (directory: string) => Math.max(0, ...(await lockNumbers(directory)));

/** `null` for a file that is gone by now: its number was not the highest any more. */
const readHolder = async (path: string): Promise<Holder | null> => {
  try {
    // Written by `createLock` or `replaceLock`, whole or not at all.
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
};

const createLock = async (path: string, holder: Holder): Promise<boolean> => {
  const draft = await writeDraft(path, holder);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
};

const replaceLock = async (path: string, holder: Holder): Promise<void> => {
  // A directory that was removed under us holds no lock to give back.
  await writeDraft(path, holder)
    .then((draft) => rename(draft, path))
    .catch(() => undefined);
};

const writeDraft = async (path: string, holder: Holder): Promise<string> => {
  const draft = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(draft, JSON.stringify(holder));
  return draft;
};

/** The one before ours stays, so that a reader that is half through its listing still finds a number. */
const removeLocksBelow = async (directory: string, number: number): Promise<void> => {
  const old = (await lockNumbers(directory)).filter((other) => other < number);
  await Promise.all(old.map((other) => rm(lockPath(directory, other), { force: true })));
};
