import type { CommunityId, Id } from '@lyceum/contracts';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type TagId = Id<'Tag'>;

@Entity('tag')
@Index('tag_name', ['communityId', 'name'], { unique: true })
@Index('tag_popular', ['communityId', 'questionCount', 'id'])
@Directive('@key(fields: "id")')
@ObjectType({ description: 'What questions of a community are about.' })
export class Tag {
  @Field(() => ID) @PrimaryColumn('uuid') id!: TagId;
  @Column('uuid', { name: 'community_id' }) communityId!: CommunityId;

  @Field(() => String, { description: 'Normalised: lower case, "-" for blanks.' })
  @Column('text')
  name!: string;

  @Field(() => Int, { description: 'Questions that have it, exactly.' })
  @Column('int', { name: 'question_count', default: 0 })
  questionCount!: number;

  @Field(() => Date)
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;
}
