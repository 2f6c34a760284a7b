import { runCommandLine, withInstallation } from './command-line';
import type { Command, ImportCommand } from './arguments';
import { deadLetters } from './caught-up';
import { makeDemo } from './demo/make-demo';
import { checkWithProgress, importDump } from './import-command';
import type { Progress } from './progress';

/** `npm run import`. Returns the exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  runCommandLine(['import', ...args], run);

const run = async (command: Command, progress: Progress): Promise<number> => {
  if (command.kind === 'import') return runImport(command, progress);
  if (command.kind === 'demo')
    await makeDemo({ from: command.folder, to: command.to, site: command.site });
  return 0;
};

const runImport = async (command: ImportCommand, progress: Progress): Promise<number> => {
  const check = await timed(() => checkWithProgress(command.folder, progress));
  const { rowsRead, failed, importSeconds } = await withInstallation(
    command,
    async (installation) => {
      const { outcome, seconds } = await timed(() =>
        importDump(installation, command, { progress, dump: check.outcome }),
      );
      const failed = command.isWaiting
        ? await deadLetters([installation.content, installation.reputation])
        : 0;
      return { ...outcome, failed, importSeconds: seconds };
    },
  );
  // Starting and stopping a platform that did not run is no part of the import's rate.
  const seconds = check.seconds + importSeconds;
  progress.say(rowsRead === 0 ? nothingLeft(command) : summary(command, { rowsRead, seconds }));
  if (failed === 0) return 0;
  progress.say(
    `${failed} events could not be taken in: they wait in the tables dead_letter, with the reason.`,
  );
  return 1;
};

const timed = async <Outcome>(
  run: () => Promise<Outcome>,
): Promise<{ outcome: Outcome; seconds: number }> => {
  const startedAt = performance.now();
  const outcome = await run();
  return { outcome, seconds: (performance.now() - startedAt) / 1_000 };
};

const nothingLeft = ({ slug }: ImportCommand): string =>
  `This dump is in community "${slug}" already: nothing was left to do.`;

const summary = (
  { slug, folder, isWaiting }: ImportCommand,
  { rowsRead, seconds }: { rowsRead: number; seconds: number },
): string => {
  const rows = rowsRead.toLocaleString('en');
  const rate = Math.round(rowsRead / seconds).toLocaleString('en');
  const later = isWaiting ? '.' : '; points and metrics follow.';
  return `${rows} rows into community "${slug}" in ${seconds.toFixed(1)} s (${rate} rows/s)${later}
Compare with the dump: npm run verify -- stackexchange ${JSON.stringify(folder)} --community ${slug}`;
};
