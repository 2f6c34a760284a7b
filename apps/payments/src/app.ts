import {
  buildSubgraph,
  type App,
  type AnyJob,
  type Consumer,
  type ReferenceResolver,
  type Subgraph,
  type WorkerGroup,
} from '@lyceum/platform';
import type { ClassType } from 'type-graphql';
import { catalogue } from './catalogue';
import { communities } from './communities';
import { costs } from './costs';
import { coupons } from './coupons';
import { database } from './database';
import { ledger } from './ledger';
import { splits } from './splits';

export { database };

/** What a slice adds to the app. */
interface Slice {
  readonly resolvers?: readonly ClassType[];
  readonly types?: readonly ClassType[];
  readonly references?: Readonly<Record<string, ReferenceResolver>>;
  readonly consumers?: readonly Consumer[];
  readonly jobs?: readonly AnyJob[];
}

const slices: readonly Slice[] = [communities, ledger, catalogue, splits, costs, coupons];

/** What a community sells, and the money it makes: the composition root of payments. */
export const createApp = (): App => ({
  schema: buildSubgraph({
    resolvers: slices.flatMap(({ resolvers = [] }) => resolvers),
    types: slices.flatMap(({ types = [] }) => types),
    references: Object.assign({}, ...slices.map(({ references }) => references)) as Record<
      string,
      ReferenceResolver
    >,
  }),
  consumers: slices.flatMap(({ consumers = [] }) => consumers),
  jobs: slices.flatMap(({ jobs = [] }) => jobs),
});

export const workerGroups: Readonly<Record<string, WorkerGroup>> = {
  payments: { isPrimary: true, destinations: ['payments'] },
};

export const payments: Subgraph = { name: 'payments', database, createApp, workerGroups };
