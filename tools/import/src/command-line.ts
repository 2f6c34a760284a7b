import { Complaint, openInstallation, toldOf, typedPath } from '@lyceum/standalone/installation';
import type { DataSource } from 'typeorm';
import { parseCommand, usage, type Command } from './arguments';
import type { Outboxes } from './caught-up';
import { terminalProgress, type Progress } from './progress';
import { DumpError } from './stackexchange/dump-error';

/** Runs one command line, such as `import stackexchange dump --community ai`, and returns its exit code. */
export const runCommandLine = async (
  args: readonly string[],
  run: (command: Command, progress: Progress) => Promise<number>,
): Promise<number> => {
  const progress = terminalProgress();
  try {
    if (args.includes('--help') || args.includes('-h')) {
      progress.say(usage);
      return 0;
    }
    return await run(withFolder(parseCommand(args)), progress);
  } catch (error) {
    process.stderr.write(`\n${told(error)}\n`);
    return 1;
  }
};

const withFolder = (command: Command): Command => ({
  ...command,
  folder: typedPath(command.folder),
});

/** The databases of the installation that a command is about, for as long as the work takes. */
export const withInstallation = async <Outcome>(
  { dataDir }: { readonly dataDir: string | undefined },
  work: (databases: Outboxes) => Promise<Outcome>,
): Promise<Outcome> => {
  const installation = await openInstallation({
    databases: ['identity', 'content', 'reputation'],
    dataDir,
    applicationName: 'lyceum-import',
    poolSize: 4,
  });
  const interrupt = onInterrupt(() => installation.close());
  try {
    const { databases } = installation;
    await assertReady(databases.identity, databases.content);
    return await work(databases);
  } catch (error) {
    // What is interrupted fails, since its connections close: then the interruption says how the process ends.
    await interrupt.ending;
    throw error;
  } finally {
    interrupt.forget();
    await installation.close();
  }
};

/** A database that no service has ever been started on has no tables yet. */
const assertReady = async (...sources: readonly DataSource[]): Promise<void> => {
  for (const source of sources) {
    const [row] = await source.query<{ isReady: boolean }[]>(
      `SELECT to_regclass('import_progress') IS NOT NULL AS "isReady"`,
    );
    if (row?.isReady !== true) {
      throw new Complaint(
        'The databases have no tables yet: start the services once, then run the command again.',
      );
    }
  }
};

interface Interrupt {
  /** Pending for ever once a signal came; until then there is nothing to wait for. */
  readonly ending: Promise<void> | undefined;
  forget(): void;
}

/** Ctrl-C ends what was started for the command, too. What is committed stays; the same command goes on there. */
const onInterrupt = (close: () => Promise<void>): Interrupt => {
  let ending: Promise<void> | undefined;
  const end = (): void => {
    if (ending !== undefined) return;
    const leave = () => process.exit(130);
    ending = new Promise(() => void close().then(leave, leave));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  return {
    get ending() {
      return ending;
    },
    forget: () => {
      process.off('SIGINT', end);
      process.off('SIGTERM', end);
    },
  };
};

const told = (error: unknown): string =>
  error instanceof DumpError
    ? `The dump cannot be imported, and nothing of it was.\n${error.message}`
    : toldOf(error);
