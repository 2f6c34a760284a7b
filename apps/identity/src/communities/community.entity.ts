import type { CommunityId } from '@lyceum/contracts';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

export enum CommunityVisibility {
  PUBLIC = 'public',
  LISTED = 'listed',
  PRIVATE = 'private',
}
registerEnumType(CommunityVisibility, {
  name: 'CommunityVisibility',
  description: 'Who can see that a community exists, and what is in it.',
  valuesConfig: {
    PUBLIC: { description: 'Everyone sees it and may join.' },
    LISTED: {
      description:
        'Everyone sees its name and description; its members what is in it. One asks to join.',
    },
    PRIVATE: { description: 'Its members alone; an owner or administrator adds them.' },
  },
});

@Entity('community')
@Check('community_slug_check', `slug ~ '^[a-z0-9-]{2,50}$'`)
@Check('community_name_check', 'char_length(name) BETWEEN 1 AND 200')
@Index('community_slug', ['slug'], { unique: true })
@Index('community_largest', ['memberCount', 'id'])
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A place where members ask, answer, write, learn and earn.' })
export class Community {
  @Field(() => ID) @PrimaryColumn('uuid') id!: CommunityId;

  @Field(() => String, { description: 'Its name in addresses; never changes.' })
  @Column('text')
  slug!: string;

  @Field(() => String) @Column('text') name!: string;

  @Field(() => String, { description: 'Plain text: escape it to show it.' })
  @Column('text', { default: '' })
  description!: string;

  @Field(() => String, {
    description: "IANA name; its days are the days of the community's metrics.",
  })
  @Column('text', { name: 'time_zone', default: 'UTC' })
  timeZone!: string;

  @Field(() => String, { description: 'ISO 4217 code.' })
  @Column('text', { default: 'USD' })
  currency!: string;

  @Field(() => String, { description: 'BCP 47 language tag, as `en` or `zh-CN`.' })
  @Column('text', { default: 'en' })
  locale!: string;

  @Field(() => CommunityVisibility)
  @Column('text', { default: 'public' })
  visibility!: CommunityVisibility;

  /** Kept by triggers on `member`, see the migration. */
  @Field(() => Int, { description: 'Active members, exactly.' })
  @Column('int', { name: 'member_count', default: 0 })
  memberCount!: number;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'Since when nothing can be written in it; null for one that is alive.',
  })
  @Column({ type: 'timestamptz', name: 'archived_at', precision: 3, nullable: true })
  archivedAt!: Date | null;

  /** How long a free trial lasts; null where there is none. */
  @Column('int', { name: 'trial_days', nullable: true }) trialDays!: number | null;

  /** Grows with each change of time zone or visibility; orders CommunityChanged. */
  @Column('int', { name: 'settings_version', default: 0 }) settingsVersion!: number;

  /** Grows with each archiving and restoring; orders CommunityArchived. */
  @Column('int', { name: 'archive_version', default: 0 }) archiveVersion!: number;
}

/** What other domains are told: to them a listed community is a private one, whose content is for its members. */
export const toldVisibility = (visibility: CommunityVisibility): 'public' | 'private' =>
  visibility === CommunityVisibility.PUBLIC ? 'public' : 'private';
