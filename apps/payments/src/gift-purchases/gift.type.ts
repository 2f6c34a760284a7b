import type { AccountId, CommunityId, Id, MemberId } from '@lyceum/contracts';
import {
  type Connection,
  type Ctx,
  idIn,
  type PageArgs,
  parsePage,
  requireUser,
  toConnection,
  UserError,
} from '@lyceum/platform';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import type { ProductId } from '../catalogue/product.entity';
import type { StateOf } from '../state-machines';

export type GiftId = Id<'PurchasedGift'>;

export enum PurchasedGiftStatus {
  WAITING = 'waiting',
  GIVEN_UP = 'given-up',
  OPEN = 'open',
  REDEEMED = 'redeemed',
  RETURNED = 'returned',
}
registerEnumType(PurchasedGiftStatus, {
  name: 'PurchasedGiftStatus',
  valuesConfig: {
    WAITING: { description: 'Its order is not paid.' },
    GIVEN_UP: { description: 'It was not paid in time.' },
    OPEN: { description: 'It can be redeemed; the money is held.' },
    REDEEMED: { description: 'Somebody has it; the money was divided.' },
    RETURNED: { description: 'Its giver has the money back.' },
  },
});

export enum GiftSide {
  GIVER = 'giver',
  RECIPIENT = 'recipient',
}
registerEnumType(GiftSide, { name: 'GiftSide' });

@ObjectType({
  description: 'A product that was bought for somebody else. Its giver and its recipient see it.',
})
export class PurchasedGift {
  @Field(() => ID) id!: GiftId;
  orderId!: string;
  productId!: ProductId;
  communityId!: CommunityId;
  giverId!: AccountId;
  giverMemberId!: MemberId | null;
  recipientId!: AccountId | null;
  recipientMemberId!: MemberId | null;
  @Field(() => PurchasedGiftStatus) status!: StateOf<'gift'>;
  @Field(() => String, { description: "The giver's, plain text: escape it to show it." })
  message!: string;
  @Field(() => Date) createdAt!: Date;
  @Field(() => Date, { nullable: true }) redeemedAt!: Date | null;
}

@ObjectType({ implements: UserError })
export class PurchasedGiftNotFound extends UserError {
  readonly code = 'GIFT_NOT_FOUND' as const;
  readonly message = 'There is no such gift for you, or it was redeemed.';
}

/** Gifts that match; `where` is SQL of ours, with its parameters from $1. */
export const selectGifts = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<PurchasedGift[]> => {
  const rows = await db.query<object[]>(
    `SELECT id, order_id AS "orderId", product_id AS "productId", community_id AS "communityId", giver_id AS "giverId",
       giver_member_id AS "giverMemberId", recipient_id AS "recipientId", recipient_member_id AS "recipientMemberId",
       status, message, created_at AS "createdAt", redeemed_at AS "redeemedAt"
     FROM gift WHERE ${where}`,
    [...parameters],
  );
  return rows.map((row) => Object.assign(new PurchasedGift(), row));
};

/** The gift, and nobody else redeems it until the transaction ends. Lock its order first. */
export const lockGift = async (db: EntityManager, id: string): Promise<PurchasedGift | null> =>
  (await selectGifts(db, 'id = $1 FOR UPDATE', [id]))[0] ?? null;

/** The caller's, newest first: ids are time-ordered. Recipients see what was paid. */
export const giftsOf = async (
  ctx: Ctx,
  side: GiftSide,
  page: PageArgs,
): Promise<Connection<PurchasedGift>> => {
  const { accountId } = requireUser(ctx);
  const list = `gifts:${side}:${accountId}`;
  const { first, after } = parsePage(list, page);
  const own =
    side === GiftSide.GIVER
      ? 'giver_id = $1'
      : `recipient_id = $1 AND status IN ('open', 'redeemed')`;
  const rows = await selectGifts(
    ctx.db,
    `${own} AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [accountId, idIn(after), first + 1],
  );
  return toConnection(rows, { list, first, positionOf: ({ id }) => [id] });
};
