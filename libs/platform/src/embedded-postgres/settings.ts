import { totalmem } from 'node:os';

export type Settings = Readonly<Record<string, string | number>>;

const megabytes = 1024 * 1024;

/**
 * For one machine that does other things too. WAL is capped so that a crashed server is back in a second or
 * two, not in the ten that a large one takes to replay.
 */
const base = (): Settings => ({
  listen_addresses: '127.0.0.1',
  // No socket file: its path would be too long in deep checkouts, and stale ones stop the next start.
  unix_socket_directories: '',
  max_connections: 300,
  shared_buffers: `${Math.max(32, Math.min(256, Math.floor(totalmem() / megabytes / 8)))}MB`,
  effective_cache_size: `${Math.max(128, Math.floor(totalmem() / megabytes / 4))}MB`,
  work_mem: '8MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '512MB',
  min_wal_size: '128MB',
  checkpoint_timeout: '2min',
  random_page_cost: 1.1,
  autovacuum_naptime: '20s',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_line_prefix: '%m [%p] %q%d ',
  log_checkpoints: 'off',
  // The password is 256 random bits: stretching it would only make every new connection slower.
  scram_iterations: 1,
});

/** Loses data when the machine (not the server) crashes: for tests. */
const notDurable: Settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '2GB',
  checkpoint_timeout: '30min',
};

export const serverSettings = (durable: boolean, own: Settings = {}): Settings => ({
  ...base(),
  ...(durable ? {} : notDurable),
  ...own,
});

export const asArguments = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
