import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { Complaint, progressLine } from './terminal.mjs';

const record = '.built.json';

/** Brings `dist/` of every project up to its `src/`: TypeScript through SWC, other files as they are. */
export const compileProjects = async (root) => {
  const compiler = compilerId(root);
  const plans = findProjects(root).map((project) => planProject(project, compiler));
  const work = plans.flatMap(({ changed }) => changed);
  if (work.length > 0) {
    const progress = progressLine(`Building ${work.length} files`);
    await compileAll(root, work, (done) => progress.update(done, work.length)).catch((error) => {
      progress.fail();
      const [reason] = error.message.split(/\n+(?:Caused by|Stack backtrace):/);
      throw new Complaint(`The build failed:\n${reason}`);
    });
    progress.end();
  }
  for (const plan of plans) finishProject(plan, compiler);
  return work.length;
};

/** Another compiler or other settings make everything new. */
const compilerId = (root) => {
  const require = createRequire(join(root, 'package.json'));
  const { version } = require('@swc/core/package.json');
  const settings = readFileSync(join(root, '.swcrc'), 'utf8');
  return createHash('sha256').update(`${version}\n${settings}\n1`).digest('hex');
};

const findProjects = (root) =>
  ['libs', 'apps', 'tools'].flatMap((group) => {
    const folder = join(root, group);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .filter(
        (project) => existsSync(join(project, 'package.json')) && existsSync(join(project, 'src')),
      )
      .filter((project) => !isBrowserProject(project));
  });

/** A web client has a bundler of its own. */
const isBrowserProject = (project) => {
  const { nx } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  return nx?.tags?.includes('type:web') === true;
};

const planProject = (project, compiler) => {
  const dist = join(project, 'dist');
  const before = readRecord(join(dist, record));
  const isCurrent = before?.compiler === compiler;
  const files = {};
  const changed = [];
  for (const source of sourcesIn(join(project, 'src'))) {
    const name = relative(join(project, 'src'), source).split(sep).join('/');
    const { mtimeMs, size } = statSync(source);
    files[name] = `${mtimeMs}-${size}`;
    const target = join(dist, outputOf(name));
    if (isCurrent && before.files[name] === files[name] && existsSync(target)) continue;
    changed.push({ source, target });
  }
  return { dist, files, changed };
};

const sourcesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && isShipped(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

const isShipped = (name) => !/\.(test|d)\.ts$/.test(name) && !name.startsWith('.');

const isTypeScript = (name) => name.endsWith('.ts');

const outputOf = (name) => (isTypeScript(name) ? name.replace(/ts$/, 'js') : name);

const compileAll = async (root, work, report) => {
  const { default: swc } = await import('@swc/core');
  const queue = [...work];
  let done = 0;
  const worker = async () => {
    for (let file = queue.pop(); file; file = queue.pop()) {
      await mkdir(dirname(file.target), { recursive: true });
      await (isTypeScript(file.source)
        ? compileFile(swc, root, file)
        : copyFile(file.source, file.target));
      report((done += 1));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
};

const compileFile = async (swc, root, { source, target }) => {
  const { code, map } = await swc.transformFile(source, {
    configFile: join(root, '.swcrc'),
    sourceFileName: relative(dirname(target), source),
  });
  await writeFile(`${target}.map`, map ?? '');
  await writeFile(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
};

/** Removes what no source makes any more, and remembers what was built. */
const finishProject = ({ dist, files, changed }, compiler) => {
  const kept = new Set([record]);
  for (const name of Object.keys(files)) {
    kept.add(outputOf(name));
    if (isTypeScript(name)) kept.add(`${outputOf(name)}.map`);
  }
  let removed = 0;
  for (const entry of existsSync(dist)
    ? readdirSync(dist, { withFileTypes: true, recursive: true })
    : []) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isDirectory() || kept.has(relative(dist, path).split(sep).join('/'))) continue;
    rmSync(path);
    removed += 1;
  }
  if (changed.length + removed > 0)
    writeFileSync(join(dist, record), JSON.stringify({ compiler, files }));
};

const readRecord = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
};
