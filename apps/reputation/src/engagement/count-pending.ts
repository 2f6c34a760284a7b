import type { CommunityId, EventId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { addLogged } from '../models/member-behaviour';
import { query } from '../sql';
import { count, localDay, rememberPosts } from './count';
import { bumpRevisions } from './revision';
import { holdMetrics, rollUp, type CommunityDay } from './roll-up';

const atOnce = 5_000;

/**
 * Counts the activity of these communities that is not counted yet, and gives those that had any. Costs
 * what is new, however much has already happened on the day; only days on which something was changed
 * or taken back, or whose activity was below a post heard of only now, are computed again.
 */
export const countPending = async (
  db: EntityManager,
  communityIds: readonly CommunityId[],
): Promise<ReadonlySet<CommunityId>> => {
  await holdMetrics(db, communityIds);
  const counted = new Set<CommunityId>();
  for (;;) {
    const taken = await takePending(db, communityIds);
    if (taken.length === 0) return counted;
    for (const { communityId } of taken) counted.add(communityId);
    await bumpRevisions(
      db,
      taken.map(({ communityId }) => communityId),
    );
    const eventIds = taken.map(({ eventId }) => eventId);
    const found = await daysBelowNewPosts(db, eventIds);
    await count(db, {
      sql: `SELECT log.*, ${localDay} AS day FROM activity_log AS log LEFT JOIN community ON community.id = community_id
        WHERE event_id = ANY($1::uuid[])`,
      parameters: [eventIds],
    });
    await addLogged(db, eventIds);
    const changed = await daysOfChanged(db, eventIds);
    await rollUp(db, distinct([...found, ...changed]));
  }
};

interface Taken {
  readonly communityId: CommunityId;
  readonly eventId: EventId;
}

const takePending = (db: EntityManager, communityIds: readonly CommunityId[]): Promise<Taken[]> =>
  query(
    db,
    `DELETE FROM engagement_pending WHERE (community_id, event_id) IN (
       SELECT community_id, event_id FROM engagement_pending WHERE community_id = ANY($1) LIMIT ${String(atOnce)})
     RETURNING community_id AS "communityId", event_id AS "eventId"`,
    [communityIds],
  );

/** Remembers the posts among these, and gives the days whose activity waited for one of them. */
const daysBelowNewPosts = (
  db: EntityManager,
  eventIds: readonly EventId[],
): Promise<CommunityDay[]> =>
  query(
    db,
    `WITH log AS (SELECT * FROM activity_log WHERE event_id = ANY($1::uuid[])),
       posts AS (${rememberPosts} RETURNING community_id, id)
     SELECT DISTINCT community_id AS "communityId", day::text AS day
     FROM posts JOIN engagement_orphan AS orphan USING (community_id) WHERE orphan.missing_id = posts.id`,
    [eventIds],
  );

/**
 * The days of all versions of what these changed: another version of a thing may be counted, on whatever day.
 */
const daysOfChanged = (db: EntityManager, eventIds: readonly EventId[]): Promise<CommunityDay[]> =>
  query(
    db,
    `WITH changed AS (
       SELECT DISTINCT community_id, key FROM activity_log WHERE event_id = ANY($1::uuid[]) AND version > 1
     )
     SELECT DISTINCT community_id AS "communityId", ${localDay}::text AS day
     FROM changed JOIN activity_log USING (community_id, key) LEFT JOIN community ON community.id = community_id`,
    [eventIds],
  );

const distinct = (days: readonly CommunityDay[]): CommunityDay[] => {
  const byKey = new Map(days.map((day) => [`${day.communityId} ${day.day}`, day]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day);
};
