import { ActivityRecorded } from '@lyceum/contracts';
import { groupBy, type Tx } from '@lyceum/platform';
import { byOccurrence, utcDay, type Activity } from '../rules';

/**
 * Says that there is new activity, once the points of it are in force, and leaves it for the next roll-up
 * of its community to count.
 */
export const announce = async (tx: Tx, logged: readonly Activity[]): Promise<void> => {
  await tx.db.query(
    `INSERT INTO engagement_pending (community_id, event_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])`,
    [logged.map(({ communityId }) => communityId), logged.map(({ eventId }) => eventId)],
  );
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
