import {
  EntitlementChanged,
  newId,
  type AccountId,
  type CommunityId,
  type MemberId,
  type PayloadOf,
} from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import type { ProductId } from '../catalogue/product.entity';
import { tellEndpoints } from '../webhooks-out/tell';
import { entitlementColumns, type Entitlement } from './entitlement.type';

/** What gives the right: an order, a subscription, a gift, a seat. */
export interface EntitlementSource {
  readonly type: string;
  readonly id: string;
}

export interface Grant {
  readonly accountId: AccountId;
  readonly communityId: CommunityId;
  readonly productId: ProductId;
  readonly source: EntitlementSource;
  readonly startsAt: Date;
  /** Null for good. */
  readonly endsAt: Date | null;
}

/** Gives an account the right to a product, and tells of it in the same transaction. */
export const grantEntitlement = async (tx: Tx, grant: Grant): Promise<Entitlement> => {
  const [row] = await grantEntitlements(tx, [grant]);
  if (row === undefined) throw new Error('an upsert returns its row');
  return row;
};

/**
 * Many at once, in one statement. The same source gives a product once: again, it sets the term anew and revives what
 * was ended; so no source and product may be there twice.
 */
export const grantEntitlements = async (
  tx: Tx,
  grants: readonly Grant[],
): Promise<readonly Entitlement[]> => {
  if (grants.length === 0) return [];
  const rows = await tx.db.query<Entitlement[]>(
    `INSERT INTO entitlement (id, account_id, community_id, product_id, source_type, source_id, status, starts_at, ends_at)
     SELECT id, account_id, community_id, product_id, source_type, source_id, 'active', starts_at, ends_at
     FROM json_to_recordset($1::json) AS given (id uuid, account_id uuid, community_id uuid, product_id uuid,
       source_type text, source_id uuid, starts_at timestamptz, ends_at timestamptz)
     ORDER BY source_type, source_id, product_id
     ON CONFLICT (source_type, source_id, product_id) DO UPDATE
       SET status = 'active', starts_at = excluded.starts_at, ends_at = excluded.ends_at,
           version = entitlement.version + 1
     RETURNING ${entitlementColumns}`,
    [
      JSON.stringify(
        grants.map(({ source, ...grant }) => ({
          id: newId<'Entitlement'>(),
          account_id: grant.accountId,
          community_id: grant.communityId,
          product_id: grant.productId,
          source_type: source.type,
          source_id: source.id,
          starts_at: grant.startsAt,
          ends_at: grant.endsAt,
        })),
      ),
    ],
  );
  await tell(tx, rows);
  return rows;
};

export interface EntitlementChange {
  readonly source: EntitlementSource;
  readonly status?: Entitlement['status'];
  readonly endsAt?: Date | null;
  /** Whether what was revoked counts, too, unless it was bought again meanwhile. */
  readonly revives?: boolean;
}

/** Suspends, gives back or ends everything one source gave; `endsAt` sets its end. Tells of what really changed. */
export const changeEntitlements = async (
  tx: Tx,
  { source, status, endsAt, revives = false }: EntitlementChange,
): Promise<void> => {
  const [rows] = await tx.db.query<[Entitlement[], number]>(
    `UPDATE entitlement
     SET status = coalesce($3, status), ends_at = CASE WHEN $4 THEN greatest($5::timestamptz, starts_at) ELSE ends_at END,
         version = version + 1
     WHERE source_type = $1 AND source_id = $2 AND (status <> 'revoked' OR $6 AND NOT EXISTS (
         SELECT FROM entitlement AS other
         WHERE other.account_id = entitlement.account_id AND other.product_id = entitlement.product_id
           AND other.source_type = 'order' AND other.id <> entitlement.id AND other.status IN ('active', 'suspended')))
       AND (status <> coalesce($3, status) OR $4 AND ends_at IS DISTINCT FROM $5::timestamptz)
     RETURNING ${entitlementColumns}`,
    [source.type, source.id, status ?? null, endsAt !== undefined, endsAt ?? null, revives],
  );
  await tell(tx, rows);
};

/** Closes what an order had given for a term that is over. Nobody is told: it had ended already. */
export const endPastTerms = (
  tx: Tx,
  { accountId, productId }: { accountId: AccountId; productId: ProductId },
): Promise<unknown> =>
  tx.db.query(
    `UPDATE entitlement SET status = 'revoked' WHERE account_id = $1 AND product_id = $2 AND source_type = 'order'
       AND status IN ('active', 'suspended') AND ends_at <= $3`,
    [accountId, productId, tx.now],
  );

/** Whether the account has the product now, from whichever source; suspended counts, for it may come back. */
export const ownsProduct = async (
  db: EntityManager,
  { accountId, productId, at }: { accountId: string; productId: string; at: Date },
): Promise<boolean> => {
  const rows = await db.query<unknown[]>(
    `SELECT FROM entitlement WHERE account_id = $1 AND product_id = $2 AND status IN ('active', 'suspended')
       AND (ends_at IS NULL OR ends_at > $3) LIMIT 1`,
    [accountId, productId, at],
  );
  return rows.length > 0;
};

type ToldGrant = PayloadOf<typeof EntitlementChanged>['grants'][number];

const tell = async (tx: Tx, rows: readonly Entitlement[]): Promise<void> => {
  const productIds = [...new Set(rows.map(({ productId }) => productId))];
  const grants = await grantsOf(tx.db, productIds);
  const sellers = await sellersOf(tx.db, productIds);
  const told = rows.map((row): PayloadOf<typeof EntitlementChanged> => ({
    entitlementId: row.id,
    accountId: row.accountId,
    communityId: row.communityId,
    productId: row.productId,
    sellerId: sellers.get(row.productId) ?? null,
    grants: [...(grants.get(row.productId) ?? [])],
    status: row.status,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt?.toISOString() ?? null,
    version: row.version,
  }));
  for (const payload of told) await tx.emit(EntitlementChanged, payload);
  await tellEndpoints(
    tx,
    told.map((data) => ({
      communityId: data.communityId,
      type: 'entitlement.changed',
      objectId: data.entitlementId,
      data,
    })),
  );
};

const sellersOf = async (
  db: EntityManager,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, MemberId>> => {
  const rows = await db.query<{ id: string; sellerId: MemberId }[]>(
    'SELECT id, coalesce(earner_id, created_by_id) AS "sellerId" FROM product WHERE id = ANY($1::uuid[])',
    [productIds],
  );
  return new Map(rows.map(({ id, sellerId }) => [id, sellerId]));
};

/** What products open: their own articles and courses, those of the products they bundle, or the whole community. */
export const grantsOf = async (
  db: EntityManager,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ToldGrant[]>> => {
  const rows = await db.query<{ productId: string; type: ToldGrant['type']; id: string }[]>(
    `WITH part AS (
       SELECT id AS product_id, id AS part_id FROM product WHERE id = ANY($1::uuid[])
       UNION
       SELECT item.product_id, item.subject_id FROM product_item AS item
       WHERE item.product_id = ANY($1::uuid[]) AND item.subject_type = 'product'
     )
     SELECT part.product_id AS "productId", item.subject_type AS type, item.subject_id AS id
     FROM part JOIN product_item AS item ON item.product_id = part.part_id AND item.subject_type <> 'product'
     UNION
     SELECT part.product_id, 'community', product.community_id
     FROM part JOIN product ON product.id = part.part_id AND product.kind = 'membership'
     ORDER BY 1, 2, 3`,
    [productIds],
  );
  const grants = new Map<string, ToldGrant[]>();
  for (const { productId, type, id } of rows)
    grants.set(productId, [...(grants.get(productId) ?? []), { type, id }]);
  return grants;
};
