import type { AccountId } from '@lyceum/contracts';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A person. Without a password nobody can log in as one: such accounts were imported with a community
 * and wait to be claimed.
 */
@Entity('account')
@Check('account_handle_check', `handle ~ '^[A-Za-z0-9_-]{3,30}$'`)
@Check('account_display_name_check', 'char_length(display_name) BETWEEN 1 AND 80')
@Index('account_handle', { synchronize: false }) // on lower(handle)
@Index('account_handle_skeleton', { synchronize: false }) // on handle_skeleton(handle)
@Index('account_handle_look', { synchronize: false }) // partial
@Index('account_email', { synchronize: false }) // on lower(email)
@Index('account_imported_from', { synchronize: false }) // partial
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A person. What is here is public, except where it says otherwise.' })
export class Account {
  @Field(() => ID) @PrimaryColumn('uuid') id!: AccountId;

  @Field(() => String, {
    description: 'Unique, whatever the case of its letters, and not to be mistaken for another.',
  })
  @Column('text')
  handle!: string;

  @Field(() => String) @Column('text', { name: 'display_name' }) displayName!: string;

  /** Private: the resolver shows it to the account itself. */
  @Column('text', { nullable: true }) email!: string | null;

  /** When a link sent to the address was followed; null after a change until it is again. */
  @Column({ type: 'timestamptz', name: 'email_verified_at', precision: 3, nullable: true })
  emailVerifiedAt!: Date | null;

  /** Nobody can log in until the account is brought back. */
  @Column({ type: 'timestamptz', name: 'deactivated_at', precision: 3, nullable: true })
  deactivatedAt!: Date | null;

  @Column('text', { name: 'password_hash', nullable: true, select: false })
  passwordHash!: string | null;

  @Field(() => String, { description: 'Markdown, as it was written; `bioHtml` is what to show.' })
  @Column('text', { default: '' })
  bio!: string;

  @Field(() => [String], { description: 'Addresses of pages about this person; http or https.' })
  @Column('text', { array: true, default: '{}' })
  links!: readonly string[];

  @Field(() => String, { nullable: true })
  @Column('text', { name: 'avatar_url', nullable: true })
  avatarUrl!: string | null;

  @Field(() => String, { description: 'BCP 47 language tag, as `en` or `zh-CN`.' })
  @Column('text', { default: 'en' })
  locale!: string;

  @Field(() => String, { description: 'IANA name of the time zone.' })
  @Column('text', { name: 'time_zone', default: 'UTC' })
  timeZone!: string;

  /** Where it was imported from, as `stackexchange:ai:1234`; null for who registered here. */
  @Column('text', { name: 'imported_from', nullable: true }) importedFrom!: string | null;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
