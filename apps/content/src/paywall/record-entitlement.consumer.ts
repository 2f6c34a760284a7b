import { EntitlementChanged } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/**
 * Knows who may read what is paid for. The highest version told is in force, whatever arrives when; reading needs
 * nothing of payments, so it goes on while that is down.
 */
export const recordEntitlement = consume({
  name: 'content.record-entitlement',
  destination: 'content',
  types: [EntitlementChanged],
  handle: async (tx, events) => {
    await tx.db.query(
      `WITH told AS (
         SELECT DISTINCT ON ("entitlementId") *
         FROM json_to_recordset($1::json) AS row ("entitlementId" uuid, "accountId" uuid, "communityId" uuid, status text,
           "productId" uuid, "sellerId" uuid,
           "startsAt" timestamptz, "endsAt" timestamptz, version int, grants json)
         ORDER BY "entitlementId", version DESC
       ), newer AS (
         INSERT INTO entitlement (id, account_id, community_id, product_id, seller_id, status, starts_at, ends_at, version)
         SELECT "entitlementId", "accountId", "communityId", "productId", "sellerId", status, "startsAt", "endsAt", version
         FROM told
         ORDER BY "entitlementId"
         ON CONFLICT (id) DO UPDATE
           SET product_id = excluded.product_id, seller_id = coalesce(excluded.seller_id, entitlement.seller_id),
               status = excluded.status, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
               version = excluded.version
           WHERE entitlement.version < excluded.version
         RETURNING id
       )
       INSERT INTO entitlement_grant (entitlement_id, subject_type, subject_id)
       SELECT newer.id, opened.type, opened.id
       FROM newer JOIN told ON told."entitlementId" = newer.id
         CROSS JOIN LATERAL json_to_recordset(told.grants) AS opened (type text, id uuid)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  },
});
