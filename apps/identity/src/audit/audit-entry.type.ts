import type { AccountId, CommunityId } from '@lyceum/contracts';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A value that the act had to do with.' })
export class AuditDetail {
  @Field(() => String) name!: string;
  @Field(() => String) value!: string;
}

@ObjectType({ description: 'A privileged act: who did what to what, when and why. Never changes.' })
export class AuditEntry {
  @Field(() => ID) id!: string;
  @Field(() => String, { description: 'Its number in the chain: 1, 2, 3 … without gaps.' })
  position!: string;
  @Field(() => Date) occurredAt!: Date;
  @Field(() => String, { description: 'As `member.banned`; docs/roles.md lists them.' })
  action!: string;
  @Field(() => String, { description: '`user`, or `service` for what a clock did.' })
  actorKind!: string;
  actorId!: AccountId | null;
  communityId!: CommunityId | null;
  @Field(() => String) subjectType!: string;
  @Field(() => String) subjectId!: string;
  @Field(() => [AuditDetail]) details!: readonly AuditDetail[];
  @Field(() => String, {
    nullable: true,
    description: 'In the words of who did it. Null when none was given, or it was erased.',
  })
  reason!: string | null;
  @Field(() => String, { description: 'By which the act is found in every log.' })
  requestId!: string;
  @Field(() => String, { description: 'SHA-256 over this entry and the one before, in hex.' })
  hash!: string;
}
