import type { ArticleId, CommunityId, MemberId } from '@lyceum/contracts';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ArticleAccess } from '../paywall/article-access';

@Entity('article')
@Index('article_newest', ['communityId', 'createdAt', 'id'])
@Index('article_score', ['communityId', 'score', 'id'])
@Index('article_author', ['authorId', 'createdAt', 'id'])
@Directive('@key(fields: "id")')
@ObjectType({ description: 'What a member publishes.' })
export class Article {
  @Field(() => ID) @PrimaryColumn('uuid') id!: ArticleId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column('uuid', { name: 'author_id', nullable: true }) authorId!: MemberId | null;

  @Field(() => String, { description: 'Plain text: escape it to show it.' })
  @Column('text')
  title!: string;

  /** No field of the graph: the paywall's resolver decides who gets it. */
  @Column('text', { name: 'body_source', nullable: true }) bodyMarkdown!: string | null;
  /** No field of the graph, either. */
  @Column('text', { name: 'body_html' }) bodyHtml!: string;

  @Field(() => ArticleAccess) @Column('text', { default: 'free' }) access!: `${ArticleAccess}`;
  @Column('text', { name: 'preview_source', nullable: true }) previewMarkdown!: string | null;

  @Field(() => String, {
    name: 'preview',
    description: 'HTML, sanitised: what its author shows to everybody. Empty when that is nothing.',
  })
  @Column('text', { name: 'preview_html', default: '' })
  previewHtml!: string;

  @Column('int', { name: 'access_version', default: 0 }) accessVersion!: number;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => Date, { nullable: true })
  @Column({ type: 'timestamptz', name: 'edited_at', precision: 3, nullable: true })
  editedAt!: Date | null;

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
  @Field(() => Int) @Column('int', { name: 'comment_count', default: 0 }) commentCount!: number;
}
