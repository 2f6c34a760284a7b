import type { MemberId } from '@lyceum/contracts';
import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Why somebody is banned, and until when.' })
export class Ban {
  id!: string;
  memberId!: MemberId;
  @Field(() => String, { description: 'Plain text; empty when none was given.' }) reason!: string;
  @Field(() => Date) bannedAt!: Date;
  @Field(() => Date, { nullable: true, description: 'Null for one that somebody must lift.' })
  endsAt!: Date | null;
}
