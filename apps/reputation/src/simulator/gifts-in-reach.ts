import type { EntityManager } from 'typeorm';
import { query } from '../sql';
import type { Consequences, SimulationRow } from './simulation.queries';

export interface GiftInReach {
  readonly title: string;
  readonly price: number;
  readonly stock: number;
  /** Members who could buy one with what they have not spent yet. */
  readonly before: number;
  readonly after: number;
}

const shownGifts = 50;

/** What points would cost the community in gifts: the members of the simulation are written down already. */
export const giftsInReach = async (
  db: EntityManager,
  { id, communityId }: Pick<SimulationRow, 'id' | 'communityId'>,
): Promise<Pick<Consequences, 'spendableBefore' | 'spendableAfter' | 'gifts'>> => {
  const spendable = `WITH spent AS (
      SELECT member_id, sum(price)::int AS points FROM gift_redemption
      WHERE community_id = $2 AND status NOT IN ('refused', 'cancelled') GROUP BY member_id
    ), spendable AS MATERIALIZED (
      SELECT greatest(0, before - coalesce(points, 0)) AS before, greatest(0, after - coalesce(points, 0)) AS after
      FROM rule_simulation_member LEFT JOIN spent USING (member_id) WHERE simulation_id = $1
    )`;
  const [sums] = await query<{ before: number; after: number }>(
    db,
    `${spendable} SELECT coalesce(sum(before), 0)::int AS before, coalesce(sum(after), 0)::int AS after FROM spendable`,
    [id, communityId],
  );
  const gifts = await query<GiftInReach>(
    db,
    `${spendable} SELECT title, price, stock, count(*) FILTER (WHERE before >= price)::int AS before,
       count(*) FILTER (WHERE after >= price)::int AS after
     FROM (SELECT * FROM gift WHERE community_id = $2 AND is_offered ORDER BY price, id LIMIT ${String(shownGifts)}) AS gift
       LEFT JOIN spendable ON greatest(before, after) >= price
     GROUP BY gift.id, title, price, stock ORDER BY price, gift.id`,
    [id, communityId],
  );
  return { spendableBefore: sums?.before ?? 0, spendableAfter: sums?.after ?? 0, gifts };
};
