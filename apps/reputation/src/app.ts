import { isId } from '@lyceum/contracts';
import {
  buildSubgraph,
  type App,
  type Deps,
  type Subgraph,
  type WorkerGroup,
} from '@lyceum/platform';
import { Community } from './communities/community.type';
import { consumersOf } from './consumers';
import { database } from './database';
import { EngagementUpdatesResolver } from './engagement/engagement-updates.resolver';
import { EngagementResolver } from './engagement/engagement.resolver';
import { LeaderboardResolver } from './leaderboard/leaderboard.resolver';
import { analytics } from './metrics';
import { RulePresetsResolver } from './rule-sets/rule-presets.resolver';
import { incentives } from './incentives';
import { personalData } from './privacy/personal-data';
import { MemberPointsResolver, PointEntryResolver } from './points/points.resolver';

export * from './for-tools';
export { database } from './database';
export * from './metrics/for-verification';
export * from './replay/recompute-in-sql';
export { replayAll } from './replay/replay-all';
export type { ReplayProgress } from './replay/replay-points';

/** Members and communities belong to identity: any id may be right, and what we don't know has no points yet. */
const known = ({ id }: { readonly id: string }) => (isId(id) ? { id } : null);

export const createApp = (deps: Deps): App => ({
  schema: buildSubgraph({
    resolvers: [
      MemberPointsResolver,
      PointEntryResolver,
      LeaderboardResolver,
      EngagementResolver,
      EngagementUpdatesResolver,
      ...analytics.resolvers,
      RulePresetsResolver,
      ...incentives.resolvers,
      ...personalData.resolvers,
    ],
    types: [Community],
    references: { Member: known, Community: known },
  }),
  consumers: consumersOf(deps.signals),
  jobs: [...incentives.jobs, ...analytics.jobs],
  routes: (server) => {
    analytics.routes(server, deps);
  },
});

/**
 * Points and metrics scale apart: each has its queue, its jobs, its own concurrency, and as many workers as it needs.
 * Metrics count one community at a time, so several batches at once are of several communities.
 */
export const workerGroups: Readonly<Record<string, WorkerGroup>> = {
  incentives: { isPrimary: true, destinations: ['reputation-incentives'] },
  engagement: { isPrimary: false, destinations: ['reputation-engagement'], concurrency: 2 },
};

export const reputation: Subgraph = { name: 'reputation', database, createApp, workerGroups };
