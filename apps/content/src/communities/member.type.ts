import type { MemberId } from '@lyceum/contracts';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** Identity's member; here it gets what it wrote. */
@Directive('@key(fields: "id")')
@ObjectType('Member')
export class Member {
  @Field(() => ID) id!: MemberId;
}
