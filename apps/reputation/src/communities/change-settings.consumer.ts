import { CommunityChanged, type PayloadOf } from '@lyceum/contracts';
import { consume, type Consumer, type Signals, type Tx } from '@lyceum/platform';
import { engagementTopic } from '../engagement/engagement-topic';
import { rebuildEngagement } from '../engagement/rebuild-engagement';
import { query } from '../sql';
import { knownTimeZone } from './time-zone';

/**
 * In another zone every activity falls on that zone's days, those before the change too: all metrics by day are
 * computed again in one transaction, so nobody reads days of two zones. Points know UTC days alone. Who watches is
 * woken, and sees no more when the community is private now.
 */
export const changeSettings = (signals: Signals): Consumer =>
  consume({
    name: 'reputation.change-settings',
    destination: 'reputation-incentives',
    types: [CommunityChanged],
    handle: async (tx, events) => {
      const inOrder = events
        .map(({ payload }) => payload)
        .toSorted((a, b) => a.communityId.localeCompare(b.communityId) || a.version - b.version);
      for (const told of inOrder) await change(tx, told);
      tx.afterCommit(() => {
        for (const { communityId } of inOrder) signals.publish(engagementTopic(communityId));
      });
    },
  });

const change = async (
  tx: Tx,
  { communityId, version, visibility, timeZone }: PayloadOf<typeof CommunityChanged>,
): Promise<void> => {
  const zone = await knownTimeZone(tx, timeZone);
  // Its founding may be on the way still: then this is what it begins with.
  const [before] = await query<{ timeZone: string; version: number }>(
    tx.db,
    `INSERT INTO community AS known (id, time_zone) VALUES ($1, $2)
     ON CONFLICT (id) DO UPDATE SET id = known.id
     RETURNING time_zone AS "timeZone", settings_version AS version`,
    [communityId, zone],
  );
  if (before === undefined || before.version >= version) return;
  await tx.db.query(
    'UPDATE community SET time_zone = $2, visibility = $3, settings_version = $4 WHERE id = $1',
    [communityId, zone, visibility, version],
  );
  if (before.timeZone !== zone) await rebuildEngagement(tx.db, communityId);
};
