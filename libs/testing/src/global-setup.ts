import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// By path: Jest transforms a global set-up, but resolves its packages as Node does, to what was built.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { startEmbeddedPostgres } from '../../platform/src/embedded-postgres';

/** Starts the PostgreSQL of a Jest run, unless `TEST_DATABASE_URL` names one. */
const setUp = async (): Promise<void> => {
  if (process.env['TEST_DATABASE_URL'] !== undefined) return;
  const directory = await mkdtemp(join(tmpdir(), 'lyceum-test-'));
  await chmod(directory, 0o755); // or root's server, which is another user's process, could not enter it
  const server = await startEmbeddedPostgres({
    dataDir: join(directory, 'postgres'),
    durable: false,
  });
  process.env['TEST_DATABASE_URL'] = server.url('postgres');
  stopServer = async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
};

let stopServer: (() => Promise<void>) | undefined;

export const tearDown = async (): Promise<void> => {
  await stopServer?.();
};

// Jest wants the set-up as the default export of its file.
// eslint-disable-next-line no-restricted-syntax
export default setUp;
