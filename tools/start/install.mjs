import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Complaint, progressLine } from './terminal.mjs';

/** Installs what package-lock.json says, if that is not what is installed. */
export const installPackages = async (root) => {
  const stampFile = join(root, 'node_modules', '.lyceum-lock');
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const stamp = createHash('sha256').update(lockText).digest('hex');
  if (readIfThere(stampFile) === stamp) return;

  const wanted = packagesFor(JSON.parse(lockText));
  if (!isInstalled(root, wanted)) await runNpmCi(root, wanted);
  try {
    writeFileSync(stampFile, stamp);
  } catch {
    // Installed by another user: then the longer way to find that out is gone each time.
  }
};

/** Whether npm's own record of the installed tree has all of them: somebody ran `npm install` by hand. */
const isInstalled = (root, wanted) => {
  const record = readIfThere(join(root, 'node_modules', '.package-lock.json'));
  if (record === null) return false;
  const installed = JSON.parse(record).packages;
  return wanted.every(([path, { version, optional, link }]) => {
    const found = installed[path];
    return found ? found.version === version && found.link === link : optional === true;
  });
};

/** Those that belong on this machine. */
const packagesFor = (lock) =>
  Object.entries(lock.packages).filter(
    ([path, { os, cpu }]) => path !== '' && suits(os, process.platform) && suits(cpu, process.arch),
  );

const suits = (list, own) =>
  !list ||
  (list.includes(own) && !list.includes(`!${own}`)) ||
  list.every((name) => name.startsWith('!') && name !== `!${own}`);

const runNpmCi = async (root, wanted) => {
  const packages = wanted.filter(([, { link, version }]) => !link && version);
  // npm's log has a line for each tarball, and one for each package whose address it has to look up first.
  const lookUps = packages.filter(([, { resolved }]) => !resolved).length;
  const progress = progressLine(`Installing ${packages.length} packages`);
  const npm = spawnNpm([...ciOptions], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  const tail = [];
  let fetched = 0;
  createInterface({ input: npm.stderr }).on('line', (line) => {
    if (!line.startsWith('npm http')) tail.push(line);
    else progress.update((fetched += 1), packages.length + lookUps);
  });
  const code = await new Promise((resolve, reject) => {
    npm.once('error', reject).once('close', resolve);
  });
  if (code === 0) return progress.end();
  progress.fail();
  throw new Complaint(`npm could not install the packages:\n${tail.slice(-25).join('\n')}`);
};

const ciOptions = [
  'ci',
  '--loglevel=http',
  '--no-audit',
  '--no-fund',
  '--include=dev',
  '--include=optional',
];

/** The npm that runs us, or the one on the PATH. */
const spawnNpm = (args, options) => {
  const script = process.env.npm_execpath;
  return script && /npm-cli\.c?js$/.test(script)
    ? spawn(process.execPath, [script, ...args], options)
    : spawn('npm', args, { ...options, shell: process.platform === 'win32' });
};

const readIfThere = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};
