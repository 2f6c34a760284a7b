import type { Destination } from '@lyceum/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { DataSource, EntitySchema, MigrationInterface } from 'typeorm';
import { startAcknowledgements, startConsumers, type Consumer } from './consume';
import type { Deps } from './context';
import { startJobs, type AnyJob } from './job';
import { forgetInbox } from './outbox/forget-inbox.job';
import { startRelay } from './outbox/relay';

type Class<T> = new () => T;

/** What a deployable is made of; `createApp` of each app returns one, and servers and workers run it. */
export interface App {
  readonly schema: GraphQLSchema;
  readonly consumers: readonly Consumer[];
  readonly jobs: readonly AnyJob[];
  /** Further plain HTTP routes. */
  readonly routes?: AddRoutes;
}

/** Adds plain HTTP routes. Those for our own processes alone ask `isSigned` first. */
export type AddRoutes = (
  server: FastifyInstance,
  guard: { readonly isSigned: (request: FastifyRequest) => boolean },
) => void;

/** What must be known of an app before it has a database connection. */
export interface AppDatabase {
  readonly entities: readonly (Class<unknown> | EntitySchema)[];
  readonly migrations: readonly Class<MigrationInterface>[];
}

/** Which part of an app's background work a process does. */
export interface WorkerGroup {
  /** Whether this process tells the app's events and runs its jobs. One group of an app does. */
  readonly isPrimary: boolean;
  readonly destinations: readonly Destination[];
  /** How many batches of events a process of the group works on at once; 1 by default. */
  readonly concurrency?: number;
}

export interface RunningWorker {
  close(): Promise<void>;
}

/** Relay, acknowledgements, jobs and consumers, as the group says. */
export const startWorker = (deps: Deps, app: App, group: WorkerGroup): RunningWorker => {
  const primary = group.isPrimary ? [startRelay(deps), startAcknowledgements(deps)] : [];
  const jobs = [forgetInbox(deps.app), ...app.jobs].filter(({ destination }) =>
    destination === undefined ? group.isPrimary : group.destinations.includes(destination),
  );
  const { concurrency = 1 } = group;
  const consumers = group.destinations.map((destination) =>
    startConsumers(deps, { destination, concurrency }, app.consumers),
  );
  const parts = [...primary, startJobs(deps, jobs), ...consumers];
  return {
    close: async () => {
      await Promise.all(parts.map((part) => part.close()));
    },
  };
};

/** Whether everything this database's events should have caused has happened. */
export const isCaughtUp = async (dataSource: DataSource): Promise<boolean> => {
  const [row] = await dataSource.query<
    {
      isWaiting: boolean;
    }[]
  >('SELECT EXISTS (SELECT FROM outbox) AS "isWaiting"');
  return row?.isWaiting === false;
};
