import { isId, type MemberId } from '@lyceum/contracts';
import { load, Scopes, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Account } from '../accounts/account.entity';
import { accountsById } from '../accounts/account.queries';
import { Community } from '../communities/community.entity';
import { communitiesById } from '../communities/community.queries';
import { addMember, AddMemberInput, AddMemberResult, type AddMemberOutcome } from './add-member';
import {
  banMember,
  BanMemberInput,
  BanMemberResult,
  liftBan,
  type BanMemberOutcome,
} from './ban-member';
import {
  changeRole,
  ChangeRoleInput,
  ChangeRoleResult,
  type ChangeRoleOutcome,
} from './change-role';
import {
  joinCommunity,
  JoinCommunityInput,
  JoinCommunityResult,
  type JoinCommunityOutcome,
} from './join-community';
import {
  leaveCommunity,
  LeaveCommunityInput,
  LeaveCommunityResult,
  type LeaveCommunityOutcome,
} from './leave-community';
import { bansInForce } from './ban.queries';
import { Ban } from './ban.type';
import { Member } from './member.entity';
import { membersById, viewerMembers } from './member.queries';
import { mayBan } from './rights';

@Resolver(() => Member)
export class MemberResolver {
  @Query(() => Member, {
    nullable: true,
    description: 'Null when there is none, or its community is private and the viewer no member.',
  })
  member(@Context() ctx: Ctx, @Arg('id', () => ID) id: MemberId): Promise<Member | null> | null {
    return isId(id) ? load(ctx, membersById, id) : null;
  }

  @FieldResolver(() => Account)
  account(@Context() ctx: Ctx, @Root() member: Member): Promise<Account | null> {
    return load(ctx, accountsById, member.accountId);
  }

  @FieldResolver(() => Community, {
    nullable: true,
    description: 'Null when it is private and the viewer is not (any more) a member.',
  })
  community(@Context() ctx: Ctx, @Root() member: Member): Promise<Community | null> {
    return load(ctx, communitiesById, member.communityId);
  }

  @FieldResolver(() => Ban, {
    nullable: true,
    description: 'The ban in force; seen by who is banned and by those who could lift it.',
  })
  async ban(@Context() ctx: Ctx, @Root() member: Member): Promise<Ban | null> {
    const isOwn = ctx.actor.kind === 'user' && ctx.actor.accountId === member.accountId;
    const own = isOwn ? null : await load(ctx, viewerMembers, member.communityId);
    if (!isOwn && !mayBan(own?.role ?? null, member.role)) return null;
    return load(ctx, bansInForce, member.id);
  }

  @Authorized()
  @Mutation(() => JoinCommunityResult, { description: 'Joining again changes nothing.' })
  joinCommunity(
    @Context() ctx: Ctx,
    @Arg('input', () => JoinCommunityInput) input: JoinCommunityInput,
  ): Promise<JoinCommunityOutcome> {
    return joinCommunity(ctx, input);
  }

  @Authorized()
  @Mutation(() => LeaveCommunityResult, { description: 'What one wrote and earned stays.' })
  leaveCommunity(
    @Context() ctx: Ctx,
    @Arg('input', () => LeaveCommunityInput) input: LeaveCommunityInput,
  ): Promise<LeaveCommunityOutcome> {
    return leaveCommunity(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => AddMemberResult, { description: 'For owners and administrators.' })
  addMember(
    @Context() ctx: Ctx,
    @Arg('input', () => AddMemberInput) input: AddMemberInput,
  ): Promise<AddMemberOutcome> {
    return addMember(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => ChangeRoleResult, { description: 'For owners, and below them administrators.' })
  changeRole(
    @Context() ctx: Ctx,
    @Arg('input', () => ChangeRoleInput) input: ChangeRoleInput,
  ): Promise<ChangeRoleOutcome> {
    return changeRole(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => BanMemberResult, {
    description: 'For those whose role is above that of the member.',
  })
  banMember(
    @Context() ctx: Ctx,
    @Arg('input', () => BanMemberInput) input: BanMemberInput,
  ): Promise<BanMemberOutcome> {
    return banMember(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => BanMemberResult, { description: 'The account may join again.' })
  liftBan(
    @Context() ctx: Ctx,
    @Arg('input', () => BanMemberInput) input: BanMemberInput,
  ): Promise<BanMemberOutcome> {
    return liftBan(ctx, input);
  }
}
