import { access, constants, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeEmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import { Complaint } from './complaint';

/** Where everything of one installation is. */
export const filesOf = (dataDir: string) => ({
  postgres: join(dataDir, 'postgres'),
  secrets: join(dataDir, 'secrets.json'),
  run: join(dataDir, 'run.json'),
  demo: join(dataDir, 'demo.json'),
  logs: join(dataDir, 'logs'),
});

export const openDataDirectory = async (dataDir: string): Promise<void> => {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Complaint(
      `The data directory ${dataDir} cannot be used: ${reason}\nChoose another one: npm start -- --data-dir DIR`,
    );
  }
};

/** Removes the data and nothing else: a wrong `--data-dir` must not cost somebody a folder. */
export const resetDataDirectory = async (dataDir: string): Promise<void> => {
  const { postgres, ...others } = filesOf(dataDir);
  await removeEmbeddedPostgres(postgres);
  for (const path of Object.values(others)) await rm(path, { recursive: true, force: true });
};

/** `null` when there is no such file, or it is damaged. */
export const readJson = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
};

/** Whole or not at all, and for our eyes only. */
export const writeJson = async (path: string, value: unknown): Promise<void> => {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
};
