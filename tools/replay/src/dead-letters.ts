import * as content from '@lyceum/content/app';
import * as payments from '@lyceum/payments/app';
import {
  createSignals,
  openDatabase,
  replayDeadLetters,
  silentLog,
  type Deps,
  type Queues,
  type Subgraph,
} from '@lyceum/platform';
import * as reputation from '@lyceum/reputation/app';

/** The apps that consume events. */
export const consumingApps: readonly Subgraph[] = [
  content.content,
  payments.payments,
  reputation.reputation,
];

export interface Replayed {
  readonly app: string;
  readonly replayed: number;
  readonly failed: number;
}

/** Consumes the dead letters of one app again, as its worker would. What it emits goes to its outbox. */
export const replayDeadLettersOf = async (subgraph: Subgraph, url: string): Promise<Replayed> => {
  const log = silentLog();
  const dataSource = await openDatabase({
    ...subgraph.database,
    url,
    poolSize: 4,
    applicationName: 'lyceum-replay',
  });
  const signals = createSignals({ postgresUrl: url }, log);
  try {
    const deps: Deps = {
      app: subgraph.name,
      dataSource,
      signals,
      log,
      queues: noQueues,
      graph: { query: () => Promise.reject(new Error('consumers ask nobody')) },
      now: () => new Date(),
    };
    return {
      app: subgraph.name,
      ...(await replayDeadLetters(deps, subgraph.createApp(deps).consumers)),
    };
  } finally {
    await signals.close();
    await dataSource.destroy();
  }
};

const unused = (): never => {
  throw new Error('a replay consumes from the database, not from a queue');
};
const noQueues: Queues = {
  add: unused,
  work: unused,
  every: unused,
  isScheduled: unused,
  backlog: unused,
  ping: unused,
  close: unused,
};
