import { RatingRecorded } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/** Keeps what members think of articles and products: the highest version told is in force. */
export const recordRatings = consume({
  name: 'reputation.record-ratings',
  destination: 'reputation-engagement',
  types: [RatingRecorded],
  handle: async (tx, events) => {
    await tx.db.query(
      `INSERT INTO rating AS known (id, community_id, subject_id, rater_id, value, version)
       SELECT DISTINCT ON ("ratingId") "ratingId", "communityId", "subjectId", "raterId", value, version
       FROM json_to_recordset($1::json) AS told ("ratingId" uuid, "communityId" uuid, "subjectId" uuid, "raterId" uuid,
         value int, version int)
       ORDER BY "ratingId", version DESC
       ON CONFLICT (id) DO UPDATE SET value = excluded.value, version = excluded.version
         WHERE known.version < excluded.version`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  },
});
