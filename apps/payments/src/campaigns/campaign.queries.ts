import type { CommunityId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import {
  type BatchQuery,
  type Connection,
  groupBy,
  idIn,
  type PageArgs,
  parsePage,
  toConnection,
} from '@lyceum/platform';
import { In, LessThan, type EntityManager } from 'typeorm';
import { Campaign, type CampaignId } from './campaign.entity';

/** Newest first. */
export const campaignsOfCommunity = async (
  db: EntityManager,
  communityId: CommunityId,
  page: PageArgs,
): Promise<Connection<Campaign>> => {
  const list = `campaigns:${communityId}`;
  const { first, after } = parsePage(list, page);
  const before = idIn(after);
  const rows = await db.find(Campaign, {
    where: { communityId, ...(before === null ? {} : { id: LessThan(before as CampaignId) }) },
    order: { id: 'DESC' },
    take: first + 1,
    comment: 'campaigns.of-community',
  });
  return toConnection(rows, { list, first, positionOf: ({ id }) => [id] });
};

export const campaignsById: BatchQuery<CampaignId, Campaign> = async (ctx, ids) => {
  const campaigns = await ctx.db.findBy(Campaign, { id: In([...ids]) });
  return new Map(campaigns.map((campaign) => [campaign.id, campaign]));
};

/** What came of a campaign, in one currency. */
export interface CampaignSales {
  readonly campaignId: CampaignId;
  readonly orders: number;
  readonly paidOrders: number;
  readonly buyers: number;
  readonly paid: Money;
  readonly refunded: Money;
}

/** From orders as they are now. Of what was never paid there is nothing to refund. */
export const salesByCampaign: BatchQuery<CampaignId, readonly CampaignSales[]> = async (
  ctx,
  ids,
) => {
  const rows = await ctx.db.query<
    (Omit<CampaignSales, 'paid' | 'refunded'> & {
      currency: Currency;
      paid: string;
      refunded: string;
    })[]
  >(
    `/* campaigns.sales */
     SELECT campaign_id AS "campaignId", currency, count(*)::int AS orders, count(paid_at)::int AS "paidOrders",
       count(DISTINCT buyer_id) FILTER (WHERE paid_at IS NOT NULL)::int AS buyers,
       coalesce(sum(total_minor) FILTER (WHERE paid_at IS NOT NULL), 0)::text AS paid,
       sum(refunded_minor)::text AS refunded
     FROM sales_order WHERE campaign_id = ANY($1::uuid[]) GROUP BY campaign_id, currency ORDER BY currency`,
    [ids],
  );
  const sales = rows.map(({ currency, paid, refunded, ...counts }) => ({
    ...counts,
    paid: money(BigInt(paid), currency),
    refunded: money(BigInt(refunded), currency),
  }));
  return groupBy(sales, ({ campaignId }) => campaignId);
};
