import { chmod, lstat, mkdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRoot } from './server-user';

/**
 * Where files go that the server must reach and cannot reach in the checkout: a directory of ours that
 * others may enter and nobody else may write.
 */
export const openStateHome = async (): Promise<string> => {
  const problems: string[] = [];
  for (const path of candidates()) {
    try {
      await mkdir(path, { recursive: true, mode: 0o755 });
      await assertOurs(path);
      await chmod(path, 0o755);
      return path;
    } catch (error) {
      problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`No place for the files of the embedded PostgreSQL:\n${problems.join('\n')}`);
};

const candidates = (): string[] =>
  isRoot()
    ? ['/var/lib/lyceum', '/var/tmp/lyceum']
    : [
        join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lyceum'),
        join(tmpdir(), `lyceum-${process.getuid?.() ?? 'user'}`),
      ];

/** In a directory that everybody writes, somebody else may have been there before us. */
const assertOurs = async (path: string): Promise<void> => {
  const found = await lstat(path);
  if (!found.isDirectory()) throw new Error('is not a directory');
  if (found.uid !== process.getuid?.()) throw new Error('belongs to another user');
  if ((found.mode & 0o022) !== 0) throw new Error('can be written by other users');
};
