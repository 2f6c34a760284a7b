import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { openDataDirectory, resetDataDirectory } from './data-directory';
import { inUse } from './databases';
import { importDemoOnce, type ImportDemo } from './demo';
import { isEnding, readRun } from './run-file';
import { screen } from './screen';
import { portTaken, startStandalone, type Standalone } from './start-standalone';
import { stopOnSignals } from './stop-on-signals';

export interface StandaloneSettings {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly reset: boolean;
  readonly demo: boolean;
  readonly importDemo: ImportDemo;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The process behind `npm start`: runs until it is told to stop. */
export const runStandalone = async (settings: StandaloneSettings): Promise<void> => {
  const { dataDir, host, port } = settings;
  await openDataDirectory(dataDir);
  await assertUnused(dataDir);
  await assertPortFree(settings);
  if (settings.reset) await resetDataDirectory(dataDir);

  let standalone: Standalone | undefined;
  const told = { toStop: false };
  stopOnSignals(async () => {
    told.toStop = true;
    say('\n  Stopping …');
    // Before there is anything to stop, ending is enough: the database sees it and stops by itself.
    await standalone?.stop();
    say('  Stopped.');
  });
  try {
    standalone = await startStandalone({ dataDir, host, port });
    if (settings.demo) await importDemoOnce(standalone, settings);
    say(await screen(standalone, settings));
  } catch (error) {
    if (told.toStop) return; // it fails because it is being stopped
    await standalone?.stop();
    throw error;
  }
};

/** How long the last run may take to end, when it is about to. */
const endingMs = 8_000;

const assertUnused = async (dataDir: string): Promise<void> => {
  const deadline = Date.now() + endingMs;
  for (let run = await readRun(dataDir); run !== null; run = await readRun(dataDir)) {
    if (!isEnding(run) || Date.now() > deadline) throw await inUse(dataDir, run.pid);
    await delay(100);
  }
};

/** Said before anything is started, rather than after. */
const assertPortFree = async ({ host, port }: StandaloneSettings): Promise<void> => {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw portTaken(error, port) ?? error;
  }
  server.close();
  await once(server, 'close');
};
