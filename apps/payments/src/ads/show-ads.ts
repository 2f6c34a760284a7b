import { newId, type AccountId, type CommunityId, type MemberId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import { isVisible } from '../communities/standing';
import { AdLabel, ShownAd } from './ad.type';
import {
  adSecret,
  isCrawler,
  signView,
  viewerKey,
  type AdView,
  type PlacementId,
} from './ad-token';

/** Where something is to be shown. */
export interface AdSpot {
  readonly communityId: CommunityId;
  /** On whose post; null on a page of nobody's. */
  readonly authorId: MemberId | null;
  readonly topics: readonly string[];
  readonly first: number;
}

export const maxShown = 3;

interface Candidate {
  readonly id: PlacementId;
  readonly accountId: AccountId;
  readonly advertiser: string;
  readonly title: string;
  readonly text: string;
  readonly url: string;
}

/**
 * What is shown there to who asks: nothing to those who pay for a membership of the community, nor what they have seen
 * often enough today. Those come first that have used the least of their budget, so that all get on.
 */
export const showAds = async (ctx: Ctx, spot: AdSpot): Promise<readonly ShownAd[]> => {
  const accountId = ctx.actor.kind === 'user' ? ctx.actor.accountId : null;
  if (!(await isVisible(ctx, spot.communityId))) return [];
  if (accountId !== null && (await paysForMembership(ctx, spot.communityId, accountId))) return [];
  const secret = await adSecret(ctx.db);
  const now = ctx.deps.now();
  const day = now.toISOString().slice(0, 10);
  const viewer = viewerKey(secret, day, accountId ?? `${ctx.client ?? ''} ${ctx.userAgent ?? ''}`);
  const candidates = await ctx.db.query<Candidate[]>(candidatesSql, [
    spot.communityId,
    spot.topics.map((topic) => topic.trim().toLowerCase()),
    now,
    viewer,
    day,
    Math.min(Math.max(spot.first, 0), maxShown),
  ]);
  const ownMemberId = await memberOf(ctx, spot.communityId, accountId);
  return candidates.map((ad) => {
    const isSelf =
      accountId !== null && (ad.accountId === accountId || isOwnPost(spot, ownMemberId));
    const audience: AdView['audience'] = isCrawler(ctx.userAgent)
      ? 'crawler'
      : isSelf
        ? 'self'
        : 'reader';
    const view = { viewId: newId(), placementId: ad.id, authorId: spot.authorId, viewer, day };
    const token = signView(secret, { ...view, audience, issuedAtMs: now.getTime() });
    const { id: placementId, advertiser, title, text, url } = ad;
    const label = AdLabel.SPONSORED;
    return Object.assign(new ShownAd(), {
      placementId,
      label,
      advertiser,
      title,
      text,
      url,
      token,
    });
  });
};

const isOwnPost = ({ authorId }: AdSpot, memberId: MemberId | null): boolean =>
  memberId !== null && memberId === authorId;

const memberOf = async (
  ctx: Ctx,
  communityId: CommunityId,
  accountId: AccountId | null,
): Promise<MemberId | null> => {
  if (accountId === null) return null;
  const [row] = await ctx.db.query<{ memberId: MemberId }[]>(
    'SELECT member_id AS "memberId" FROM membership WHERE community_id = $1 AND account_id = $2',
    [communityId, accountId],
  );
  return row?.memberId ?? null;
};

const paysForMembership = async (
  ctx: Ctx,
  communityId: CommunityId,
  accountId: AccountId,
): Promise<boolean> => {
  const rows = await ctx.db.query<unknown[]>(
    `SELECT FROM entitlement JOIN product ON product.id = entitlement.product_id
     WHERE entitlement.account_id = $1 AND product.community_id = $2 AND product.kind = 'membership'
       AND entitlement.status = 'active' AND starts_at <= $3 AND (ends_at IS NULL OR ends_at > $3) LIMIT 1`,
    [accountId, communityId, ctx.deps.now()],
  );
  return rows.length > 0;
};

const candidatesSql = `/* ads.candidates */
  SELECT ad.id, ad.account_id AS "accountId", ad.advertiser, ad.title, ad.text, ad.url
  FROM ad_placement AS ad
  WHERE ad.community_id = $1 AND ad.status = 'running' AND NOT ad.is_frozen
    AND ad.starts_at <= $3 AND ad.ends_at > $3 AND (ad.topics = '{}' OR ad.topics && $2::text[])
    AND (ad.budget_minor - ad.charged_minor) * 1000 - ad.carried_milli >= greatest(ad.impression_milli, ad.click_milli)
    AND (SELECT count(*) FROM ad_event AS seen WHERE seen.placement_id = ad.id AND seen.day = $5::date
      AND seen.viewer = $4 AND seen.kind = 'impression' AND seen.outcome = 'counted') < ad.viewer_cap
  ORDER BY ad.charged_minor::numeric / ad.budget_minor, ad.id LIMIT $6`;
