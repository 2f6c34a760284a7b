import 'reflect-metadata';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import { root } from './child';
import { runCheckoutBench } from './checkout';
import type { Figure } from './figures';
import { runGatewayBench } from './gateway';
import { runLedgerBench } from './ledger';
import { runLoginBench } from './login';
import { runRankLatencyBench } from './pipeline/rank-latency';
import { runThroughputBench } from './pipeline/throughput';
import { runBoardsBench } from './rules/boards';
import { runHistoryBench } from './rules/history';
import { runRulesBench } from './rules/rules';
import { runImportBench, runStartBench } from './whole-commands';

type Bench = (rounds: number) => Promise<readonly Figure[]>;

const withPostgres = async <T>(use: (postgres: EmbeddedPostgres) => Promise<T>): Promise<T> => {
  const directory = mkdtempSync(join(tmpdir(), 'lyceum-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(directory, 'postgres') });
  try {
    return await use(postgres);
  } finally {
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
};

const benches: Readonly<Record<string, Bench>> = {
  gateway: (rounds) => runGatewayBench({ rounds }),
  pipeline: (rounds) =>
    withPostgres((postgres) => runThroughputBench(postgres, { rounds, queue: 'PostgreSQL' })),
  latency: () =>
    withPostgres((postgres) => runRankLatencyBench(postgres, { seconds: 20, queue: 'PostgreSQL' })),
  rules: runRulesBench,
  boards: () => withPostgres(runBoardsBench),
  history: (rounds) => withPostgres((postgres) => runHistoryBench(postgres, rounds)),
  ledger: (rounds) => withPostgres((postgres) => runLedgerBench(postgres, { rounds })),
  checkout: (rounds) => withPostgres((postgres) => runCheckoutBench(postgres, { rounds })),
  login: (rounds) => withPostgres((postgres) => runLoginBench(postgres, { rounds })),
  import: runImportBench,
  start: runStartBench,
};

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      out: { type: 'string', default: join(root, 'tmp', 'bench.json') },
    },
  });
  const names = values.only?.split(',') ?? Object.keys(benches);
  const figures: Figure[] = [];
  for (const name of names) {
    const bench = benches[name];
    if (bench === undefined)
      throw new Error(`There is no bench ${name}: ${Object.keys(benches).join(', ')}`);
    process.stdout.write(`${name} …\n`);
    const found = await bench(Number(values.rounds));
    for (const figure of found) process.stdout.write(`${line(figure)}\n`);
    figures.push(...found);
  }
  process.stdout.write(`\n${figures.map(line).join('\n')}\n`);
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(
    values.out,
    JSON.stringify({ at: new Date().toISOString(), machine: machine(), figures }, null, 2),
  );
  process.stdout.write(`\nwritten to ${values.out}\n`);
  return figures.every(({ isMet, isStretch }) => isMet || isStretch) ? 0 : 1;
};

const number = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 });

const line = ({ name, unit, ours, peer, ratio, target, isMet, isStretch, cv }: Figure): string =>
  [
    `  ${(isMet ? 'met' : isStretch === true ? 'not yet' : 'MISSED').padEnd(8)} ${name.padEnd(66)}`,
    `${number(ours).padStart(8)} ${unit.padEnd(9)}`,
    peer === null ? ''.padEnd(14) : `peer ${number(peer).padEnd(9)}`,
    ratio === null ? ''.padEnd(8) : `${ratio.toFixed(2)}×`.padEnd(8),
    `target ${target}`.padEnd(16),
    cv === null ? '' : `cv ${(cv * 100).toFixed(0)} %`,
  ].join(' ');

const machine = (): object => ({
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  system: `${platform()} ${arch()}`,
});

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
