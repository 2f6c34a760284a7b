import { isEvent, PrizeAwarded, PrizePoolChanged, type PayloadOf } from '@lyceum/contracts';
import { consume, type Tx } from '@lyceum/platform';
import { payWaitingPrizes, returnUnpromised } from './pay-prizes';

/**
 * Opens and closes pools, and pays what was won of them. A prize that is heard of before its pool waits for it; a pool
 * that is closed before its prizes are heard of keeps what was promised.
 */
export const keepPrizePools = consume({
  name: 'payments.keep-prize-pools',
  destination: 'payments',
  types: [PrizePoolChanged, PrizeAwarded],
  handle: async (tx, events) => {
    const touched = new Set<string>();
    for (const event of events) {
      if (isEvent(event, PrizePoolChanged)) {
        await keep(tx, event.payload);
        touched.add(event.payload.poolId);
      } else if (isEvent(event, PrizeAwarded) && event.payload.money !== null) {
        await note(tx, event.payload);
        touched.add(event.payload.money.poolId);
      }
    }
    for (const poolId of [...touched].sort()) await payWaitingPrizes(tx, poolId);
  },
});

const keep = async (tx: Tx, told: PayloadOf<typeof PrizePoolChanged>): Promise<void> => {
  const rows = await tx.db.query<unknown[]>(
    `INSERT INTO prize_pool AS known (id, community_id, title, currency, is_open, version)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO UPDATE SET title = excluded.title, is_open = excluded.is_open, version = excluded.version
       WHERE known.version < excluded.version
     RETURNING id`,
    [told.poolId, told.communityId, told.title, told.currency, told.isOpen, told.version],
  );
  if (rows.length > 0 && !told.isOpen)
    await returnUnpromised(tx, told.poolId, BigInt(told.promisedMinor));
};

const note = (tx: Tx, prize: PayloadOf<typeof PrizeAwarded>): Promise<unknown> =>
  tx.db.query(
    `INSERT INTO prize (id, pool_id, community_id, member_id, title, amount_minor, currency)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [
      ...[prize.prizeId, prize.money?.poolId, prize.communityId, prize.memberId, prize.title],
      ...[prize.money?.amountMinor, prize.money?.currency],
    ],
  );
