import type { Id } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { MoneyType, toMoneyType } from '../graph/money.type';
import { BillingInterval } from './product-kind';
import { ProductVersion } from './product-version.entity';
import type { ProductId } from './product.entity';

export type PriceId = Id<'Price'>;

/** One way to pay for a version of a product. Append-only: a trigger refuses changes. */
@Entity('price')
@Check('price_interval', "interval IN ('one-off', 'month', 'year')")
@Check('price_amount_minor', 'amount_minor >= 0')
@Check(
  'price_suggested_minor',
  "suggested_minor IS NULL OR suggested_minor >= amount_minor AND interval = 'one-off'",
)
@Check('price_currency', "currency ~ '^[A-Z]{3}$'")
@Index('price_of_version', ['productId', 'version', 'interval', 'currency'], { unique: true })
@ForeignKey(() => ProductVersion, ['productId', 'version'], ['productId', 'number'], {
  name: 'price_product_id_version_fkey',
})
@ObjectType({ description: 'One way to pay for a product.' })
export class Price {
  @Field(() => ID) @PrimaryColumn('uuid') id!: PriceId;
  @Column('uuid', { name: 'product_id' }) productId!: ProductId;
  @Column('int') version!: number;
  @Field(() => BillingInterval) @Column('text') interval!: BillingInterval;

  @Column('bigint', {
    name: 'amount_minor',
    transformer: { from: (digits: string) => BigInt(digits), to: String },
  })
  amountMinor!: bigint;

  @Column('text') currency!: Currency;

  @Column('bigint', {
    name: 'suggested_minor',
    nullable: true,
    transformer: {
      from: (digits: string | null) => (digits === null ? null : BigInt(digits)),
      to: (amount: bigint | null) => amount?.toString() ?? null,
    },
  })
  suggestedMinor!: bigint | null;

  @Field(() => MoneyType, {
    name: 'amount',
    description: 'Zero is free. Where an amount is suggested this is the least.',
  })
  get amountField(): MoneyType {
    return toMoneyType(this.amount);
  }

  @Field(() => MoneyType, {
    name: 'suggested',
    nullable: true,
    description: 'Not null where buyers pay what they want: then this is what they might.',
  })
  get suggestedField(): MoneyType | null {
    return this.suggested === null ? null : toMoneyType(this.suggested);
  }

  get amount(): Money {
    return money(this.amountMinor, this.currency);
  }

  get suggested(): Money | null {
    return this.suggestedMinor === null ? null : money(this.suggestedMinor, this.currency);
  }
}
