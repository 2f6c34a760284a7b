import { GiftRedemptionChanged, isId, newId } from '@lyceum/contracts';
import { useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  mayAdminister,
  NotCommunityAdmin,
  NotCommunityMember,
} from '../communities/acting-member';
import { query } from '../sql';
import { giftById, lockSpendable, redemptionById } from './gift.queries';
import {
  GiftInvalid,
  GiftLimitReached,
  GiftNotFound,
  GiftRedemption,
  GiftSoldOut,
  RedemptionDecided,
  RedemptionNotFound,
  RedemptionStatus,
  SpendablePointsTooFew,
  type GiftId,
  type RedemptionId,
} from './gift.types';

@InputType()
export class RedeemGiftInput {
  @Field(() => ID) giftId!: GiftId;
  @Field(() => String, { description: 'The same key again redeems nothing twice.' })
  idempotencyKey!: string;
}

@InputType()
export class CancelRedemptionInput {
  @Field(() => ID) redemptionId!: RedemptionId;
}

@InputType()
export class DecideRedemptionInput {
  @Field(() => ID) redemptionId!: RedemptionId;
  @Field(() => RedemptionStatus, { description: 'APPROVED, REFUSED or FULFILLED.' })
  status!: RedemptionStatus;
  @Field(() => String, { nullable: true, description: 'For the member.' }) note?: string | null;
}

export const RedeemGiftResult = createUnionType({
  name: 'RedeemGiftResult',
  types: () =>
    [
      GiftRedemption,
      GiftNotFound,
      GiftInvalid,
      GiftSoldOut,
      GiftLimitReached,
      SpendablePointsTooFew,
      NotCommunityMember,
    ] as const,
});
export const CancelRedemptionResult = createUnionType({
  name: 'CancelRedemptionResult',
  types: () => [GiftRedemption, RedemptionNotFound, RedemptionDecided] as const,
});
export const DecideRedemptionResult = createUnionType({
  name: 'DecideRedemptionResult',
  types: () => [GiftRedemption, RedemptionNotFound, RedemptionDecided, NotCommunityAdmin] as const,
});

/** Takes a gift for points. Stock and points are checked and taken in one transaction, under their locks. */
export const redeemGift = async (
  ctx: Ctx,
  input: RedeemGiftInput,
): Promise<typeof RedeemGiftResult> => {
  if (input.idempotencyKey.length < 1 || input.idempotencyKey.length > 100)
    return new GiftInvalid('An idempotency key has 1 to 100 characters.');
  const gift = isId(input.giftId) ? await giftById(ctx.db, input.giftId) : null;
  if (gift === null) return new GiftNotFound();
  const member = await learnActingMember(ctx, gift.communityId);
  return member === null ? new NotCommunityMember() : redeem(ctx, input);
};

const redeem = useCase(async (tx, input: RedeemGiftInput): Promise<typeof RedeemGiftResult> => {
  const gift = await giftById(tx.db, input.giftId, 'FOR UPDATE');
  if (gift === null) return new GiftNotFound();
  const member = await actingMember(tx, gift.communityId);
  if (member === null) return new NotCommunityMember();
  const spendable = await lockSpendable(tx.db, member.memberId);
  const [before] = await query<{ id: RedemptionId }>(
    tx.db,
    'SELECT id FROM gift_redemption WHERE member_id = $1 AND idempotency_key = $2',
    [member.memberId, input.idempotencyKey],
  );
  if (before !== undefined) return written(tx, before.id);
  if (!gift.isOffered) return new GiftNotFound();
  if (gift.stock === 0) return new GiftSoldOut();
  if (spendable < gift.price) return new SpendablePointsTooFew(spendable);
  const [held] = await query<{ n: number }>(
    tx.db,
    `SELECT count(*)::int AS n FROM gift_redemption
     WHERE gift_id = $1 AND member_id = $2 AND status NOT IN ('refused', 'cancelled')`,
    [gift.id, member.memberId],
  );
  if (gift.perMember !== null && (held?.n ?? 0) >= gift.perMember) return new GiftLimitReached();

  const id = newId<'GiftRedemption'>();
  await tx.db.query('UPDATE gift SET stock = stock - 1 WHERE id = $1', [gift.id]);
  await tx.db.query(
    `INSERT INTO gift_redemption (id, community_id, gift_id, member_id, price, status, idempotency_key, requested_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[id, gift.communityId, gift.id, member.memberId, gift.price],
      ...[gift.needsApproval ? 'requested' : 'approved', input.idempotencyKey, tx.now],
    ],
  );
  return tell(tx, await written(tx, id));
});

/** A member changes its mind: points and stock return, unless the gift is on its way. */
export const cancelRedemption = async (
  ctx: Ctx,
  input: CancelRedemptionInput,
): Promise<typeof CancelRedemptionResult> => {
  const found = isId(input.redemptionId) ? await redemptionById(ctx.db, input.redemptionId) : null;
  if (found === null) return new RedemptionNotFound();
  await learnActingMember(ctx, found.communityId);
  return cancel(ctx, input);
};

const cancel = useCase(
  async (tx, input: CancelRedemptionInput): Promise<typeof CancelRedemptionResult> => {
    const found = await lockWithGift(tx, input.redemptionId);
    const member = found && (await actingMember(tx, found.communityId));
    if (found === null || member?.memberId !== found.memberId) return new RedemptionNotFound();
    if (found.status === 'cancelled') return found;
    if (found.status !== 'requested' && found.status !== 'approved')
      return new RedemptionDecided(found.status);
    return move(tx, found, { status: 'cancelled', note: null });
  },
);

/** Owners and admins approve, refuse and fulfil; a refusal returns points and stock. */
export const decideRedemption = async (
  ctx: Ctx,
  input: DecideRedemptionInput,
): Promise<typeof DecideRedemptionResult> => {
  const found = isId(input.redemptionId) ? await redemptionById(ctx.db, input.redemptionId) : null;
  if (found === null) return new RedemptionNotFound();
  return mayAdminister(await learnActingMember(ctx, found.communityId))
    ? decide(ctx, input)
    : new NotCommunityAdmin();
};

type Status = `${RedemptionStatus}`;

/** What a redemption may become, by what it is. */
const nextOf: Readonly<Record<Status, readonly Status[]>> = {
  requested: ['approved', 'refused'],
  approved: ['fulfilled', 'refused'],
  fulfilled: [],
  refused: [],
  cancelled: [],
};

const decide = useCase(
  async (tx, input: DecideRedemptionInput): Promise<typeof DecideRedemptionResult> => {
    const found = await lockWithGift(tx, input.redemptionId);
    if (found === null) return new RedemptionNotFound();
    if (!mayAdminister(await actingMember(tx, found.communityId))) return new NotCommunityAdmin();
    if (found.status === (input.status as Status)) return found; // told twice
    if (!nextOf[found.status].includes(input.status)) return new RedemptionDecided(found.status);
    return move(tx, found, { status: input.status, note: input.note?.slice(0, 1_000) ?? null });
  },
);

/** The gift first, as who redeems does: the same order cannot deadlock. */
const lockWithGift = async (tx: Tx, id: RedemptionId): Promise<GiftRedemption | null> => {
  const found = await redemptionById(tx.db, id);
  if (found === null) return null;
  await giftById(tx.db, found.giftId, 'FOR UPDATE');
  return redemptionById(tx.db, id, 'FOR UPDATE');
};

const move = async (
  tx: Tx,
  redemption: GiftRedemption,
  { status, note }: { status: Status; note: string | null },
): Promise<GiftRedemption> => {
  const member = await actingMember(tx, redemption.communityId);
  await tx.db.query(
    `UPDATE gift_redemption SET status = $2, version = version + 1, decided_by = $3, decided_at = $4, note = $5
     WHERE id = $1`,
    [redemption.id, status, member?.memberId ?? null, tx.now, note],
  );
  if (status === 'refused' || status === 'cancelled')
    await tx.db.query('UPDATE gift SET stock = stock + 1 WHERE id = $1', [redemption.giftId]);
  return tell(tx, await written(tx, redemption.id));
};

const tell = async (tx: Tx, redemption: GiftRedemption): Promise<GiftRedemption> => {
  const { id, communityId, giftId, memberId, price, status, version } = redemption;
  await tx.emit(GiftRedemptionChanged, {
    ...{ redemptionId: id, communityId, giftId, memberId, price, status, version },
  });
  return redemption;
};

const written = async (tx: Tx, id: RedemptionId): Promise<GiftRedemption> => {
  const redemption = await redemptionById(tx.db, id);
  if (redemption === null) throw new Error('the redemption is there');
  return redemption;
};
