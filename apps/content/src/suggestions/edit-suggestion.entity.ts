import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PostType } from '../posts/post-type';

export enum SuggestionStatus {
  PENDING = 'pending',
  APPROVED = 'approved',
  REJECTED = 'rejected',
}
registerEnumType(SuggestionStatus, { name: 'SuggestionStatus' });

@Entity('edit_suggestion')
@Index('edit_suggestion_pending', { synchronize: false }) // partial
@Index('edit_suggestion_waiting', { synchronize: false }) // partial
@ObjectType({ description: "A member's proposal to improve somebody else's post." })
export class EditSuggestion {
  @Field(() => ID) @PrimaryColumn('uuid') id!: Id<'EditSuggestion'>;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column('text', { name: 'target_type' }) targetType!: PostType;
  @Column('uuid', { name: 'target_id' }) targetId!: string;
  @Column('uuid', { name: 'editor_id' }) editorId!: MemberId;
  @Field(() => String, { nullable: true }) @Column('text', { nullable: true }) title!:
    string | null;
  /** No field of the graph: the paywall's resolver decides who gets it. */
  @Column('text', { name: 'body_source' }) bodyMarkdown!: string;

  @Field(() => [String], { nullable: true })
  @Column('text', { array: true, nullable: true })
  tags!: string[] | null;

  @Field(() => String) @Column('text', { default: '' }) summary!: string;

  /** The number of the post's last revision when it was made: nobody approves over somebody's later edit. */
  @Column('int', { name: 'base_number' }) baseNumber!: number;

  @Field(() => SuggestionStatus)
  @Column('text', { default: SuggestionStatus.PENDING })
  status!: SuggestionStatus;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column('uuid', { name: 'decided_by', nullable: true }) decidedBy!: MemberId | null;

  @Field(() => Date, { nullable: true })
  @Column({ type: 'timestamptz', name: 'decided_at', precision: 3, nullable: true })
  decidedAt!: Date | null;
}
