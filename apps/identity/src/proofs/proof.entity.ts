import type { AccountId, Id } from '@lyceum/contracts';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../accounts/account.entity';

export type ProofId = Id<'Proof'>;

/** What following the link of a mail proves, and so allows. */
export const purposes = [
  'verify-email',
  'reset-password',
  'leave-email',
  'enter-email',
  'claim-account',
] as const;
export type Purpose = (typeof purposes)[number];

/** A token that was mailed, by its hash: who shows it once, in time, reads the mail of this address. */
@Entity('proof')
@Check(
  'proof_purpose_check',
  `purpose IN ('verify-email', 'reset-password', 'leave-email', 'enter-email', 'claim-account')`,
)
@Index('proof_hash', ['hash'], { unique: true })
@Index('proof_account', ['accountId'])
@Index('proof_expires', ['expiresAt'])
export class Proof {
  @PrimaryColumn('uuid') id!: ProofId;
  @Column('text') hash!: string;
  @Column('uuid', { name: 'account_id' }) accountId!: AccountId;
  @Column('text') purpose!: Purpose;
  /** The address that the mail went to. */
  @Column('text') email!: string;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt!: Date;

  @ManyToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'proof_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
}
