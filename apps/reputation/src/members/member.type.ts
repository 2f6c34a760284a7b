import type { MemberId } from '@lyceum/contracts';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** A member as this subgraph knows it: by id. Its points, rank and level are added by their slices. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Member {
  @Field(() => ID) id!: MemberId;
}

export const aMember = (id: MemberId): Member => Object.assign(new Member(), { id });
