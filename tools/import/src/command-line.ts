import { join, resolve } from 'node:path';
import { parseCommand, usage, type Command } from './arguments';
import { Complaint } from './complaint';
import { terminalProgress, type Progress } from './progress';
import { DumpError } from './stackexchange/dump-error';
import { openInstallation, type Installation } from './targets';

const root = resolve(__dirname, '../../..');

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

/** npm runs commands in the project's root; paths were typed somewhere else. */
const typedPath = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);

const withFolder = (command: Command): Command => ({
  ...command,
  folder: typedPath(command.folder),
});

/** The installation that a command is about, for as long as the work takes. */
export const withInstallation = async <Outcome>(
  { dataDir }: { readonly dataDir: string | undefined },
  work: (installation: Installation) => Promise<Outcome>,
): Promise<Outcome> => {
  const installation = await openInstallation({
    dataDir: dataDir === undefined ? undefined : typedPath(dataDir),
    defaultDataDir: join(root, '.lyceum'),
  });
  const interrupt = onInterrupt(() => installation.close());
  try {
    return await work(installation);
  } catch (error) {
    // What is interrupted fails, since its connections close: then the interruption says how the process ends.
    await interrupt.ending;
    throw error;
  } finally {
    interrupt.forget();
    await installation.close();
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

/** What a person can act upon has no stack. The platform's own complaints are known by their name. */
const told = (error: unknown): string => {
  if (error instanceof DumpError)
    return `The dump cannot be imported, and nothing of it was.\n${error.message}`;
  if (!(error instanceof Error)) return String(error);
  const isComplaint = error instanceof Complaint || error.constructor.name === 'Complaint';
  return isComplaint ? error.message : (error.stack ?? error.message);
};
