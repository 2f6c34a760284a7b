import { consume } from '@lyceum/platform';
import { withAllVersions } from '../activity/activity-log';
import { activityEvents, toActivity } from '../activity/to-activity';
import { awardBadgesOf, membersOf } from '../badges/badges-of-activity';
import { settleAuthorWeightsOf } from '../exposure/settle-author-weights';
import { settlePrivilegesOf } from '../privileges/settle-privileges';
import { holdRules, ruleBooks } from '../rule-sets/rule-books';

/**
 * After activity was logged and its points are in force: what follows for the members it concerns. One consumer, because
 * each of these costs a batch the same look-ups, and what comes after points keeps the next batch of points waiting.
 */
export const settleStanding = consume({
  name: 'reputation.settle-standing',
  destination: 'reputation-incentives',
  types: activityEvents,
  handle: async (tx, events) => {
    const activities = events.map(toActivity);
    const versions = await withAllVersions(tx.db, activities);
    const communities = [...new Set(activities.map(({ communityId }) => communityId))].sort();
    await holdRules(tx.db, communities);
    const books = await ruleBooks(tx.db, communities);
    for (const communityId of communities) {
      const book = books.get(communityId);
      if (book === undefined) continue; // its rules will look at everything when they start
      const own = activities.filter((one) => one.communityId === communityId);
      const members = membersOf(versions.filter((one) => one.communityId === communityId));
      await awardBadgesOf(tx, { communityId, own, members, book });
      await settlePrivilegesOf(tx, { communityId, members, book });
      await settleAuthorWeightsOf(tx, { communityId, members, book });
    }
  },
});
