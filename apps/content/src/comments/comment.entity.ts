import type { CommentId, CommunityId, MemberId } from '@lyceum/contracts';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PostType } from '../posts/post-type';

@Entity('comment')
@Index('comment_target', ['targetId', 'createdAt', 'id'])
@Index('comment_author', ['authorId', 'createdAt', 'id'])
@Directive('@key(fields: "id")')
@ObjectType({ description: 'A short remark on a question, an answer or an article.' })
export class Comment {
  @Field(() => ID) @PrimaryColumn('uuid') id!: CommentId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column('text', { name: 'target_type' }) targetType!: PostType;
  @Column('uuid', { name: 'target_id' }) targetId!: string;
  @Column('uuid', { name: 'author_id', nullable: true }) authorId!: MemberId | null;
  @Column('text', { name: 'source_id', nullable: true }) sourceId!: string | null;

  @Field(() => String, { nullable: true, description: 'As its author wrote it.' })
  @Column('text', { name: 'body_source', nullable: true })
  bodyMarkdown!: string | null;

  @Field(() => String, { name: 'body', description: 'HTML, sanitised: safe to show as it is.' })
  @Column('text', { name: 'body_html' })
  bodyHtml!: string;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => Int, { description: 'Upvotes less downvotes.' })
  @Column('int', { default: 0 })
  score!: number;
}
