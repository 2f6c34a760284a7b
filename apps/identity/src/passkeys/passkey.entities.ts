import type { AccountId, Id } from '@lyceum/contracts';
import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../accounts/account.entity';

export type PasskeyId = Id<'Passkey'>;

@Entity('passkey')
@Index('passkey_credential', ['credentialId'], { unique: true })
@Index('passkey_account', ['accountId'])
@ObjectType({ description: 'A key on a device or in a password manager that logs in by itself.' })
export class Passkey {
  @Field(() => ID) @PrimaryColumn('uuid') id!: PasskeyId;
  @Column('uuid', { name: 'account_id' }) accountId!: AccountId;
  @Column('text', { name: 'credential_id' }) credentialId!: string;
  /** COSE, in base64url. */
  @Column('text', { name: 'public_key' }) publicKey!: string;
  /** How often it has signed, if it counts; a smaller number than before is a copy's. */
  @Column('bigint') counter!: string;
  @Column('text', { array: true }) transports!: readonly string[];
  @Field(() => String) @Column('text') name!: string;
  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
  @Field(() => Date, { nullable: true })
  @Column({ type: 'timestamptz', name: 'last_used_at', precision: 3, nullable: true })
  lastUsedAt!: Date | null;

  @ManyToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'passkey_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
}

/** What a key is to sign, once, within minutes. */
@Entity('passkey_challenge')
@Index('passkey_challenge_account', ['accountId'])
@Index('passkey_challenge_expires', ['expiresAt'])
export class PasskeyChallenge {
  @PrimaryColumn('text') challenge!: string;
  /** Who adds a key; null for a log-in, of whom is not known yet. */
  @Column('uuid', { name: 'account_id', nullable: true }) accountId!: AccountId | null;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt!: Date;

  @ManyToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'passkey_challenge_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
}
