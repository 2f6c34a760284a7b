import { PrizePaid, PrizePoolFunded } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';

/** Knows what is in pools of money, and which prizes were paid: the highest version told is in force. */
export const recordPrizes = consume({
  name: 'reputation.record-prizes',
  destination: 'reputation-incentives',
  types: [PrizePoolFunded, PrizePaid],
  handle: async (tx, events) => {
    for (const { type, payload, occurredAt } of events) {
      if (type === PrizePaid.name)
        await tx.db.query(
          'UPDATE contest_prize SET paid_at = coalesce(paid_at, $2) WHERE id = $1',
          [payload.prizeId, occurredAt],
        );
      else
        await tx.db.query(
          `UPDATE contest SET budget = $2, pool_version = $3
           WHERE id = $1 AND currency = $4 AND pool_version < $3 AND status IN ('draft', 'open', 'judging')`,
          [payload.poolId, payload.fundedMinor, payload.version, payload.currency],
        );
    }
  },
});
