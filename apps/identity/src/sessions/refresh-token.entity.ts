import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Session, type SessionId } from './session.entity';

/** A refresh token by its hash: the token itself is nowhere. Used ones stay, to be recognised when reused. */
@Entity('refresh_token')
@Index('refresh_token_session', ['sessionId'])
@Index('refresh_token_expires', ['expiresAt'])
export class RefreshToken {
  @PrimaryColumn('text') hash!: string;
  @Column('uuid', { name: 'session_id' }) sessionId!: SessionId;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 }) expiresAt!: Date;
  @Column({ type: 'timestamptz', name: 'used_at', precision: 3, nullable: true })
  usedAt!: Date | null;
  /** With the used token itself, gives its successor again; see `rotation.ts`. */
  @Column('text', { name: 'successor_salt', nullable: true }) successorSalt!: string | null;

  @ManyToOne(() => Session, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'session_id', foreignKeyConstraintName: 'refresh_token_session_id_fkey' })
  session?: never; // declares the foreign key; never loaded
}
