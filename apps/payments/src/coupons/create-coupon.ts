import { isId, newId, type CommunityId } from '@lyceum/contracts';
import { type Money } from '@lyceum/money';
import { requireUser, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { In } from 'typeorm';
import { NotCatalogueManager } from '../catalogue/catalogue.errors';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { Product, type ProductId } from '../catalogue/product.entity';
import { membershipOf } from '../communities/membership.queries';
import { MoneyInput, parseMoneyInput } from '../graph/money.type';
import { CouponCodeTaken, CouponNotFound, InvalidCoupon } from './coupon.errors';
import { codeKeyOf, Coupon, CouponDuration, CouponKind, type CouponId } from './coupon.entity';

@InputType()
export class CreateCouponInput {
  @Field(() => ID) communityId!: string;
  @Field(() => String, { description: '3 to 40 letters, digits, `-` and `_`.' }) code!: string;
  @Field(() => CouponKind) kind!: CouponKind;
  @Field(() => Int, { nullable: true, description: 'With PERCENT: 1 to 10000.' })
  basisPoints?: number | null;
  @Field(() => MoneyInput, { nullable: true, description: 'With FIXED.' })
  amount?: MoneyInput | null;
  @Field(() => Int, { nullable: true, description: 'With TRIAL: 1 to 730.' })
  trialDays?: number | null;
  @Field(() => CouponDuration, { defaultValue: CouponDuration.ONCE }) duration!: CouponDuration;
  @Field(() => Int, { nullable: true, description: 'With MONTHS: 1 to 120.' })
  months?: number | null;
  @Field(() => [ID], { defaultValue: [], description: 'None are all that the community sells.' })
  productIds!: string[];
  @Field(() => Date, { nullable: true }) startsAt?: Date | null;
  @Field(() => Date, { nullable: true }) endsAt?: Date | null;
  @Field(() => Int, { nullable: true, description: 'By everyone together.' })
  maxUses?: number | null;
  @Field(() => Int, { nullable: true, description: 'By one customer.' })
  maxUsesPerCustomer?: number | null;
}

@InputType()
export class DisableCouponInput {
  @Field(() => ID) couponId!: string;
}

export const CreateCouponResult = createUnionType({
  name: 'CreateCouponResult',
  types: () => [Coupon, NotCatalogueManager, InvalidCoupon, CouponCodeTaken] as const,
});

export const DisableCouponResult = createUnionType({
  name: 'DisableCouponResult',
  types: () => [Coupon, CouponNotFound, NotCatalogueManager] as const,
});

/** Offers a discount to who knows the code, by the community's owner or an administrator. */
export const createCoupon = useCase(
  async (tx, input: CreateCouponInput): Promise<typeof CreateCouponResult> => {
    const { accountId } = requireUser(tx);
    if (!isId(input.communityId)) return new NotCatalogueManager();
    const communityId = input.communityId as CommunityId; // has the form of one
    const membership = await membershipOf(tx.db, { communityId, accountId });
    if (membership === null || !canManageCatalogue(membership)) return new NotCatalogueManager();
    const terms = parseTerms(input);
    if (terms instanceof InvalidCoupon) return terms;
    const productIds = [...new Set(input.productIds)] as ProductId[]; // compared with real ones next
    const known = productIds.every(isId)
      ? await tx.db.countBy(Product, { id: In(productIds), communityId })
      : -1;
    if (known !== productIds.length) return new InvalidCoupon('There is no such product here.');

    const coupon = tx.db.create(Coupon, {
      id: newId<'Coupon'>(),
      communityId,
      ...terms,
      productIds,
      createdById: membership.memberId,
      createdAt: tx.now,
      disabledAt: null,
    });
    const inserted = await tx.db
      .createQueryBuilder()
      .insert()
      .into(Coupon)
      .values(coupon)
      .orIgnore()
      .returning('id')
      .execute();
    // PostgreSQL returns the rows it has inserted.
    return (inserted.raw as unknown[]).length === 0 ? new CouponCodeTaken() : coupon;
  },
);

/** Ends a coupon: nobody else can use it; who has used it keeps what it gave. Again, it changes nothing. */
export const disableCoupon = useCase(
  async (tx, { couponId }: DisableCouponInput): Promise<typeof DisableCouponResult> => {
    const { accountId } = requireUser(tx);
    const coupon = isId(couponId)
      ? await tx.db.findOne(Coupon, {
          where: { id: couponId as CouponId },
          lock: { mode: 'pessimistic_write' },
        })
      : null;
    if (coupon === null) return new CouponNotFound();
    const membership = await membershipOf(tx.db, { communityId: coupon.communityId, accountId });
    // To others there is no such coupon, whose code they may have guessed at.
    if (membership === null) return new CouponNotFound();
    if (!canManageCatalogue(membership)) return new NotCatalogueManager();

    coupon.disabledAt ??= tx.now;
    await tx.db.update(Coupon, coupon.id, { disabledAt: coupon.disabledAt });
    return coupon;
  },
);

type Terms = Pick<
  Coupon,
  | 'code'
  | 'codeKey'
  | 'kind'
  | 'basisPoints'
  | 'amountMinor'
  | 'currency'
  | 'trialDays'
  | 'duration'
  | 'months'
  | 'startsAt'
  | 'endsAt'
  | 'maxUses'
  | 'maxUsesPerCustomer'
>;

const parseTerms = (input: CreateCouponInput): Terms | InvalidCoupon => {
  const { kind, duration, basisPoints = null, trialDays = null, months = null } = input;
  const { startsAt = null, endsAt = null, maxUses = null, maxUsesPerCustomer = null } = input;
  const codeKey = codeKeyOf(input.code);
  if (!/^[\p{L}\p{N}_-]{3,40}$/u.test(codeKey))
    return new InvalidCoupon('A code is 3 to 40 letters, digits, "-" and "_".');
  const amount = input.amount == null ? null : parseMoneyInput(input.amount);
  const problem =
    whyNotKind({ kind, basisPoints, trialDays, amount }) ??
    (isWithin(maxUses, 1, 1_000_000) && isWithin(maxUsesPerCustomer, 1, 1_000_000)
      ? null
      : 'A limit is at least one.') ??
    ((duration === CouponDuration.MONTHS) === (months !== null) && isWithin(months, 1, 120)
      ? null
      : 'Months, 1 to 120, come with MONTHS and only then.') ??
    (startsAt !== null && endsAt !== null && endsAt <= startsAt
      ? 'It ends after it starts.'
      : null);
  if (problem !== null) return new InvalidCoupon(problem);
  return {
    code: input.code.trim(),
    codeKey,
    kind,
    basisPoints,
    amountMinor: amount?.amountMinor ?? null,
    currency: amount?.currency ?? null,
    trialDays,
    duration,
    months,
    startsAt,
    endsAt,
    maxUses,
    maxUsesPerCustomer,
  };
};

const maxAmountMinor = 1_000_000_000_000n;

const whyNotKind = (terms: {
  kind: CouponKind;
  basisPoints: number | null;
  trialDays: number | null;
  amount: Money | null;
}): string | null => {
  const { kind, basisPoints, trialDays, amount } = terms;
  const given = [basisPoints !== null, amount !== null, trialDays !== null];
  const wanted = [CouponKind.PERCENT, CouponKind.FIXED, CouponKind.TRIAL].map((k) => k === kind);
  if (given.some((is, n) => is !== wanted[n])) return 'Exactly what belongs to its kind is given.';
  if (!isWithin(basisPoints, 1, 10_000)) return 'A part is 1 to 10000 basis points.';
  if (!isWithin(trialDays, 1, 730)) return 'A trial is 1 to 730 days.';
  if (amount !== null && (amount.amountMinor <= 0n || amount.amountMinor > maxAmountMinor))
    return 'An amount is more than nothing, and not astronomical.';
  return null;
};

const isWithin = (value: number | null, min: number, max: number): boolean =>
  value === null || (value >= min && value <= max);
