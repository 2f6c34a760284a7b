import { buildSubgraph, type App, type Subgraph, type WorkerGroup } from '@lyceum/platform';
import { catalogue } from './catalogue';
import { communities } from './communities';
import { database } from './database';
import { ledger } from './ledger';

export { database };

/** What a community sells, and the money it makes: the composition root of payments. */
export const createApp = (): App => ({
  schema: buildSubgraph({
    resolvers: catalogue.resolvers,
    types: catalogue.types,
    references: catalogue.references,
  }),
  consumers: communities.consumers,
  jobs: ledger.jobs,
});

export const workerGroups: Readonly<Record<string, WorkerGroup>> = {
  payments: { isPrimary: true, destinations: ['payments'] },
};

export const payments: Subgraph = { name: 'payments', database, createApp, workerGroups };
