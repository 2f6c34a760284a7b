import './node-version.mjs';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compileProjects } from './compile.mjs';
import { installPackages } from './install.mjs';
import { say } from './terminal.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Makes a checkout ready to run: packages installed, sources built. Does nothing when they are. */
export const prepare = async () => {
  const release = await takeTurn();
  try {
    await installPackages(root);
    return await compileProjects(root);
  } finally {
    release();
  }
};

/** Two commands that are started together must not install into the same folder at once. */
const takeTurn = async () => {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const path = join(tmpdir(), `lyceum-prepare-${name}-${process.getuid?.() ?? 'user'}`);
  for (let isTold = false; ;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isTurnTaken(path)) rmSync(path, { force: true });
    else if (!isTold) say('  Waiting for another Lyceum command that installs or builds …');
    isTold = true;
    await delay(200);
  }
  const giveBack = () => rmSync(path, { force: true });
  process.once('exit', giveBack);
  return () => {
    process.off('exit', giveBack);
    giveBack();
  };
};

const isTurnTaken = (path) => {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    // The file is made a moment before the pid is in it.
    return pid === 0 ? Date.now() - statSync(path).mtimeMs < 2_000 : process.kill(pid, 0);
  } catch {
    return false;
  }
};
