import type { AccountId } from '@lyceum/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, OneToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../accounts/account.entity';

/** A shared secret of an app that shows one-time codes; in force once a first code has confirmed it. */
@Entity('totp')
export class Totp {
  @PrimaryColumn('uuid', { name: 'account_id' }) accountId!: AccountId;
  /** Sealed: the database alone makes no codes. */
  @Column('text', { name: 'sealed_secret' }) sealedSecret!: string;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'confirmed_at', precision: 3, nullable: true })
  confirmedAt!: Date | null;
  /** The half minute of the last code that was used: neither it nor an earlier one is taken again. */
  @Column('int', { name: 'last_step', default: 0 }) lastStep!: number;

  @OneToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'totp_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
}

/** Works once, in place of a code. */
@Entity('recovery_code')
export class RecoveryCode {
  @PrimaryColumn('uuid', { name: 'account_id' }) accountId!: AccountId;
  @PrimaryColumn('text') hash!: string;

  @ManyToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'recovery_code_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
}

/** A log-in whose password was right, and which waits for the second factor. */
@Entity('login_challenge')
@Index('login_challenge_account', ['accountId'])
@Index('login_challenge_expires', ['expiresAt'])
export class LoginChallenge {
  @PrimaryColumn('text') hash!: string;
  @Column('uuid', { name: 'account_id' }) accountId!: AccountId;
  /** Whether it brings a deactivated account back. */
  @Column('boolean') reactivates!: boolean;
  @Column('int', { default: 0 }) tries!: number;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt!: Date;

  @ManyToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'login_challenge_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
}
