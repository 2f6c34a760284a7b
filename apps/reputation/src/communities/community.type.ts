import type { CommunityId } from '@lyceum/contracts';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** A community as this subgraph knows it: by id. Boards and metrics are added by their slices. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Community {
  @Field(() => ID) id!: CommunityId;
}
