import { rateLimited } from '@lyceum/platform';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { createHashingThreads } from './hashing-threads';

export interface PasswordHashing {
  hash(password: string): Promise<string>;
  /** Takes the same time for an account without a password as for a wrong password. */
  isCorrect(passwordHash: string | null, password: string): Promise<boolean>;
}

/**
 * Hashes as many passwords at once as there are cores, keeps a short queue, and sheds the rest with
 * RATE_LIMITED: a flood of log-ins must not take the memory and the threads of everything else.
 */
export const createPasswordHashing = (
  pool: { concurrency: number; maxWaiting: number } = {
    concurrency: Math.max(1, availableParallelism()),
    maxWaiting: 128,
  },
): PasswordHashing => {
  const run = createPool(pool);
  const threads = createHashingThreads(pool.concurrency);
  let decoy: Promise<string> | undefined;
  return {
    hash: (password) => run(() => threads.hash(normalise(password))),
    async isCorrect(passwordHash, password) {
      // Made by the first call, whoever it asks for; of random bytes, which no password is.
      decoy ??= threads.hash(randomBytes(32).toString('base64'));
      const decoyHash = await decoy;
      const isMatch = await run(() =>
        threads.verify(passwordHash ?? decoyHash, normalise(password)),
      );
      return isMatch && passwordHash !== null;
    },
  };
};

/** The same password typed on another keyboard can be other code points. */
const normalise = (password: string): string => password.normalize('NFKC');

const createPool = ({ concurrency, maxWaiting }: { concurrency: number; maxWaiting: number }) => {
  let running = 0;
  const waiting: (() => void)[] = [];

  const enter = async (): Promise<void> => {
    if (running < concurrency) {
      running += 1;
      return;
    }
    if (waiting.length >= maxWaiting)
      throw rateLimited('Too many people are logging in; try again in a second.', {
        retryAfterMs: 1_000,
      });
    await new Promise<void>((resolve) => waiting.push(resolve)); // who leaves hands its place on
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };

  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
};
