import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryInUse, lockDirectory } from './directory-lock';
import { isStampAlive, processStamp } from './process-stamp';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lyceum-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('a directory lock', () => {
  it('is given to one of many that ask at the same moment', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, () => lockDirectory(directory)),
    );

    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const attempt of attempts) {
      if (attempt.status === 'rejected') expect(attempt.reason).toBeInstanceOf(DirectoryInUse);
    }
  });

  it('can be had again once it is released', async () => {
    await (await lockDirectory(directory)).release();

    await (await lockDirectory(directory)).release();
  });

  it.each([
    ['a process that is no more', '{"stamp":"999999999:1"}'],
    ['a process whose pid another one has now', `{"stamp":"${process.pid}:1"}`],
    ['nobody, for it is damaged', ''],
  ])('is free when its holder is %s', async (_, content) => {
    writeFileSync(join(directory, 'lock.7'), content);

    const lock = await lockDirectory(directory);

    expect(readdirSync(directory).sort()).toEqual(['lock.7', 'lock.8']);
    await expect(lockDirectory(directory)).rejects.toThrow(`in use by process ${process.pid}`);
    await lock.release();
  });

  it('does not fill the directory with its past', async () => {
    for (let round = 0; round < 5; round += 1) await (await lockDirectory(directory)).release();

    expect(readdirSync(directory).sort()).toEqual(['lock.4', 'lock.5']);
  });

  it('is released without complaint when the directory is gone', async () => {
    const lock = await lockDirectory(directory);
    rmSync(directory, { recursive: true });

    await lock.release();

    directory = mkdtempSync(join(tmpdir(), 'lyceum-lock-'));
  });
});

describe('a process stamp', () => {
  it('is of a living process alone', () => {
    expect(isStampAlive(processStamp(process.pid) ?? '')).toBe(true);
    expect(processStamp(999_999_999)).toBeNull();
    expect(processStamp(Number.NaN)).toBeNull();
    expect(isStampAlive('')).toBe(false);
  });
});
