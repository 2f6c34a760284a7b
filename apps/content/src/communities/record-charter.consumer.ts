import { CharterAccepted, CharterPublished, CommunityArchived } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';
import { recordAcceptances } from './charter';

/** A version never changes, so whatever comes twice or late changes nothing. */
export const recordCharters = consume({
  name: 'content.record-charters',
  destination: 'content',
  types: [CharterPublished],
  handle: async (tx, events) => {
    await tx.db.query(
      `INSERT INTO charter (community_id, version, in_force_from)
       SELECT "communityId", version, "inForceFrom"
       FROM json_to_recordset($1::json) AS told ("communityId" uuid, version int, "inForceFrom" timestamptz)
       ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  },
});

export const recordCharterAcceptances = consume({
  name: 'content.record-charter-acceptances',
  destination: 'content',
  types: [CharterAccepted],
  handle: async (tx, events) => {
    await recordAcceptances(
      tx.db,
      events.map(({ payload }) => payload),
    );
  },
});

export const recordArchive = consume({
  name: 'content.record-archive',
  destination: 'content',
  types: [CommunityArchived],
  handle: async (tx, events) => {
    await tx.db.query(
      `INSERT INTO community_archive (community_id, version, is_archived)
       SELECT DISTINCT ON ("communityId") "communityId", version, "isArchived"
       FROM json_to_recordset($1::json) AS told ("communityId" uuid, version int, "isArchived" boolean)
       ORDER BY 1, 2 DESC
       ON CONFLICT (community_id) DO UPDATE SET version = excluded.version, is_archived = excluded.is_archived
         WHERE community_archive.version < excluded.version`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  },
});
