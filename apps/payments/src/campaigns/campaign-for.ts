import type { Tx } from '@lyceum/platform';
import type { Product } from '../catalogue/product.entity';
import { parseCampaignCode, type CampaignId } from './campaign.entity';

/** The campaign by whose code somebody buys the product now; null for any other code: it never stops anybody. */
export const campaignFor = async (
  tx: Tx,
  { communityId, id }: Pick<Product, 'communityId' | 'id'>,
  code: string | null | undefined,
): Promise<CampaignId | null> => {
  const slug = code == null ? null : parseCampaignCode(code);
  if (slug === null) return null;
  const [campaign] = await tx.db.query<{ id: CampaignId }[]>(
    `SELECT id FROM campaign
     WHERE community_id = $1 AND code = $2 AND archived_at IS NULL AND (product_ids = '{}' OR $3 = ANY(product_ids))
       AND coalesce(starts_at, '-infinity') <= $4 AND $4 < coalesce(ends_at, 'infinity')`,
    [communityId, slug, id, tx.now],
  );
  return campaign?.id ?? null;
};

/** Of the inputs that take it. */
export const campaignSays =
  'The code of the campaign whose link led here. One that is not in force is not counted, and changes nothing.';
