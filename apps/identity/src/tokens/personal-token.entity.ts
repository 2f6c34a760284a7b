import type { AccountId, Id } from '@lyceum/contracts';
import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../accounts/account.entity';

export type PersonalTokenId = Id<'PersonalToken'>;

@Entity('personal_token')
@Index('personal_token_hash', ['hash'], { unique: true })
@Index('personal_token_account', ['accountId', 'createdAt', 'id'])
@Index('personal_token_revoked', { synchronize: false }) // partial
@ObjectType({ description: 'A token for programs. What it is, is told once, when it is made.' })
export class PersonalToken {
  @Field(() => ID) @PrimaryColumn('uuid') id!: PersonalTokenId;
  @Column('uuid', { name: 'account_id' }) accountId!: AccountId;
  @Field(() => String) @Column('text') name!: string;
  @Column('text') hash!: string;
  @Field(() => String, { description: 'How it begins, to tell it from others.' })
  @Column('text')
  hint!: string;
  @Column('text', { array: true })
  scopes!: readonly string[];
  /** Another account than its own for tokens of service accounts. */
  @Column('uuid', { name: 'created_by' }) createdBy!: AccountId;
  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 })
  expiresAt!: Date;
  @Field(() => Date, { nullable: true, description: 'To ten minutes.' })
  @Column({ type: 'timestamptz', name: 'last_used_at', precision: 3, nullable: true })
  lastUsedAt!: Date | null;
  @Field(() => Date, { nullable: true })
  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true })
  revokedAt!: Date | null;

  @ManyToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'personal_token_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
}
