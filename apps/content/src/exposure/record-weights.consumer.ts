import { AuthorWeightChanged } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/** Keeps what authors weigh in lists, as reputation says: the highest version told is in force. */
export const recordWeights = consume({
  name: 'content.record-author-weights',
  destination: 'content',
  types: [AuthorWeightChanged],
  handle: async (tx, events) => {
    await tx.db.query(
      `INSERT INTO author_weight (member_id, weight, version)
       SELECT DISTINCT ON ("memberId") "memberId", weight, version
       FROM json_to_recordset($1::json) AS told ("memberId" uuid, weight int, version int)
       ORDER BY "memberId", version DESC
       ON CONFLICT (member_id) DO UPDATE SET weight = excluded.weight, version = excluded.version
         WHERE author_weight.version < excluded.version`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  },
});
