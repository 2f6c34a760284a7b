import type { MemberId } from '@lyceum/contracts';
import { Field, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Product, type ProductId } from './product.entity';

/** The terms of a product at one time. Append-only: a trigger refuses changes. */
@Entity('product_version')
@Check('product_version_number', 'number > 0')
@Check('product_version_refund_window', 'refund_window_days BETWEEN 0 AND 365')
@ObjectType({ description: 'What a product cost from one change of its prices to the next.' })
export class ProductVersion {
  @ForeignKey(() => Product, { name: 'product_version_product_id_fkey' })
  @PrimaryColumn('uuid', { name: 'product_id' })
  productId!: ProductId;

  @Field(() => Int) @PrimaryColumn('int') number!: number;
  @Column('uuid', { name: 'created_by_id' }) createdById!: MemberId;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => Int, { description: 'Days in which a buyer may have the money back.' })
  @Column('int', { name: 'refund_window_days', default: 14 })
  refundWindowDays!: number;

  @Field(() => Boolean, { description: 'Whether a full refund ends the access.' })
  @Column('boolean', { name: 'refund_ends_access', default: true })
  refundEndsAccess!: boolean;
}
