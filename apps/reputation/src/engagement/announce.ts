import { ActivityRecorded } from '@lyceum/contracts';
import { groupBy, type Tx } from '@lyceum/platform';
import { byOccurrence, utcDay, type Activity } from '../rules';

/** Says that there is new activity, once the points of it are in force. */
export const announce = async (tx: Tx, logged: readonly Activity[]): Promise<void> => {
  for (const [communityId, activities] of groupBy(logged, (activity) => activity.communityId)) {
    const inOrder = activities.toSorted(byOccurrence);
    const first = inOrder[0];
    const last = inOrder.at(-1);
    if (!first || !last) continue;
    await tx.emit(ActivityRecorded, {
      communityId,
      from: first.occurredAt.toISOString(),
      to: last.occurredAt.toISOString(),
      days: [...new Set(inOrder.map(({ occurredAt }) => utcDay(occurredAt)))],
      lastActivityId: last.eventId,
    });
  }
};
