import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The user a child process is started as; `null` is "the one we are". */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

export const isRoot = () => process.getuid?.() === 0;

/**
 * PostgreSQL refuses to run as root. Root's server runs as the user that owns its files already, or else as
 * the first of these that the machine knows.
 */
export const chooseServerUser = async (cluster: string): Promise<ServerUser> => {
  if (!isRoot()) return null;
  const owner = await stat(cluster).catch(() => null);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = await readUsers();
  for (const name of ['lyceum', 'postgres', 'nobody']) {
    const user = users.get(name);
    if (user && user.uid !== 0) return user;
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.',
  );
};

/** Spawn options that make a child that user, with nothing of our environment that PostgreSQL would heed. */
export const asUser = (user: ServerUser) => ({
  ...user,
  // Some programs look their working directory up, and ours may be closed to that user.
  cwd: '/',
  env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
});

/** Asked of the kernel, as that user: permission bits of all parents, ACLs and mount options count. */
export const canEnter = (user: ServerUser, directory: string): Promise<boolean> =>
  promisify(execFile)(
    '/bin/sh',
    ['-c', 'cd "$1" && test -w .', 'sh', directory],
    asUser(user),
  ).then(
    () => true,
    () => false,
  );

const readUsers = async (): Promise<Map<string, { uid: number; gid: number }>> => {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [name, , uid, gid] = line.split(':');
      // macOS writes nobody's ids as -2.
      return name && uid && gid ? [[name, { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }]] : [];
    }),
  );
};
