import type { AccountId } from '@lyceum/contracts';
import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { Account } from './account.entity';

/** A change of address that is under way; one an account at most. */
@Entity('email_change')
export class EmailChangeRow {
  @PrimaryColumn('uuid', { name: 'account_id' }) accountId!: AccountId;
  @Column('text', { name: 'new_email' }) newEmail!: string;
  /** The mail to the present address was followed, or there is nothing to follow. */
  @Column('boolean', { name: 'is_left' }) isLeft!: boolean;
  @Column('boolean', { name: 'is_entered', default: false }) isEntered!: boolean;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt!: Date;

  @OneToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'email_change_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
}
