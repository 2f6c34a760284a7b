import { ActivityRecorded } from '@lyceum/contracts';
import { consume, type Consumer, type Signals } from '@lyceum/platform';
import { countPending } from './count-pending';
import { engagementTopic } from './engagement-topic';

/** Counts new activity, then wakes who watches. What an earlier batch has counted along costs nothing. */
export const rollUpDays = (signals: Signals): Consumer =>
  consume({
    name: 'reputation.roll-up-days',
    destination: 'reputation-engagement',
    types: [ActivityRecorded],
    handle: async (tx, events) => {
      const communityIds = events.map(({ payload }) => payload.communityId);
      const counted = await countPending(tx.db, [...new Set(communityIds)]);
      tx.afterCommit(() => {
        for (const communityId of counted) signals.publish(engagementTopic(communityId));
      });
    },
  });
