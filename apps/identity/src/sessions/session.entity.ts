import type { AccountId, Id } from '@lyceum/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../accounts/account.entity';

export type SessionId = Id<'Session'>;

/** By its own client, by a token that came twice, by its owner from elsewhere, or with others at such an event. */
export type RevokedBecause = 'logout' | 'reuse' | 'revoked' | 'password' | 'deactivated';

/** One log-in: the family of the refresh tokens that followed from it. */
@Entity('session')
@Index('session_account', ['accountId'])
@Index('session_expires', ['expiresAt'])
@Index('session_revoked', { synchronize: false }) // partial
export class Session {
  @PrimaryColumn('uuid') id!: SessionId;
  @Column('uuid', { name: 'account_id' }) accountId!: AccountId;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt!: Date;
  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true })
  revokedAt!: Date | null;
  @Column('text', { name: 'revoked_because', nullable: true })
  revokedBecause!: RevokedBecause | null;
  /** The `User-Agent` of the log-in, cut to 300 characters. */
  @Column('text', { name: 'user_agent', nullable: true }) userAgent!: string | null;
  /** The client's address when it was last refreshed. */
  @Column('text', { nullable: true }) client!: string | null;
  /** When it was last refreshed; null before the first time. */
  @Column({ type: 'timestamptz', name: 'last_used_at', precision: 3, nullable: true })
  lastUsedAt!: Date | null;

  @ManyToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'session_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
}
