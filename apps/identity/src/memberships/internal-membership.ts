import { isId, type AccountId, type CommunityId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { memberOf } from './member.queries';

@Directive('@inaccessible')
@ObjectType({ description: 'The values of MembershipChanged, for other services.' })
export class InternalMembership {
  @Field(() => ID) memberId!: string;
  @Field(() => ID) accountId!: AccountId;
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String) role!: string;
  @Field(() => String) status!: string;
  @Field(() => Int) version!: number;
}

/**
 * For services whose projection has not heard of a membership yet. Not in the public graph: the gateway
 * composes it away, and nobody else can sign a request.
 */
@Resolver()
export class InternalMembershipResolver {
  @Directive('@inaccessible')
  @Query(() => InternalMembership, { nullable: true })
  async internalMembership(
    @Context() ctx: Ctx,
    @Arg('communityId', () => ID) communityId: CommunityId,
    @Arg('accountId', () => ID) accountId: AccountId,
  ): Promise<InternalMembership | null> {
    if (!isId(communityId) || !isId(accountId)) return null;
    const member = await memberOf(ctx.db, { communityId, accountId });
    return member === null ? null : { ...member, memberId: member.id };
  }
}
