import type { MemberId } from '@lyceum/contracts';
import { Field, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Product, type ProductId } from './product.entity';

/** The terms of a product at one time. Append-only: a trigger refuses changes. */
@Entity('product_version')
@Check('product_version_number', 'number > 0')
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
}
