import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Real data that lies beside a checkout, where there is any: other people's, so not in the repository. */
export const sharedData = join(__dirname, '../../../../shared/data');

/** `describe` where that data is. A run without it names, in its last lines, what it left out. */
export const describeWithSharedData: (name: string, tests: () => void) => void = existsSync(
  sharedData,
)
  ? describe
  : (name, tests) => {
      describe.skip(`${name} [needs shared data]`, tests);
    };

const bigList = join(sharedData, 'fuzz-blns/blns.json');

/** Texts that have broken other software: some of our own, and the 515 of the Big List of Naughty Strings where it is. */
export const naughtyStrings: readonly string[] = [
  '\u0000',
  '\u202eabc',
  '__proto__',
  "'; DROP TABLE question; --",
  '{"$gt": ""}',
  '<script>alert(1)</script>',
  '😀'.repeat(1_000),
  ...(existsSync(bigList) ? (JSON.parse(readFileSync(bigList, 'utf8')) as string[]) : []),
];
