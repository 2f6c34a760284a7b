import { ActivityRecorded, type CommunityId } from '@lyceum/contracts';
import { consume, type Signals } from '@lyceum/platform';
import { daysInZone, rollUp } from './roll-up';
import { engagementTopic } from './engagement-topic';

/** Recomputes the metrics of the days that have new activity, then wakes who watches. */
export const rollUpDays = (signals: Signals) =>
  consume({
    name: 'reputation.roll-up-days',
    destination: 'reputation-engagement',
    types: [ActivityRecorded],
    handle: async (tx, events) => {
      const utcDays = new Map<CommunityId, Set<string>>();
      for (const { payload } of events) {
        const days = utcDays.get(payload.communityId) ?? new Set();
        for (const day of payload.days) days.add(day);
        utcDays.set(payload.communityId, days);
      }
      await rollUp(tx.db, await daysInZone(tx.db, utcDays));
      tx.afterCommit(() => {
        for (const communityId of utcDays.keys()) signals.publish(engagementTopic(communityId));
      });
    },
  });
