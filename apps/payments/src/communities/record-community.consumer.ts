import { CommunityCreated } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/** Knows the communities. Told once each, so what is known stays. */
export const recordCommunity = consume({
  name: 'payments.record-community',
  destination: 'payments',
  types: [CommunityCreated],
  handle: async (tx, events) => {
    await tx.db.query(
      `INSERT INTO community (id, slug, name)
       SELECT "communityId", slug, name
       FROM json_to_recordset($1::json) AS told ("communityId" uuid, slug text, name text)
       ON CONFLICT (id) DO NOTHING`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  },
});
