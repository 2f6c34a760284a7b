import { GiftRedemptionChanged, newId, PrizeAwarded } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { giftById } from '../gifts/gift.queries';
import { GiftSoldOut } from '../gifts/gift.types';
import { grantPoints } from '../points/grant-points';
import { AwardPoolTooSmall, type AwardProgram, type AwardWinner } from './award.types';

/** Gives winners what the award is: points at once, money by payments, gifts as redemptions that cost nothing. */
export const giveAward = async (
  tx: Tx,
  program: AwardProgram,
  winners: readonly AwardWinner[],
): Promise<AwardPoolTooSmall | GiftSoldOut | null> => {
  if (program.giftId !== null) return giveGifts(tx, program, winners);
  const refusal = await promise(tx, program, winners);
  if (refusal !== null) return refusal;
  const { id: programId, communityId, currency, name: title } = program;
  for (const { id, memberId, awardId, amount } of winners)
    await tx.emit(PrizeAwarded, {
      ...{ prizeId: id, communityId, memberId, sourceType: 'award', sourceId: awardId, title },
      points: currency === null ? Number(amount) : null,
      money: currency && amount ? { poolId: programId, amountMinor: amount, currency } : null,
    });
  if (currency === null) {
    await grantPoints(
      tx,
      winners.map(({ memberId, awardId, amount }) => ({
        ...{ communityId, memberId, for: 'award', sourceId: awardId },
        ...{ points: Number(amount), version: 1 },
      })),
    );
    await paid(tx, winners);
  }
  return null;
};

/** Of money, no more than there is: the caller has locked the program, and the database checks it again. */
const promise = async (
  tx: Tx,
  { id, currency, funded, promised }: AwardProgram,
  winners: readonly AwardWinner[],
): Promise<AwardPoolTooSmall | null> => {
  if (currency === null) return null;
  const sum = winners.reduce((total, { amount }) => total + BigInt(amount ?? 0), 0n);
  if (BigInt(promised) + sum > BigInt(funded)) return new AwardPoolTooSmall();
  await tx.db.query('UPDATE award_program SET promised = promised + $2 WHERE id = $1', [
    ...[id, sum.toString()],
  ]);
  return null;
};

const giveGifts = async (
  tx: Tx,
  { giftId, communityId }: AwardProgram,
  winners: readonly AwardWinner[],
): Promise<GiftSoldOut | null> => {
  const gift = giftId && (await giftById(tx.db, giftId, 'FOR UPDATE'));
  if (!gift || gift.stock < winners.length) return new GiftSoldOut();
  await tx.db.query('UPDATE gift SET stock = stock - $2 WHERE id = $1', [gift.id, winners.length]);
  for (const { id, memberId } of winners) {
    const redemptionId = newId<'GiftRedemption'>();
    await tx.db.query(
      `INSERT INTO gift_redemption (id, community_id, gift_id, member_id, price, status, idempotency_key, requested_at)
       VALUES ($1, $2, $3, $4, 0, 'approved', $5, $6)`,
      [redemptionId, communityId, gift.id, memberId, `award ${id}`, tx.now],
    );
    await tx.db.query('UPDATE award_winner SET redemption_id = $2 WHERE id = $1', [
      ...[id, redemptionId],
    ]);
    await tx.emit(GiftRedemptionChanged, {
      ...{ redemptionId, communityId, giftId: gift.id, memberId, price: 0 },
      ...{ status: 'approved', version: 1 },
    });
  }
  await paid(tx, winners);
  return null;
};

const paid = (tx: Tx, winners: readonly AwardWinner[]): Promise<unknown> =>
  tx.db.query('UPDATE award_winner SET paid_at = $2 WHERE id = ANY($1)', [
    winners.map(({ id }) => id),
    tx.now,
  ]);
