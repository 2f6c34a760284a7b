import { isId, type AccountId } from '@lyceum/contracts';
import { requireUser, useCase, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { Membership } from '../communities/membership.entity';
import { grantEntitlement, ownsProduct } from '../entitlements/grant-entitlement';
import { isDisputed, settleHeld } from '../holds/held-money';
import { NotNow } from '../holds/not-now';
import { AlreadyOwned } from '../orders/order.errors';
import { lockOrder, type Order } from '../orders/order.type';
import { takeTurns } from '../orders/place-order';
import { hashOfCode, newCode } from '../seats/seat-pack.type';
import { PurchasedGiftNotFound, lockGift, PurchasedGift, selectGifts } from './gift.type';

@InputType()
export class MakeGiftCodeInput {
  @Field(() => ID) giftId!: string;
}

@InputType({ description: 'One of the two.' })
export class RedeemPurchasedGiftInput {
  @Field(() => ID, { nullable: true, description: 'Of a gift that is for the caller.' })
  giftId?: string | null;
  @Field(() => String, { nullable: true, description: 'That the giver has passed on.' })
  code?: string | null;
}

@ObjectType({ description: 'For whoever has it first.' })
export class GiftCode {
  @Field(() => PurchasedGift) gift!: PurchasedGift;
  @Field(() => String, { description: 'Shown once. The one before it is good no more.' })
  code!: string;
}

export const MakeGiftCodeResult = createUnionType({
  name: 'MakeGiftCodeResult',
  types: () => [GiftCode, PurchasedGiftNotFound, NotNow] as const,
});
export const RedeemPurchasedGiftResult = createUnionType({
  name: 'RedeemPurchasedGiftResult',
  types: () => [PurchasedGift, PurchasedGiftNotFound, NotNow, AlreadyOwned] as const,
});

/** Makes the code of a paid gift that is for nobody in particular, by its giver. */
export const makeGiftCode = useCase(
  async (tx, { giftId }: MakeGiftCodeInput): Promise<typeof MakeGiftCodeResult> => {
    const locked = await lockWithOrder(tx, await giftWith(tx, 'id = $1', giftId));
    if (locked?.gift.giverId !== requireUser(tx).accountId) return new PurchasedGiftNotFound();
    const { gift } = locked;
    if (gift.recipientId !== null || gift.status !== 'open')
      return new NotNow('It is not paid, was redeemed or returned, or is for a member.');
    const code = newCode();
    await tx.db.query('UPDATE gift SET code_hash = $2 WHERE id = $1', [gift.id, hashOfCode(code)]);
    return Object.assign(new GiftCode(), { gift, code });
  },
);

/**
 * Gives the product to whom it is for, or to whoever has its code, and divides the money that was held. Again by the
 * same person it is the same gift; it is never anybody else's.
 */
export const redeemPurchasedGift = useCase(
  async (
    tx,
    { giftId, code }: RedeemPurchasedGiftInput,
  ): Promise<typeof RedeemPurchasedGiftResult> => {
    const { accountId } = requireUser(tx);
    const found =
      code == null
        ? await giftWith(tx, 'id = $1', giftId ?? '')
        : ((await selectGifts(tx.db, 'code_hash = $1', [hashOfCode(code)]))[0] ?? null);
    await takeTurns(tx, accountId);
    const locked = await lockWithOrder(tx, found);
    if (locked === null) return new PurchasedGiftNotFound();
    const { gift, order } = locked;
    const isFor = gift.recipientId === accountId || (code != null && gift.recipientId === null);
    if (!isFor) return new PurchasedGiftNotFound();
    if (gift.status === 'redeemed') return gift;
    if (gift.giverId === accountId) return new NotNow('A gift is for somebody else.');
    if (gift.status !== 'open') return new NotNow('It is not paid, or was returned.');
    if (await isDisputed(tx.db, order.id)) return new NotNow('Its payment is disputed.');
    const { productId } = gift;
    if (await ownsProduct(tx.db, { accountId, productId, at: tx.now })) return new AlreadyOwned();
    return redeem(tx, { gift, order, accountId });
  },
);

const redeem = async (
  tx: Tx,
  { gift, order, accountId }: { gift: PurchasedGift; order: Order; accountId: AccountId },
): Promise<PurchasedGift> => {
  const { communityId, productId } = gift;
  const [membership] = await tx.db.findBy(Membership, { accountId, communityId });
  const redeemed = {
    status: 'redeemed' as const,
    recipientId: accountId,
    recipientMemberId: membership?.memberId ?? null,
    redeemedAt: tx.now,
  };
  await tx.db.query(
    'UPDATE gift SET status = $2, recipient_id = $3, recipient_member_id = $4, redeemed_at = $5 WHERE id = $1',
    [gift.id, ...Object.values(redeemed)],
  );
  await grantEntitlement(tx, {
    accountId,
    communityId,
    productId,
    source: { type: 'gift', id: gift.id },
    startsAt: tx.now,
    endsAt: null,
  });
  await settleHeld(tx, order, gift.id);
  return Object.assign(gift, redeemed);
};

const giftWith = async (tx: Tx, where: string, id: string): Promise<PurchasedGift | null> =>
  isId(id) ? ((await selectGifts(tx.db, where, [id]))[0] ?? null) : null;

/** The gift and its order, locked in that order everywhere: the order first. */
const lockWithOrder = async (
  tx: Tx,
  found: PurchasedGift | null,
): Promise<{ gift: PurchasedGift; order: Order } | null> => {
  const order = found === null ? null : await lockOrder(tx.db, found.orderId);
  const gift = found === null ? null : await lockGift(tx.db, found.id);
  return order === null || gift === null ? null : { gift, order };
};
