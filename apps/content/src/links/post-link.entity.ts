import type { CommunityId, Id, MemberId, QuestionId } from '@lyceum/contracts';
import { registerEnumType } from 'type-graphql';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Question } from '../questions/question.entity';

export enum LinkKind {
  DUPLICATE = 'duplicate',
  RELATED = 'related',
}
registerEnumType(LinkKind, {
  name: 'LinkKind',
  description: 'How one question points to another.',
  valuesConfig: {
    DUPLICATE: { description: 'The other one asks the same, and has the answers.' },
    RELATED: { description: 'Who reads one may want to read the other.' },
  },
});

/** One question points to another. */
@Entity('post_link')
@Index('post_link_once', ['questionId', 'relatedQuestionId', 'kind'], { unique: true })
@Index('post_link_related', ['relatedQuestionId'])
export class PostLink {
  @PrimaryColumn('uuid') id!: Id<'PostLink'>;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column('uuid', { name: 'question_id' }) questionId!: QuestionId;
  @Column('uuid', { name: 'related_question_id' }) relatedQuestionId!: QuestionId;
  @Column('text') kind!: LinkKind;
  @Column('uuid', { name: 'created_by', nullable: true }) createdBy!: MemberId | null;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 }) createdAt!: Date;

  @ManyToOne(() => Question)
  @JoinColumn({ name: 'question_id', foreignKeyConstraintName: 'post_link_question_id_fkey' })
  questionKey?: never; // declares the foreign key; never loaded

  @ManyToOne(() => Question)
  @JoinColumn({
    name: 'related_question_id',
    foreignKeyConstraintName: 'post_link_related_question_id_fkey',
  })
  relatedQuestionKey?: never;
}
