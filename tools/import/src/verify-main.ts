import type { Command } from './arguments';
import { runCommandLine, withInstallation } from './command-line';
import { checkWithProgress } from './import-command';
import type { Progress } from './progress';
import { table } from './verify/check';
import { verifySite } from './verify/verify-site';

/** `npm run verify`. Returns the exit code: 1 when something is below its gate. */
export const main = (args: readonly string[]): Promise<number> =>
  runCommandLine(['verify', ...args], run);

const run = async (command: Command, progress: Progress): Promise<number> => {
  if (command.kind !== 'verify') return 0;
  const dump = await checkWithProgress(command.folder, progress);
  const verdict = await withInstallation(command, (installation) =>
    verifySite(installation, { dump, slug: command.slug, progress }),
  );
  progress.say(
    `\n${table(verdict.checks)}\n${verdict.remarks.map((remark) => `\n  ${remark}`).join('')}`,
  );
  progress.say(
    verdict.isPassed ? 'Everything agrees with the dump.' : 'FAILED: see the lines marked so.',
  );
  return verdict.isPassed ? 0 : 1;
};
