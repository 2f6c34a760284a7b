import { ActivityRecorded, type CommunityId } from '@lyceum/contracts';
import { groupBy, type Tx } from '@lyceum/platform';
import { byOccurrence, utcDay, type Activity } from '../rules';
import { query } from '../sql';

/** Says on which days of which communities there is something new, once the points of it are in force. */
export const announce = async (tx: Tx, logged: readonly Activity[]): Promise<void> => {
  const replaced = await daysOfReplaced(tx, logged);
  for (const [communityId, activities] of groupBy(logged, (activity) => activity.communityId)) {
    const inOrder = activities.toSorted(byOccurrence);
    const first = inOrder[0];
    const last = inOrder.at(-1);
    if (!first || !last) continue;
    const days = inOrder.map(({ occurredAt }) => utcDay(occurredAt));
    await tx.emit(ActivityRecorded, {
      communityId,
      from: first.occurredAt.toISOString(),
      to: last.occurredAt.toISOString(),
      days: [...new Set([...days, ...(replaced.get(communityId) ?? [])])].sort(),
      lastActivityId: last.eventId,
    });
  }
};

/** A later version of a thing takes the earlier one out of the metrics of its day (and a late earlier one changes nothing there). */
const daysOfReplaced = async (
  tx: Tx,
  logged: readonly Activity[],
): Promise<ReadonlyMap<CommunityId, readonly string[]>> => {
  const later = logged.filter(({ version }) => version > 1);
  if (later.length === 0) return new Map();
  const rows = await query<{ communityId: CommunityId; days: string[] }>(
    tx.db,
    `SELECT community_id AS "communityId", array_agg(DISTINCT occurred_at::date::text) AS days
     FROM activity_log JOIN unnest($1::uuid[], $2::text[]) AS thing (community_id, key) USING (community_id, key)
     GROUP BY community_id`,
    [later.map(({ communityId }) => communityId), later.map(({ key }) => key)],
  );
  return new Map(rows.map(({ communityId, days }) => [communityId, days]));
};

/** Asks for the metrics of every day of a community's log. */
export const announceWholeLog = async (tx: Tx, communityId: CommunityId): Promise<void> => {
  const [log] = await query<{
    from: Date | null;
    to: Date;
    days: string[];
    last: Activity['eventId'];
  }>(
    tx.db,
    `SELECT min(occurred_at) AS "from", max(occurred_at) AS "to",
       array_agg(DISTINCT occurred_at::date::text) AS days,
       (array_agg(event_id ORDER BY occurred_at DESC, event_id DESC))[1] AS last
     FROM activity_log WHERE community_id = $1`,
    [communityId],
  );
  if (!log || log.from === null) return;
  await tx.emit(ActivityRecorded, {
    communityId,
    from: log.from.toISOString(),
    to: log.to.toISOString(),
    days: log.days,
    lastActivityId: log.last,
  });
};
