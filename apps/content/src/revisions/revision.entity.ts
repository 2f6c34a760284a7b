import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PostType } from '../posts/post-type';

@Entity('revision')
@Index('revision_number', ['targetId', 'number'], { unique: true })
@ObjectType({ description: 'What a post said at one time. A post that was never edited has none.' })
export class Revision {
  @Field(() => ID) @PrimaryColumn('uuid') id!: Id<'Revision'>;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;
  @Column('text', { name: 'target_type' }) targetType!: PostType;
  @Column('uuid', { name: 'target_id' }) targetId!: string;

  @Field(() => Int, { description: '1 is what was first published.' })
  @Column('int')
  number!: number;

  @Column('uuid', { name: 'editor_id', nullable: true }) editorId!: MemberId | null;
  @Field(() => String, { nullable: true }) @Column('text', { nullable: true }) title!:
    string | null;

  @Field(() => String, { nullable: true })
  @Column('text', { name: 'body_source', nullable: true })
  bodyMarkdown!: string | null;

  @Field(() => String, { name: 'body', description: 'HTML, sanitised.' })
  @Column('text', { name: 'body_html' })
  bodyHtml!: string;

  @Field(() => [String], { nullable: true })
  @Column('text', { array: true, nullable: true })
  tags!: string[] | null;

  @Field(() => String, { description: "The editor's words on what was changed and why." })
  @Column('text', { default: '' })
  summary!: string;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
