import type { AnswerId, CommunityId, MemberId, QuestionId } from '@lyceum/contracts';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Question } from '../questions/question.entity';

@Entity('answer')
@Index('answer_question', ['questionId', 'createdAt', 'id'])
@Index('answer_author', ['authorId', 'createdAt', 'id'])
@Directive('@key(fields: "id")')
@ObjectType()
export class Answer {
  @Field(() => ID) @PrimaryColumn('uuid') id!: AnswerId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column('uuid', { name: 'question_id' }) questionId!: QuestionId;
  @Column('uuid', { name: 'author_id', nullable: true }) authorId!: MemberId | null;
  @Column('text', { name: 'source_id', nullable: true }) sourceId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'As its author wrote it, in Markdown; null for what came from elsewhere as HTML.',
  })
  @Column('text', { name: 'body_source', nullable: true })
  bodyMarkdown!: string | null;

  @Field(() => String, { name: 'body', description: 'HTML, sanitised: safe to show as it is.' })
  @Column('text', { name: 'body_html' })
  bodyHtml!: string;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => Date, { nullable: true })
  @Column({ type: 'timestamptz', name: 'edited_at', precision: 3, nullable: true })
  editedAt!: Date | null;

  @Field(() => Int, { description: 'Upvotes less downvotes.' })
  @Column('int', { default: 0 })
  score!: number;

  @Field(() => Int) @Column('int', { name: 'comment_count', default: 0 }) commentCount!: number;

  @Field(() => Date, {
    nullable: true,
    description:
      'Since when it belongs to the community ("wiki"): votes from that day on earn its author nothing.',
  })
  @Column({ type: 'timestamptz', name: 'community_owned_at', precision: 3, nullable: true })
  communityOwnedAt!: Date | null;

  @ManyToOne(() => Question)
  @JoinColumn({ name: 'question_id', foreignKeyConstraintName: 'answer_question_id_fkey' })
  questionKey?: never; // declares the foreign key; never loaded
}
