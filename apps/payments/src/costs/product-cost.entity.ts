import type { Id, MemberId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Product, type ProductId } from '../catalogue/product.entity';
import { MoneyType, toMoneyType } from '../graph/money.type';

export type ProductCostId = Id<'ProductCost'>;

export enum CostCategory {
  PRODUCTION = 'production',
  OPERATIONS = 'operations',
  PROMOTION = 'promotion',
}
registerEnumType(CostCategory, {
  name: 'CostCategory',
  description: 'What a cost was for. All three together are the cost of a product.',
});

/** Money that a product cost, as its makers say. Append-only: a mistake is voided by a mirrored row. */
@Entity('product_cost')
@Check('product_cost_category', "category IN ('production', 'operations', 'promotion')")
@Check('product_cost_amount', 'amount_minor <> 0')
@Check('product_cost_currency', "currency ~ '^[A-Z]{3}$'")
@Check('product_cost_sign', '(amount_minor < 0) = (voids_id IS NOT NULL)')
@Index('product_cost_of_product', ['productId', 'currency', 'incurredOn'])
@Index('product_cost_voided_once', ['voidsId'], { unique: true })
@Index('product_cost_key', ['recordedById', 'idempotencyKey'], { unique: true })
@ObjectType({ description: 'Money that a product cost.' })
export class ProductCost {
  @Field(() => ID) @PrimaryColumn('uuid') id!: ProductCostId;

  @ForeignKey(() => Product, { name: 'product_cost_product_id_fkey' })
  @Column('uuid', { name: 'product_id' })
  productId!: ProductId;

  @Field(() => CostCategory) @Column('text') category!: CostCategory;

  @Column('bigint', {
    name: 'amount_minor',
    transformer: { from: (digits: string) => BigInt(digits), to: String },
  })
  amountMinor!: bigint;

  @Column('text') currency!: Currency;

  @Field(() => String, { description: 'The day, `YYYY-MM-DD`.' })
  @Column('date', { name: 'incurred_on' })
  incurredOn!: string;

  @Field(() => String, { nullable: true, description: 'Plain text: escape it to show it.' })
  @Column('text', { nullable: true })
  note!: string | null;

  @Field(() => ID, { nullable: true, description: 'The cost that this one takes back.' })
  @ForeignKey(() => ProductCost, { name: 'product_cost_voids_id_fkey' })
  @Column('uuid', { name: 'voids_id', nullable: true })
  voidsId!: ProductCostId | null;

  @Column('uuid', { name: 'recorded_by_id' }) recordedById!: MemberId;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'recorded_at', precision: 3 })
  recordedAt!: Date;

  @Column('text', { name: 'idempotency_key' }) idempotencyKey!: string;

  @Field(() => MoneyType, { name: 'amount', description: 'Negative where it takes a cost back.' })
  get amountField(): MoneyType {
    return toMoneyType(this.amount);
  }

  get amount(): Money {
    return money(this.amountMinor, this.currency);
  }
}
