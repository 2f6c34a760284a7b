import type { AnswerId, CommunityId, MemberId, QuestionId } from '@lyceum/contracts';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export enum CloseReason {
  DUPLICATE = 'duplicate',
  OFF_TOPIC = 'off_topic',
  UNCLEAR = 'unclear',
  TOO_BROAD = 'too_broad',
  OTHER = 'other',
}
registerEnumType(CloseReason, {
  name: 'CloseReason',
  description: 'Why a question takes no more answers.',
});

@Entity('question')
@Index('question_hot', ['communityId', 'heat', 'id'])
@Index('question_newest', ['communityId', 'createdAt', 'id'])
@Index('question_score', ['communityId', 'score', 'id'])
@Index('question_active', ['communityId', 'lastActivityAt', 'id'])
@Index('question_unanswered', { synchronize: false }) // partial
@Index('question_title_search', { synchronize: false }) // trigrams
@Index('question_author', ['authorId', 'createdAt', 'id'])
@Directive('@key(fields: "id")')
@ObjectType({ description: 'What a member wants to know.' })
export class Question {
  @Field(() => ID) @PrimaryColumn('uuid') id!: QuestionId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column('uuid', { name: 'author_id', nullable: true }) authorId!: MemberId | null;

  /** What another system called it; null for what was asked here. */
  @Column('text', { name: 'source_id', nullable: true }) sourceId!: string | null;

  @Field(() => String, { description: 'Plain text: escape it to show it.' })
  @Column('text')
  title!: string;

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

  @Field(() => Date, { description: 'When it was asked, answered or edited, whichever was last.' })
  @Column({ type: 'timestamptz', name: 'last_activity_at', precision: 3 })
  lastActivityAt!: Date;

  @Field(() => Int, { description: 'Upvotes less downvotes.' })
  @Column('int', { default: 0 })
  score!: number;

  @Field(() => Int, {
    description: 'Once a viewer and day; views by the author and by crawlers do not count.',
  })
  @Column('int', { name: 'view_count', default: 0 })
  viewCount!: number;

  /** Of these, how many were counted here: the others came with an import. */
  @Column('int', { name: 'live_views', default: 0 }) liveViews!: number;
  @Field(() => Int) @Column('int', { name: 'answer_count', default: 0 }) answerCount!: number;
  @Field(() => Int) @Column('int', { name: 'comment_count', default: 0 }) commentCount!: number;

  @Field(() => Int, { description: 'Members who follow it.' })
  @Column('int', { name: 'favourite_count', default: 0 })
  favouriteCount!: number;

  @Column('uuid', { name: 'accepted_answer_id', nullable: true })
  acceptedAnswerId!: AnswerId | null;

  @Field(() => Date, { nullable: true })
  @Column({ type: 'timestamptz', name: 'accepted_at', precision: 3, nullable: true })
  acceptedAt!: Date | null;

  /** Grows with each acceptance and its withdrawal; orders AcceptanceRecorded. */
  @Column('int', { name: 'acceptance_version', default: 0 }) acceptanceVersion!: number;

  @Field(() => Date, {
    nullable: true,
    description:
      'Since when it belongs to the community ("wiki"): votes from that day on earn its author nothing.',
  })
  @Column({ type: 'timestamptz', name: 'community_owned_at', precision: 3, nullable: true })
  communityOwnedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'Since when it takes no more answers.' })
  @Column({ type: 'timestamptz', name: 'closed_at', precision: 3, nullable: true })
  closedAt!: Date | null;

  @Field(() => CloseReason, { nullable: true })
  @Column('text', { name: 'close_reason', nullable: true })
  closeReason!: CloseReason | null;

  /** Its place in the order HOT. Kept by a trigger, see the migration. */
  @Column({ type: 'double precision', default: 0, insert: false, update: false }) heat!: number;
}
