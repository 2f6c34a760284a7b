import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { BatchQuery } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { aMember } from '../members/member.type';
import { query } from '../sql';
import { Gift, GiftRedemption, type GiftId, type RedemptionId } from './gift.types';

type Lock = '' | 'FOR UPDATE';

const giftColumns = `id, community_id AS "communityId", title, description, price, stock, per_member AS "perMember",
  needs_approval AS "needsApproval", is_offered AS "isOffered"`;

const toGift = (row: object): Gift => Object.assign(new Gift(), row);

export const giftById = async (
  db: EntityManager,
  id: GiftId,
  lock: Lock = '',
): Promise<Gift | null> => {
  const [row] = await query<object>(db, `SELECT ${giftColumns} FROM gift WHERE id = $1 ${lock}`, [
    id,
  ]);
  return row ? toGift(row) : null;
};

export const giftsOf = async (
  db: EntityManager,
  { communityId, withHidden }: { communityId: CommunityId; withHidden: boolean },
): Promise<Gift[]> => {
  const rows = await query<object>(
    db,
    `SELECT ${giftColumns} FROM gift WHERE community_id = $1 AND (is_offered OR $2) ORDER BY price, id LIMIT 500`,
    [communityId, withHidden],
  );
  return rows.map(toGift);
};

export const giftsById: BatchQuery<GiftId, Gift> = async (ctx, ids) => {
  const rows = await query<object>(ctx.db, `SELECT ${giftColumns} FROM gift WHERE id = ANY($1)`, [
    ids,
  ]);
  return new Map(rows.map(toGift).map((gift) => [gift.id, gift]));
};

const redemptionColumns = `id, community_id AS "communityId", gift_id AS "giftId", member_id AS "memberId", price, status,
  version, requested_at AS "requestedAt", note`;

const toRedemption = (row: { memberId: MemberId }): GiftRedemption =>
  Object.assign(new GiftRedemption(), row, { member: aMember(row.memberId) });

export const redemptionById = async (
  db: EntityManager,
  id: RedemptionId,
  lock: Lock = '',
): Promise<GiftRedemption | null> => {
  const [row] = await query<{ memberId: MemberId }>(
    db,
    `SELECT ${redemptionColumns} FROM gift_redemption WHERE id = $1 ${lock}`,
    [id],
  );
  return row ? toRedemption(row) : null;
};

export interface RedemptionPage {
  readonly of: { readonly communityId: CommunityId } | { readonly memberId: MemberId };
  readonly after: string | null;
  readonly limit: number;
}

/** Latest first: all of a community, or those of a member. */
export const redemptions = async (
  db: EntityManager,
  { of, after, limit }: RedemptionPage,
): Promise<GiftRedemption[]> => {
  const [column, id] =
    'memberId' in of ? ['member_id', of.memberId] : ['community_id', of.communityId];
  const rows = await query<{ memberId: MemberId }>(
    db,
    `SELECT ${redemptionColumns} FROM gift_redemption
     WHERE ${column} = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [id, after, limit],
  );
  return rows.map(toRedemption);
};

/** What members have paid for gifts: what was cancelled or refused is theirs again. */
const spent = `SELECT coalesce(sum(price), 0)::int FROM gift_redemption
  WHERE member_id = standing.member_id AND status NOT IN ('refused', 'cancelled')`;

/** What a member can spend: its points less what it has paid. Standing is not spent: rank and level stay. */
export const spendableOf: BatchQuery<MemberId, { readonly spendable: number }> = async (
  ctx,
  memberIds,
) => {
  const rows = await query<{ id: MemberId; spendable: number }>(
    ctx.db,
    `SELECT member_id AS id, total - (${spent}) AS spendable FROM member_standing AS standing WHERE member_id = ANY($1)`,
    [memberIds],
  );
  return new Map(rows.map((row) => [row.id, row]));
};

/** The same, with the member locked: two redemptions at once cannot spend the same points. */
export const lockSpendable = async (db: EntityManager, memberId: MemberId): Promise<number> => {
  await db.query('SELECT FROM member_standing WHERE member_id = $1 FOR NO KEY UPDATE', [memberId]);
  const [row] = await query<{ spendable: number }>(
    db,
    `SELECT total - (${spent}) AS spendable FROM member_standing AS standing WHERE member_id = $1`,
    [memberId],
  );
  return row?.spendable ?? 0;
};
