import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ProductId } from '../catalogue/product.entity';

export type CampaignId = Id<'Campaign'>;

/** A link whose buyers are counted. Its terms never change; it can only be archived. */
@Entity('campaign')
@Check('campaign_code_is_slug', "code ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'")
@Check('campaign_name', 'char_length(name) BETWEEN 1 AND 200')
@Check('campaign_window', 'ends_at > starts_at')
@Index('campaign_code', ['communityId', 'code'], { unique: true })
@Index('campaign_of_community', ['communityId', 'id'])
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'A link whose buyers are counted. It changes no price.' })
export class Campaign {
  @Field(() => ID) @PrimaryColumn('uuid') id!: CampaignId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;

  @Field(() => String, { description: 'What a link bears, and `checkout` takes as `campaign`.' })
  @Column('text')
  code!: string;

  @Field(() => String, { description: 'Plain text: escape it to show it.' })
  @Column('text')
  name!: string;

  /** Empty is everything that the community sells. */
  @Column('uuid', { name: 'product_ids', array: true, default: '{}' })
  productIds!: readonly ProductId[];

  @Field(() => Date, { nullable: true })
  @Column({ type: 'timestamptz', name: 'starts_at', precision: 3, nullable: true })
  startsAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'From then on nobody comes by it.' })
  @Column({ type: 'timestamptz', name: 'ends_at', precision: 3, nullable: true })
  endsAt!: Date | null;

  @Column('uuid', { name: 'created_by_id' }) createdById!: MemberId;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Since when nobody comes by it.' })
  @Column({ type: 'timestamptz', name: 'archived_at', precision: 3, nullable: true })
  archivedAt!: Date | null;
}

/** The code as it is kept, or null for what can be none. */
export const parseCampaignCode = (code: string): string | null => {
  const slug = code.trim().toLowerCase();
  return /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(slug) ? slug : null;
};
