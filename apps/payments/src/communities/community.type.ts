import type { CommunityId, MemberId } from '@lyceum/contracts';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** Identity's community; here it gets its catalogue. */
@Directive('@key(fields: "id")')
@ObjectType('Community')
export class Community {
  @Field(() => ID) id!: CommunityId;
}

/** Identity's member; only pointed to. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Member')
export class Member {
  @Field(() => ID) id!: MemberId;
}
