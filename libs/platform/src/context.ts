import type { EventType } from '@lyceum/contracts';
import type DataLoader from 'dataloader';
import type { DataSource, EntityManager } from 'typeorm';
import { unauthenticated } from './errors';
import type { Actor } from './auth';
import type { Log } from './log';
import type { Queues } from './queue/queues';
import type { Signals } from './signals';

/** What an app's code may use of the outside world; made once, at boot. */
export interface Deps {
  /** The app's name, as in the routes: `content`. */
  readonly app: string;
  readonly dataSource: DataSource;
  readonly queues: Queues;
  readonly signals: Signals;
  readonly log: Log;
  /** The only clock: tests set it. */
  readonly now: () => Date;
  /** Asks another subgraph, as a service; see `InternalGraph`. */
  readonly graph: InternalGraph;
}

/** Signed requests from one service to another, for a fact that a projection does not have yet. */
export interface InternalGraph {
  /** Executes a query at the subgraph; throws SUBGRAPH_UNAVAILABLE within 2 s when it doesn't answer. */
  query<Data>(
    subgraph: string,
    request: { query: string; variables: Record<string, unknown> },
  ): Promise<Data>;
}

/** One request's world, read side. */
export interface Ctx {
  readonly actor: Actor;
  readonly db: EntityManager;
  readonly deps: Deps;
  readonly log: Log;
  readonly requestId: string;
  /** Unix milliseconds at which the caller's token ends; streams stop then. */
  readonly expiresAtMs: number;
  readonly loaders: Map<unknown, DataLoader<unknown, unknown>>;
  /** The address that the client's request came from, as the gateway tells it. */
  readonly client?: string | undefined;
  /** What the client says it is, at most 300 characters. */
  readonly userAgent?: string | undefined;
  /** Counts one mutation; throws RATE_LIMITED when there were too many. Absent for our own processes. */
  readonly spendWrite?: () => Promise<void>;
}

/** One transaction's world. Only here can events be emitted. */
export interface Tx {
  readonly actor: Actor;
  readonly db: EntityManager;
  readonly now: Date;
  readonly log: Log;
  readonly requestId: string;
  /** Writes the event beside the change it tells of: both are committed or neither. */
  emit<Payload>(
    type: EventType<string, Payload>,
    payload: Payload,
    options?: { occurredAt?: Date },
  ): Promise<void>;
  /** Runs after the commit, never after a rollback; for wake-ups and signals, which may be lost. */
  afterCommit(action: () => void): void;
}

/** The caller's account. Throws UNAUTHENTICATED for anyone who is not logged in. */
export const requireUser = (ctx: { readonly actor: Actor }): Extract<Actor, { kind: 'user' }> => {
  if (ctx.actor.kind !== 'user') throw unauthenticated();
  return ctx.actor;
};

/** A context for code that nobody asked for over the network: jobs, consumers, commands. */
export const serviceContext = (deps: Deps, requestId: string): Ctx => ({
  actor: { kind: 'service', name: deps.app },
  db: deps.dataSource.manager,
  deps,
  log: deps.log.child({ requestId }),
  requestId,
  expiresAtMs: Infinity,
  loaders: new Map(),
});
