import { Worker } from 'node:worker_threads';

/** Argon2id with 19 MiB and two passes: about 14 ms of a core. (The library's default algorithm is argon2id.) */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * On Linux, priority belongs to a thread: those that hash give way to the one that answers requests, and to the
 * database beside it, so a flood of log-ins slows log-ins and not everything else.
 */
const threadSource = `
const { parentPort, workerData } = require('node:worker_threads');
const os = require('node:os');
try {
  if (process.platform === 'linux') os.setPriority(0, 5);
} catch {} // where it is forbidden, they hash all the same
const { hashSync, verifySync } = require(workerData.argon2);
parentPort.on('message', ({ password, passwordHash }) => {
  try {
    const outcome = passwordHash === undefined ? hashSync(password, workerData.cost) : verifySync(passwordHash, password);
    parentPort.postMessage({ outcome });
  } catch (error) {
    parentPort.postMessage({ problem: String(error) });
  }
});`;

interface Task {
  readonly password: string;
  /** With it, the password is compared; without, hashed. */
  readonly passwordHash?: string;
}
type Answer = { readonly outcome: string | boolean } | { readonly problem: string };

export interface HashingThreads {
  hash(password: string): Promise<string>;
  verify(passwordHash: string, password: string): Promise<boolean>;
}

interface Thread {
  readonly worker: Worker;
  hasEnded: boolean;
}

/** So many threads, each begun when it is first needed; no more than that may be asked at once. */
export const createHashingThreads = (count: number): HashingThreads => {
  const idle: (Thread | undefined)[] = Array.from({ length: count });
  const run = async (task: Task): Promise<string | boolean> => {
    const last = idle.pop();
    const thread = last === undefined || last.hasEnded ? startThread() : last;
    try {
      const answer = await askThread(thread, task);
      if ('problem' in answer) throw new Error(answer.problem);
      return answer.outcome;
    } finally {
      idle.push(thread);
    }
  };
  return {
    hash: async (password) => String(await run({ password })),
    verify: async (passwordHash, password) => (await run({ passwordHash, password })) === true,
  };
};

const startThread = (): Thread => {
  const workerData = { argon2: require.resolve('@node-rs/argon2'), cost };
  const worker = new Worker(threadSource, { eval: true, workerData });
  const thread = { worker, hasEnded: false };
  worker.on('error', () => (thread.hasEnded = true));
  worker.on('exit', () => (thread.hasEnded = true));
  return thread;
};

const askThread = ({ worker }: Thread, task: Task): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', answered).off('error', failed).off('exit', failed);
      worker.unref(); // an idle thread keeps no process alive
    };
    const answered = (answer: Answer): void => {
      settle();
      resolve(answer);
    };
    const failed = (): void => {
      settle();
      reject(new Error('a hashing thread has ended'));
    };
    worker.ref();
    worker.on('message', answered).on('error', failed).on('exit', failed);
    worker.postMessage(task);
  });
