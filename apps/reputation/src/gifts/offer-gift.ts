import { isId, newId, type CommunityId } from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  mayAdminister,
  NotCommunityAdmin,
} from '../communities/acting-member';
import { giftById } from './gift.queries';
import { Gift, GiftInvalid, GiftNotFound, type GiftId } from './gift.types';

@InputType()
export class OfferGiftInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String) title!: string;
  @Field(() => String, { defaultValue: '' }) description!: string;
  @Field(() => Int, { description: 'In points.' }) price!: number;
  @Field(() => Int) stock!: number;
  @Field(() => Int, { nullable: true }) perMember?: number | null;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether an owner or admin decides on each redemption.',
  })
  needsApproval!: boolean;
}

@InputType()
export class ChangeGiftInput {
  @Field(() => ID) giftId!: GiftId;
  @Field(() => Int, { nullable: true, description: 'For redemptions to come.' })
  price?: number | null;
  @Field(() => Int, { nullable: true, description: 'Added to what is left; negative takes away.' })
  addToStock?: number | null;
  @Field(() => Boolean, { nullable: true }) isOffered?: boolean | null;
}

export const OfferGiftResult = createUnionType({
  name: 'OfferGiftResult',
  types: () => [Gift, GiftInvalid, NotCommunityAdmin] as const,
});
export const ChangeGiftResult = createUnionType({
  name: 'ChangeGiftResult',
  types: () => [Gift, GiftNotFound, GiftInvalid, NotCommunityAdmin] as const,
});

const mostPoints = 10_000_000;
const isPrice = (price: number): boolean => price >= 1 && price <= mostPoints;

const problemOf = ({ title, description, price, stock, perMember }: OfferGiftInput) => {
  if (title.trim() === '' || title.length > 200) return 'A title has 1 to 200 characters.';
  if (description.length > 5_000) return 'A description has at most 5000 characters.';
  if (!isPrice(price)) return 'A gift costs at least one point.';
  if (stock < 0 || stock > 1_000_000) return 'A stock is 0 to 1000000.';
  if (perMember != null && perMember < 1) return 'A member may have at least one.';
  return null;
};

export const offerGift = async (
  ctx: Ctx,
  input: OfferGiftInput,
): Promise<typeof OfferGiftResult> =>
  mayAdminister(await learnActingMember(ctx, input.communityId))
    ? offer(ctx, input)
    : new NotCommunityAdmin();

const offer = useCase(async (tx, input: OfferGiftInput): Promise<typeof OfferGiftResult> => {
  if (!mayAdminister(await actingMember(tx, input.communityId))) return new NotCommunityAdmin();
  const problem = problemOf(input);
  if (problem !== null) return new GiftInvalid(problem);
  const id = newId<'Gift'>();
  await tx.db.query(
    `INSERT INTO gift (id, community_id, title, description, price, stock, per_member, needs_approval)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[id, input.communityId, input.title.trim(), input.description, input.price, input.stock],
      ...[input.perMember ?? null, input.needsApproval],
    ],
  );
  return (await giftById(tx.db, id)) ?? new GiftInvalid('It was not written.');
});

export const changeGift = async (
  ctx: Ctx,
  input: ChangeGiftInput,
): Promise<typeof ChangeGiftResult> => {
  const gift = isId(input.giftId) ? await giftById(ctx.db, input.giftId) : null;
  if (gift === null) return new GiftNotFound();
  return mayAdminister(await learnActingMember(ctx, gift.communityId))
    ? change(ctx, input)
    : new NotCommunityAdmin();
};

const change = useCase(async (tx, input: ChangeGiftInput): Promise<typeof ChangeGiftResult> => {
  const gift = await giftById(tx.db, input.giftId, 'FOR UPDATE');
  if (gift === null) return new GiftNotFound();
  if (!mayAdminister(await actingMember(tx, gift.communityId))) return new NotCommunityAdmin();
  const stock = gift.stock + (input.addToStock ?? 0);
  if (stock < 0 || stock > 1_000_000)
    return new GiftInvalid(`Only ${String(gift.stock)} of them are left.`);
  if (input.price != null && !isPrice(input.price))
    return new GiftInvalid('A gift costs at least one point.');
  await tx.db.query('UPDATE gift SET price = $2, stock = $3, is_offered = $4 WHERE id = $1', [
    ...[gift.id, input.price ?? gift.price, stock, input.isOffered ?? gift.isOffered],
  ]);
  return (await giftById(tx.db, gift.id)) ?? new GiftNotFound();
});
