import type { AppDatabase } from '@lyceum/platform';
import { Behaviour1750000421000 } from './migrations/1750000421000-behaviour';
import { BoardTotals1750000405000 } from './migrations/1750000405000-board-totals';
import { ArticleAccess1750000469000 } from './migrations/1750000469000-article-access';
import { AnalyticsRefusals1750000466000 } from './migrations/1750000466000-analytics-refusals';
import { CommunitySettings1750000465000 } from './migrations/1750000465000-community-settings';
import { EngagementOfMembersAndTopics1750000420000 } from './migrations/1750000420000-engagement-of-members-and-topics';
import { LiveAnalytics1750000422000 } from './migrations/1750000422000-live-analytics';
import { Models1750000423000 } from './migrations/1750000423000-models';
import { ReputationTables1750000400000 } from './migrations/1750000400000-reputation-tables';
import { Revenue1750000424000 } from './migrations/1750000424000-revenue';
import { RulesByTheGraph1750000410000 } from './migrations/1750000410000-rules-by-the-graph';
import { incentiveMigrations } from './migrations/incentives';

/** All tables are written by statements on sets, so there are no mapped entities. */
export const database: AppDatabase = {
  entities: [],
  migrations: [
    ReputationTables1750000400000,
    BoardTotals1750000405000,
    RulesByTheGraph1750000410000,
    ...incentiveMigrations,
    EngagementOfMembersAndTopics1750000420000,
    Behaviour1750000421000,
    LiveAnalytics1750000422000,
    Models1750000423000,
    Revenue1750000424000,
    CommunitySettings1750000465000,
    AnalyticsRefusals1750000466000,
    ArticleAccess1750000469000,
  ],
};
