import assert from 'node:assert/strict';
import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ProductKind } from './product-kind';

export type ProductId = Id<'Product'>;

/**
 * Something a community sells or gives. What it costs is in its versions, which never change: an order
 * keeps the version it was made under.
 */
@Entity('product')
@Check(
  'product_kind',
  `kind IN (${Object.values(ProductKind)
    .map((kind) => `'${kind}'`)
    .join()})`,
)
@Check('product_title', 'char_length(title) BETWEEN 1 AND 200')
@Check('product_version', 'version > 0')
@Index('product_of_community', { synchronize: false }) // partial, by state; see the migration
@Index('product_archived_of_community', { synchronize: false })
@Directive('@key(fields: "id")')
@ObjectType({ description: 'Something a community sells, or gives for free.' })
export class Product {
  @Field(() => ID) @PrimaryColumn('uuid') id!: ProductId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column('uuid', { name: 'created_by_id' }) createdById!: MemberId;
  /** Who has the creator's share; null for the author of what it is about, or who put it on sale. */
  @Column('uuid', { name: 'earner_id', nullable: true }) earnerId!: MemberId | null;

  @Field(() => ProductKind) @Column('text') kind!: ProductKind;

  @Field(() => String, { description: 'Plain text: escape it to show it.' })
  @Column('text')
  title!: string;

  @Field(() => Int, { description: 'The version on sale; grows with each change of prices.' })
  @Column('int', { default: 1 })
  version!: number;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Since when nobody can buy it any more.' })
  @Column({ type: 'timestamptz', name: 'archived_at', precision: 3, nullable: true })
  archivedAt!: Date | null;

  @Field(() => Boolean)
  get isArchived(): boolean {
    return this.archivedAt !== null;
  }

  /** Returns the number of the new version, whose prices the caller writes. */
  nextVersion(): number {
    assert(!this.isArchived, 'an archived product keeps its last version');
    this.version += 1;
    return this.version;
  }

  archive(at: Date): void {
    this.archivedAt ??= at;
  }
}
