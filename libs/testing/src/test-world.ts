import { newId, type AccountId } from '@lyceum/contracts';
import {
  serviceContext,
  silentLog,
  type Actor,
  type AppDatabase,
  type Ctx,
  type Deps,
  type InternalGraph,
  type NewJob,
  type Queues,
} from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { testDatabase } from './test-database';

/** An app's world in a test: a real database, a clock that the test sets, queues and signals that only remember. */
export interface TestWorld {
  readonly deps: Deps;
  readonly db: EntityManager;
  /** A request of this account, or of nobody. */
  as(account: AccountId | { readonly id: AccountId } | null): Ctx;
  setNow(now: Date | string): void;
  /** What was published as signals. */
  readonly signalled: string[];
  /** What was queued, by queue. */
  readonly queued: Map<string, NewJob[]>;
  close(): Promise<void>;
}

export const testWorld = async (options: {
  readonly app: string;
  readonly database: AppDatabase;
  readonly graph?: InternalGraph;
  readonly now?: string;
}): Promise<TestWorld> => {
  const { dataSource, drop } = await testDatabase(options.database);
  let now = new Date(options.now ?? '2026-01-01T00:00:00Z');
  const signalled: string[] = [];
  const queued = new Map<string, NewJob[]>();
  const deps: Deps = {
    app: options.app,
    dataSource,
    queues: rememberingQueues(queued),
    signals: {
      publish: (topic) => void signalled.push(topic),
      listen: () => {
        throw new Error('a test of subscriptions needs real signals');
      },
      close: () => Promise.resolve(),
    },
    graph: options.graph ?? {
      query: () => Promise.reject(new Error('this test has no other subgraph')),
    },
    log: silentLog(),
    now: () => now,
  };
  return {
    deps,
    db: dataSource.manager,
    as: (account) => ({ ...serviceContext(deps, 'test'), actor: toActor(account) }),
    setNow: (next) => {
      now = new Date(next);
    },
    signalled,
    queued,
    close: drop,
  };
};

const toActor = (account: AccountId | { readonly id: AccountId } | null): Actor => {
  if (account === null) return { kind: 'anonymous' };
  const accountId = typeof account === 'string' ? account : account.id;
  return { kind: 'user', accountId, sessionId: newId<'Session'>(), scopes: ['*'] };
};

const rememberingQueues = (queued: Map<string, NewJob[]>): Queues => ({
  add: (queue, jobs) => {
    queued.set(queue, [...(queued.get(queue) ?? []), ...jobs]);
    return Promise.resolve();
  },
  work: () => {
    throw new Error('a test of workers needs real queues');
  },
  every: () => Promise.resolve(),
  isScheduled: () => Promise.resolve(true),
  backlog: () => Promise.resolve(0),
  ping: () => Promise.resolve(),
  close: () => Promise.resolve(),
});

/** Events that wait in the outbox, oldest first, one per event whatever the number of destinations. */
export const emitted = async (
  db: EntityManager,
): Promise<{ type: string; payload: Record<string, unknown>; occurredAt: Date }[]> =>
  db.query(
    `SELECT type, payload, occurred_at AS "occurredAt" FROM
       (SELECT DISTINCT ON (event_id) * FROM outbox ORDER BY event_id, id) AS event ORDER BY id`,
  );

/** Counts the SQL statements that run between now and `stop`. */
export const countStatements = (deps: Deps): { stop(): readonly string[] } => {
  const statements: string[] = [];
  const options = deps.dataSource as unknown as { logger: { logQuery(query: string): void } };
  const before = options.logger;
  options.logger = {
    ...quietLogger,
    logQuery: (query: string) => void statements.push(query),
  };
  return {
    stop: () => {
      options.logger = before;
      return statements;
    },
  };
};

const quietLogger = {
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};
