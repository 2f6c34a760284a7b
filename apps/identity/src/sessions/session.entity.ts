import type { AccountId, Id } from '@lyceum/contracts';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../accounts/account.entity';

export type SessionId = Id<'Session'>;

/** One log-in: the family of the refresh tokens that followed from it. */
@Entity('session')
@Check('session_revoked_because_check', `revoked_because IN ('logout', 'reuse')`)
@Index('session_account', ['accountId'])
@Index('session_expires', ['expiresAt'])
export class Session {
  @PrimaryColumn('uuid') id!: SessionId;
  @Column('uuid', { name: 'account_id' }) accountId!: AccountId;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt!: Date;
  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true })
  revokedAt!: Date | null;
  @Column('text', { name: 'revoked_because', nullable: true })
  revokedBecause!: 'logout' | 'reuse' | null;

  @ManyToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'session_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
}
