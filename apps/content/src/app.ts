import {
  buildSubgraph,
  load,
  type App,
  type BatchQuery,
  type Deps,
  type ReferenceResolver,
  type Subgraph,
  type WorkerGroup,
} from '@lyceum/platform';
import type { ClassType } from 'type-graphql';
import { accounts } from './accounts';
import { answers } from './answers';
import { articles } from './articles';
import { bounties } from './bounties';
import { comments } from './comments';
import { communities } from './communities';
import { anyId } from './communities/reference';
import { database } from './database';
import { exposure } from './exposure';
import { favourites } from './favourites';
import { idempotency } from './idempotency';
import { links } from './links';
import { paywall } from './paywall';
import { postLoaders } from './posts/post-loaders';
import { privacy } from './privacy';
import { privileges } from './privileges';
import { questions } from './questions';
import { ratings } from './ratings';
import { revisions } from './revisions';
import { suggestions } from './suggestions';
import { tags } from './tags';
import { tagsById } from './tags/tag.queries';
import { views } from './views';
import { votes } from './votes';

export { database } from './database';

interface Slice {
  readonly resolvers: readonly ClassType[];
}

const slices: readonly Slice[] = [
  questions,
  answers,
  articles,
  comments,
  exposure,
  ratings,
  votes,
  favourites,
  tags,
  revisions,
  suggestions,
  links,
  bounties,
  privileges,
  privacy,
  paywall,
];

const byId =
  (query: BatchQuery<string, object>): ReferenceResolver =>
  ({ id }, ctx) =>
    load(ctx, query, id);

export const createApp = (_deps: Deps): App => ({
  schema: buildSubgraph({
    resolvers: slices.flatMap(({ resolvers }) => resolvers),
    types: ratings.types,
    references: {
      Question: byId(postLoaders.question),
      Answer: byId(postLoaders.answer),
      Comment: byId(postLoaders.comment),
      Article: byId(postLoaders.article),
      Tag: byId(tagsById),
      Community: anyId,
      Member: anyId,
      Product: anyId,
    },
  }),
  consumers: [
    ...communities.consumers,
    ...privileges.consumers,
    ...accounts.consumers,
    ...exposure.consumers,
    ...views.consumers,
    ...paywall.consumers,
    ...privacy.consumers,
  ],
  jobs: [...bounties.jobs, ...idempotency.jobs],
});

/** Telling of what was written, hearing of members, and ending bounties is little work: one worker does it all. */
export const workerGroups: Readonly<Record<string, WorkerGroup>> = {
  content: { isPrimary: true, destinations: ['content'] },
};

export const content: Subgraph = { name: 'content', database, createApp, workerGroups };
