import type { CommunityId } from '@lyceum/contracts';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/**
 * Identity's community; here it gets its content. What one subgraph adds to another's type is nullable: while one
 * is down the other still answers. So are the fields that lead from here to identity's types.
 */
@Directive('@key(fields: "id")')
@ObjectType('Community')
export class Community {
  @Field(() => ID) id!: CommunityId;
}
