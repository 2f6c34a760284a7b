import { processStamp } from '@lyceum/platform/embedded-postgres';

const doubledMs = 1_500;
const lookMs = 500;

/**
 * Calls `stop` on the first Ctrl-C or request to end, then ends the process. A terminal's Ctrl-C reaches us both
 * directly and through npm, so a second signal counts as impatience only when it comes later.
 */
export const stopOnSignals = (stop: (reason: string) => Promise<void>): void => {
  let stoppingSince: number | undefined;
  const onReason = (reason: string): void => {
    if (stoppingSince === undefined) {
      stoppingSince = Date.now();
      stop(reason).then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(
            `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
          );
          process.exit(1);
        },
      );
    } else if (Date.now() - stoppingSince > doubledMs) {
      process.exit(1); // what we started sees our end, and ends by itself
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => onReason(signal));
  }
  watchLauncher(() => onReason('the end of npm'));
};

/** npm passes signals on, but not its own death. A platform nobody knows of would hold port and data. */
const watchLauncher = (onEnd: () => void): void => {
  const launcher = launcherStamp();
  if (launcher === undefined) return;
  const timer = setInterval(() => {
    if (launcherStamp() === launcher) return;
    clearInterval(timer);
    onEnd();
  }, lookMs);
  timer.unref();
};

/** The npm that started this process, if one did. */
export const launcherStamp = (): string | undefined =>
  process.env['npm_lifecycle_event'] === undefined
    ? undefined
    : (processStamp(process.ppid) ?? String(process.ppid));
