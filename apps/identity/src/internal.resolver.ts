import { isId, type AccountId, type CommunityId, type MemberId } from '@lyceum/contracts';
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
import { Community, toldVisibility } from './communities/community.entity';
import { memberOf } from './memberships/member.queries';

@Directive('@inaccessible')
@ObjectType({ description: 'The values of CommunityCreated that a projection keeps.' })
export class InternalCommunity {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String) slug!: string;
  @Field(() => String) name!: string;
  @Field(() => String) timeZone!: string;
  @Field(() => String) visibility!: string;
  @Field(() => Int, { description: 'Of CommunityChanged; 0 is as founded.' }) version!: number;
}

@Directive('@inaccessible')
@ObjectType({ description: 'The values of MembershipChanged.' })
export class InternalMembership {
  @Field(() => ID) memberId!: MemberId;
  @Field(() => ID) accountId!: AccountId;
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String) role!: string;
  @Field(() => String) status!: string;
  @Field(() => Int) version!: number;
}

/**
 * For services whose projection has not heard of something yet; private communities included. Not in the
 * public graph: the gateway composes it away, and nobody else can sign a request.
 */
@Resolver()
export class InternalResolver {
  @Directive('@inaccessible')
  @Query(() => InternalCommunity, { nullable: true })
  async internalCommunity(
    @Context() ctx: Ctx,
    @Arg('communityId', () => ID) communityId: CommunityId,
  ): Promise<InternalCommunity | null> {
    if (!isId(communityId)) return null;
    const found = await ctx.db.findOneBy(Community, { id: communityId });
    if (found === null) return null;
    const { slug, name, timeZone, settingsVersion: version } = found;
    const visibility = toldVisibility(found.visibility);
    return { communityId, slug, name, timeZone, visibility, version };
  }

  @Directive('@inaccessible')
  @Query(() => InternalMembership, { nullable: true })
  async internalMembership(
    @Context() ctx: Ctx,
    @Arg('communityId', () => ID) communityId: CommunityId,
    @Arg('accountId', () => ID) accountId: AccountId,
  ): Promise<InternalMembership | null> {
    if (!isId(communityId) || !isId(accountId)) return null;
    const found = await memberOf(ctx.db, { communityId, accountId });
    if (found === null) return null;
    const { id: memberId, role, status, version } = found;
    return { memberId, accountId, communityId, role, status, version };
  }
}
