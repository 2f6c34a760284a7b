import { PrizePaid, PrizePoolFunded, type PayloadOf } from '@lyceum/contracts';
import { consume, type Tx } from '@lyceum/platform';

/** Knows what is in pools of money, and which prizes were paid: the highest version told is in force. */
export const recordPrizes = consume({
  name: 'reputation.record-prizes',
  destination: 'reputation-incentives',
  types: [PrizePoolFunded, PrizePaid],
  handle: async (tx, events) => {
    for (const { type, payload, occurredAt } of events) {
      if (type === PrizePaid.name)
        for (const table of ['contest_prize', 'award_winner'])
          await tx.db.query(`UPDATE ${table} SET paid_at = coalesce(paid_at, $2) WHERE id = $1`, [
            payload.prizeId,
            occurredAt,
          ]);
      else await fund(tx, payload);
    }
  },
});

/** A pool is a contest's, or of awards. */
const fund = async (tx: Tx, told: PayloadOf<typeof PrizePoolFunded>): Promise<void> => {
  const parameters = [told.poolId, told.fundedMinor, told.version, told.currency];
  await tx.db.query(
    `UPDATE contest SET budget = $2, pool_version = $3
     WHERE id = $1 AND currency = $4 AND pool_version < $3 AND status IN ('draft', 'open', 'judging')`,
    parameters,
  );
  await tx.db.query(
    `UPDATE award_program SET funded = $2, pool_version = $3
     WHERE id = $1 AND currency = $4 AND pool_version < $3`,
    parameters,
  );
};
