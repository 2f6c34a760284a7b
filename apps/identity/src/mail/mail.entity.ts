import type { AccountId, Id } from '@lyceum/contracts';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Account } from '../accounts/account.entity';
import type { ProofId } from '../proofs/proof.entity';

export type MailId = Id<'Mail'>;
/** `kept` is the end of mails that nobody sends, because there is no SMTP server: developers read them on a page. */
export type MailState = 'waiting' | 'sent' | 'kept' | 'failed';

/** A mail that is to be sent: what it says is made when it is sent, and no token is in here. */
@Entity('mail')
@Check('mail_state_check', `state IN ('waiting', 'sent', 'kept', 'failed')`)
@Index('mail_due', { synchronize: false }) // partial
@Index('mail_account', ['accountId'])
@Index('mail_created', ['createdAt', 'id'])
export class Mail {
  @PrimaryColumn('uuid') id!: MailId;
  /** Null until the address of a request to reset a password is looked up. */
  @Column('uuid', { name: 'account_id', nullable: true }) accountId!: AccountId | null;
  @Column('text') recipient!: string;
  @Column('text') template!: string;
  @Column('text') locale!: string;
  /** What the template is filled with. */
  @Column('jsonb', { default: {} }) details!: Readonly<Record<string, string>>;
  /** Whose token the mail carries. */
  @Column('uuid', { name: 'proof_id', nullable: true }) proofId!: ProofId | null;
  @Column('text', { default: 'waiting' }) state!: MailState;
  @Column('int', { default: 0 }) attempts!: number;
  @Column({ type: 'timestamptz', name: 'next_try_at', precision: 3 }) nextTryAt!: Date;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;

  @ManyToOne(() => Account, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'mail_account_id_fkey' })
  account?: never; // declares the foreign key; never loaded
}
