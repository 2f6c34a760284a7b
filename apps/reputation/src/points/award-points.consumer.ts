import { consume } from '@lyceum/platform';
import { appendActivities } from '../activity/activity-log';
import { activityEvents, toActivity } from '../activity/to-activity';
import { announce } from '../engagement/announce';
import { holdRules, ruleBooks } from '../rule-sets/rule-books';
import { projectPoints } from './project-points';

/** Logs activity and brings points up to date with it, then lets the metrics know. */
export const awardPoints = consume({
  name: 'reputation.award-points',
  destination: 'reputation-incentives',
  types: activityEvents,
  handle: async (tx, events) => {
    const logged = await appendActivities(tx.db, events.map(toActivity));
    if (logged.length === 0) return;
    const communityIds = [...new Set(logged.map(({ communityId }) => communityId))];
    await holdRules(tx.db, communityIds);
    await projectPoints(tx.db, await ruleBooks(tx.db, communityIds), logged);
    await announce(tx, logged);
  },
});
