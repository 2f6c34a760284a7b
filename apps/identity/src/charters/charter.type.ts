import type { CommunityId } from '@lyceum/contracts';
import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({
  description:
    "A version of what a community is for and how its members treat each other. It doesn't change.",
})
export class Charter {
  communityId!: CommunityId;
  @Field(() => Int, { description: '1, 2, 3 …' }) version!: number;
  @Field(() => String, {
    description: 'For whom the community is, and what sets it apart. Plain text.',
  })
  positioning!: string;
  @Field(() => String, { description: 'Plain text.' }) goals!: string;
  @Field(() => String, { description: 'Plain text.' }) rules!: string;
  @Field(() => String, { description: 'Plain text.' }) codeOfConduct!: string;
  @Field(() => Date) publishedAt!: Date;
  @Field(() => Date, {
    description: 'Who writes from then on must have accepted it, or a later one.',
  })
  inForceFrom!: Date;
}
