import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@lyceum/platform';
import { startStandalone } from '@lyceum/standalone/app';

/** A running Lyceum, whichever profile it has. */
export interface System {
  readonly url: string;
  stop(): Promise<void>;
}

/** All in this process, on an embedded PostgreSQL. */
export const startEmbedded = async (): Promise<System> => {
  const directory = mkdtempSync(join(tmpdir(), 'lyceum-e2e-'));
  const standalone = await startStandalone({
    port: 0,
    host: '127.0.0.1',
    dataDir: join(directory, 'data'),
    log: silentLog(),
  });
  return {
    url: standalone.url,
    stop: async () => {
      await standalone.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
