import { BountyOffered, type BountyId, type MemberId } from '@lyceum/contracts';
import type { Ctx, Tx } from '@lyceum/platform';

/** A member's points as reputation told them, and which of the member's offers those have surely been paid from. */
export interface ToldPoints {
  readonly points: number;
  readonly settledIds: readonly BountyId[];
}

const query = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Member { points: spendablePoints } }
}`;

/**
 * Asks reputation what the member has. Over the network, so before the transaction; and reputation hears of offers
 * with delay. So: first the offers whose events have been consumed, then the points, which those are paid from.
 */
export const askPoints = async (ctx: Ctx, memberId: MemberId): Promise<ToldPoints> => {
  const settledIds = await settledOffers(ctx, memberId);
  const { _entities: told } = await ctx.deps.graph.query<{
    _entities: ({ points: number } | null)[];
  }>('reputation', {
    query,
    variables: { representations: [{ __typename: 'Member', id: memberId }] },
  });
  return { points: told[0]?.points ?? 0, settledIds };
};

/** Offers that wait in the outbox are not paid yet. */
const settledOffers = async (ctx: Ctx, memberId: MemberId): Promise<readonly BountyId[]> => {
  const rows = await ctx.db.query<{ id: BountyId }[]>(
    `SELECT id FROM bounty WHERE offerer_id = $1
       AND id NOT IN (SELECT (payload ->> 'bountyId')::uuid FROM outbox WHERE type = $2)`,
    [memberId, BountyOffered.name],
  );
  return rows.map(({ id }) => id);
};

/**
 * What the member can spend: the points told less the offers that may not have been paid from them. Locks the
 * membership, so that two offers at once cannot spend the same points.
 */
export const lockSpendablePoints = async (
  tx: Tx,
  memberId: MemberId,
  { points, settledIds }: ToldPoints,
): Promise<number> => {
  await tx.db.query('SELECT FROM membership WHERE member_id = $1 FOR NO KEY UPDATE', [memberId]);
  const [unpaid] = await tx.db.query<{ amount: number }[]>(
    `SELECT coalesce(sum(amount), 0)::int AS amount FROM bounty
     WHERE offerer_id = $1 AND id <> ALL ($2::uuid[])`,
    [memberId, settledIds],
  );
  return points - (unpaid?.amount ?? 0);
};
