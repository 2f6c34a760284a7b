import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runToEnd, startPlatform } from './child';
import { absolute, type Figure } from './figures';

const demo = join(root, 'tools/import/demo/ai');

/** Rows a second of `npm run import`, from the check of the dump to the last point and metric. */
export const runImportBench = async (rounds: number): Promise<readonly Figure[]> => {
  const rates = [];
  for (let round = 0; round < rounds; round += 1) {
    const rate = await withDirectory(async (dataDir) => {
      const { output } = await runToEnd('tools/import/import.mjs', [
        ...['stackexchange', demo, '--community', 'bench', '--data-dir', dataDir],
      ]);
      const [, rows] = /\(([\d,]+) rows\/s\)/.exec(output) ?? [];
      if (rows === undefined) throw new Error(`no rate in:\n${output}`);
      return Number(rows.replaceAll(',', ''));
    });
    rates.push(rate);
  }
  return [
    absolute(
      { name: 'import of the demo community, points included', unit: 'rows/s', atLeast: 3_000 },
      rates,
    ),
  ];
};

/** From `npm start` to the first federated answer: the first time on a machine, and then again. */
export const runStartBench = async (rounds: number): Promise<readonly Figure[]> => {
  const seconds: number[] = [];
  await withDirectory(async (dataDir) => {
    for (let round = 0; round <= rounds; round += 1) {
      const platform = await startPlatform(dataDir, {
        port: await freePort(),
        args: ['--no-demo'],
      });
      await platform.stop();
      if (round > 0) seconds.push(platform.seconds);
    }
  });
  return [
    absolute({ name: 'second start → first federated answer', unit: 's', atMost: 5 }, seconds),
  ];
};

const withDirectory = async <T>(use: (dataDir: string) => Promise<T>): Promise<T> => {
  const directory = mkdtempSync(join(tmpdir(), 'lyceum-bench-'));
  try {
    return await use(join(directory, 'data'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** `@lyceum/testing` has one too, and is for Jest only. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
