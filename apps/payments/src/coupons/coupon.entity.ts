import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ProductId } from '../catalogue/product.entity';
import { MoneyType, toMoneyType } from '../graph/money.type';

export type CouponId = Id<'Coupon'>;

export enum CouponKind {
  PERCENT = 'percent',
  FIXED = 'fixed',
  TRIAL = 'trial',
}
registerEnumType(CouponKind, {
  name: 'CouponKind',
  description: 'What a coupon does.',
  valuesConfig: {
    PERCENT: { description: 'Takes a part off.' },
    FIXED: { description: 'Takes an amount off, and never more than there is to pay.' },
    TRIAL: { description: 'Lets a subscription begin with days that cost nothing.' },
  },
});

export enum CouponDuration {
  ONCE = 'once',
  MONTHS = 'months',
  FOREVER = 'forever',
}
registerEnumType(CouponDuration, {
  name: 'CouponDuration',
  description: 'Which payments of a subscription it lowers; what is paid once is paid once.',
  valuesConfig: {
    ONCE: { description: 'The first.' },
    MONTHS: { description: 'Those of the first so many months. Not for yearly prices.' },
    FOREVER: { description: 'All of them.' },
  },
});

/** A code that makes things cheaper. Its terms never change; it can only be disabled. */
@Entity('coupon')
@Check('coupon_kind', "kind IN ('percent', 'fixed', 'trial')")
@Check('coupon_basis_points', 'basis_points BETWEEN 1 AND 10000')
@Check('coupon_amount', 'amount_minor > 0')
@Check('coupon_currency', "currency ~ '^[A-Z]{3}$'")
@Check('coupon_trial_days', 'trial_days BETWEEN 1 AND 730')
@Check('coupon_duration', "duration IN ('once', 'months', 'forever')")
@Check('coupon_months', 'months BETWEEN 1 AND 120')
@Check('coupon_max_uses', 'max_uses > 0')
@Check('coupon_max_uses_per_customer', 'max_uses_per_customer > 0')
@Check('coupon_percent', "(kind = 'percent') = (basis_points IS NOT NULL)")
@Check('coupon_fixed', "(kind = 'fixed') = (amount_minor IS NOT NULL AND currency IS NOT NULL)")
@Check('coupon_trial', "(kind = 'trial') = (trial_days IS NOT NULL)")
@Check('coupon_repeats', "(duration = 'months') = (months IS NOT NULL)")
@Check('coupon_window', 'ends_at > starts_at')
@Index('coupon_code', ['communityId', 'codeKey'], { unique: true })
@Index('coupon_of_community', ['communityId', 'id'])
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'A code that makes things cheaper.' })
export class Coupon {
  @Field(() => ID) @PrimaryColumn('uuid') id!: CouponId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;

  @Field(() => String, { description: 'As it was written; upper and lower case are the same.' })
  @Column('text')
  code!: string;

  @Column('text', { name: 'code_key' }) codeKey!: string;
  @Field(() => CouponKind) @Column('text') kind!: CouponKind;

  @Field(() => Int, { nullable: true, description: 'Of PERCENT: 10000 is everything.' })
  @Column('int', { name: 'basis_points', nullable: true })
  basisPoints!: number | null;

  @Column('bigint', {
    name: 'amount_minor',
    nullable: true,
    transformer: {
      from: (digits: string | null) => (digits === null ? null : BigInt(digits)),
      to: (amount: bigint | null) => amount?.toString() ?? null,
    },
  })
  amountMinor!: bigint | null;

  @Column('text', { nullable: true }) currency!: Currency | null;

  @Field(() => Int, { nullable: true, description: 'Of TRIAL.' })
  @Column('int', { name: 'trial_days', nullable: true })
  trialDays!: number | null;

  @Field(() => CouponDuration) @Column('text') duration!: CouponDuration;

  @Field(() => Int, { nullable: true, description: 'Of MONTHS.' })
  @Column('int', { nullable: true })
  months!: number | null;

  /** Empty is everything that the community sells. */
  @Column('uuid', { name: 'product_ids', array: true, default: '{}' })
  productIds!: readonly ProductId[];

  @Field(() => Date, { nullable: true })
  @Column({ type: 'timestamptz', name: 'starts_at', precision: 3, nullable: true })
  startsAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'From then on it is not taken.' })
  @Column({ type: 'timestamptz', name: 'ends_at', precision: 3, nullable: true })
  endsAt!: Date | null;

  @Field(() => Int, { nullable: true, description: 'By everyone together; null without limit.' })
  @Column('int', { name: 'max_uses', nullable: true })
  maxUses!: number | null;

  @Field(() => Int, { nullable: true, description: 'By one customer; null without limit.' })
  @Column('int', { name: 'max_uses_per_customer', nullable: true })
  maxUsesPerCustomer!: number | null;

  @Column('uuid', { name: 'created_by_id' }) createdById!: MemberId;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => Date, { nullable: true })
  @Column({ type: 'timestamptz', name: 'disabled_at', precision: 3, nullable: true })
  disabledAt!: Date | null;

  @Field(() => MoneyType, { name: 'amount', nullable: true, description: 'Of FIXED.' })
  get amountField(): MoneyType | null {
    return this.amount === null ? null : toMoneyType(this.amount);
  }

  get amount(): Money | null {
    return this.amountMinor === null || this.currency === null
      ? null
      : money(this.amountMinor, this.currency);
  }
}

/** Codes are the same in whatever case and width they are typed. */
export const codeKeyOf = (code: string): string => code.normalize('NFKC').trim().toLowerCase();
