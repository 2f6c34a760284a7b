import './node-version.mjs';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { prepare, root } from './prepare.mjs';
import { fail, say } from './terminal.mjs';

// What `describeWithRedis` of libs/testing adds to the name of a suite that it leaves out.
const needsRedis = '[needs Redis]';
const needsSharedData = '[needs shared data]';

const main = async () => {
  await prepare();
  const folder = mkdtempSync(join(tmpdir(), 'lyceum-jest-'));
  try {
    const resultFile = join(folder, 'results.json');
    const code = await runJest(resultFile);
    const results = readResults(resultFile);
    if (results === null) throw new Error(`Jest ended with ${code} and left no results.`);
    const isWhole = report(results);
    // Elsewhere a run without Redis is a good run; where changes are judged, nothing may be left out.
    const isEnough = isWhole || process.env.CI === undefined;
    process.exitCode = code === 0 && results.success && isEnough ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Arguments are Jest's: `npm test -- apps/content`, `npm test -- -t "accepts an answer"`. */
const runJest = async (resultFile) => {
  const jest = createRequire(join(root, 'package.json')).resolve('jest/bin/jest');
  const options = [
    '--config',
    join(root, 'jest.config.js'),
    '--json',
    // A connection that a failed test left open must not keep the run from its verdict.
    '--forceExit',
    `--outputFile=${resultFile}`,
  ];
  const child = spawn(process.execPath, [jest, ...options, ...process.argv.slice(2)], {
    cwd: root,
    // Jest writes its report for people to standard error, and the JSON again to standard output.
    stdio: ['inherit', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'test', APOLLO_TELEMETRY_DISABLED: 'true' },
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
};

const readResults = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
};

/** The last lines: what was left out and why, and the sum. Returns whether nothing was left out. */
const report = (results) => {
  const withoutRedis = leftOut(results, needsRedis);
  const withoutSharedData = leftOut(results, needsSharedData);
  // A file that cannot even be loaded is a failure, too, and has no tests to count.
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  say();
  if (withoutSharedData.length > 0) {
    say('Left out, because no real data lies beside this checkout, in ../shared/data:');
    for (const suite of withoutSharedData) say(`  ${suite}`);
  }
  if (withoutRedis.length > 0) {
    say('Left out, because there is no Redis (give REDIS_URL, or install redis-server):');
    for (const suite of withoutRedis) say(`  ${suite}`);
  } else if (!hasRedis()) {
    say('There is no Redis; no suite that ran needs one.');
  }
  say(
    `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  );
  return withoutRedis.length === 0 && withoutSharedData.length === 0;
};

/** The suites left out for want of this, each once: file and name. */
const leftOut = ({ testResults }, reason) => {
  const suites = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'pending')
      .map(({ ancestorTitles }) => ancestorTitles.find((title) => title.includes(reason)))
      .filter((title) => title !== undefined)
      .map((title) => `${relative(root, name)}: ${title.replace(` ${reason}`, '')}`),
  );
  return [...new Set(suites)];
};

const hasRedis = () =>
  process.env.REDIS_URL !== undefined || spawnSync('redis-server', ['--version']).status === 0;

main().catch(fail);
