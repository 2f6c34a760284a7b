import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Product, type ProductId } from '../catalogue/product.entity';
import { SplitParty, type SplitRule } from './split-of';

export type SplitTableId = Id<'SplitTable'>;

registerEnumType(SplitParty, {
  name: 'SplitParty',
  description: 'Who gets a share.',
  valuesConfig: {
    PLATFORM: { description: 'Who runs the installation.' },
    CREATOR: { description: 'Who put it on sale, or wrote what was tipped.' },
    REFERRER: {
      description: "Who brought the buyer; without one the share is the creator's.",
    },
    MEMBER: { description: 'A member named in the table.' },
  },
});

export enum IncomeStream {
  SALES = 'sales',
  TIPS = 'tips',
  ADS = 'ads',
}
registerEnumType(IncomeStream, {
  name: 'IncomeStream',
  description: 'Which income a split table divides.',
  valuesConfig: {
    SALES: { description: 'What products, subscriptions and bookings bring.' },
    TIPS: { description: 'What readers give of their own accord.' },
    ADS: { description: 'What advertisers pay for being shown beside an author’s work.' },
  },
});

@ObjectType({ description: 'One line of a split table.' })
export class SplitShareRule {
  @Field(() => SplitParty) party!: SplitParty;
  @Field(() => Int, { description: 'Hundredths of a percent: 10000 is all of it.' })
  basisPoints!: number;
}

/**
 * How income is divided from a time on. Append-only: what was sold under a version stays divided by it.
 * In force is the highest version that has come into effect; a product's own table before its
 * community's, and that before the platform's.
 */
@Entity('split_table')
@Check('split_table_stream', "stream IN ('sales', 'tips', 'ads')")
@Check('split_table_version', 'version > 0')
@Check('split_table_shares', "jsonb_typeof(shares) = 'array'")
@Check('split_table_scope', 'product_id IS NULL OR community_id IS NOT NULL')
@Index('split_table_of_scope', { synchronize: false }) // NULLS NOT DISTINCT; see the migration
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'How income is divided, from a time on. A version never changes.' })
export class SplitTable {
  @Field(() => ID) @PrimaryColumn('uuid') id!: SplitTableId;

  @Column('uuid', { name: 'community_id', nullable: true }) communityId!: CommunityId | null;

  @ForeignKey(() => Product, { name: 'split_table_product_id_fkey' })
  @Column('uuid', { name: 'product_id', nullable: true })
  productId!: ProductId | null;

  @Field(() => IncomeStream) @Column('text') stream!: IncomeStream;
  @Field(() => Int) @Column('int') version!: number;

  @Field(() => [SplitShareRule], { description: 'In the order in which remainders are given.' })
  @Column('jsonb')
  shares!: readonly SplitRule[];

  @Column('uuid', { name: 'created_by_id', nullable: true }) createdById!: MemberId | null;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => Date, { description: 'It divides what is paid from then on.' })
  @Column({ type: 'timestamptz', name: 'effective_at', precision: 3 })
  effectiveAt!: Date;
}
