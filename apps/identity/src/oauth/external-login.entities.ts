import type { AccountId } from '@lyceum/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../accounts/account.entity';

/** Whom another site knows under `subject`. Addresses say nothing here: they can be given to somebody else. */
@Entity('external_login')
@Index('external_login_account', ['accountId'])
export class ExternalLogin {
  @PrimaryColumn('text') provider!: string;
  @PrimaryColumn('text') subject!: string;
  @Column('uuid', { name: 'account_id' }) accountId!: AccountId;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;

  @ManyToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'external_login_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
}

/** Somebody who was sent to another site, and may come back once within minutes. */
@Entity('external_login_attempt')
@Index('external_login_attempt_account', ['accountId'])
@Index('external_login_attempt_expires', ['expiresAt'])
export class ExternalLoginAttempt {
  @PrimaryColumn('text') state!: string;
  @Column('text') provider!: string;
  /** Of what only the browser knows that began. */
  @Column('text', { name: 'binding_hash' }) bindingHash!: string;
  /** Who adds the log-in to an account; null for logging in. */
  @Column('uuid', { name: 'account_id', nullable: true }) accountId!: AccountId | null;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt!: Date;

  @ManyToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({
    name: 'account_id',
    foreignKeyConstraintName: 'external_login_attempt_account_id_fkey',
  })
  account?: never; // declares the foreign key; never loaded
}
