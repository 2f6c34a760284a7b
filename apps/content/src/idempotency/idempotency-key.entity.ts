import type { AccountId } from '@lyceum/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A command that was carried out under a key of the caller's choice, and what it made. */
@Entity('idempotency_key')
@Index('idempotency_key_age', ['createdAt'])
export class IdempotencyKey {
  @PrimaryColumn('uuid', { name: 'account_id' }) accountId!: AccountId;
  @PrimaryColumn('text') key!: string;
  @Column('text') operation!: string;
  /** SHA-256 of what was asked for: the same key with another request is a mistake. */
  @Column('text', { name: 'request_hash' }) requestHash!: string;
  @Column('uuid', { name: 'result_id' }) resultId!: string;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;
}
