import type { QuestionId } from '@lyceum/contracts';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Question } from '../questions/question.entity';
import { Tag, type TagId } from './tag.entity';

@Entity('question_tag')
@Index('question_tag_tag', ['tagId', 'questionId'])
export class QuestionTag {
  @PrimaryColumn('uuid', { name: 'question_id' }) questionId!: QuestionId;
  @PrimaryColumn('uuid', { name: 'tag_id' }) tagId!: TagId;
  /** The author's order. */
  @Column('smallint', { default: 0 }) position!: number;

  @ManyToOne(() => Question)
  @JoinColumn({ name: 'question_id', foreignKeyConstraintName: 'question_tag_question_id_fkey' })
  questionKey?: never; // declares the foreign key; never loaded

  @ManyToOne(() => Tag)
  @JoinColumn({ name: 'tag_id', foreignKeyConstraintName: 'question_tag_tag_id_fkey' })
  tagKey?: never;
}
