import type { CommunityId } from '@lyceum/contracts';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** Identity's community; here it gets its content. */
@Directive('@key(fields: "id")')
@ObjectType('Community')
export class Community {
  @Field(() => ID) id!: CommunityId;
}
