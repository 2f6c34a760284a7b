import { isId, may, type CommunityId } from '@lyceum/contracts';
import {
  connectionType,
  forbidden,
  load,
  PageArgs,
  requireUser,
  toConnection,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Account } from '../accounts/account.entity';
import { accountsById } from '../accounts/account.queries';
import { viewerMembers } from '../memberships/member.queries';
import { pageByTime } from '../pages';
import {
  createInvite,
  CreateInviteInput,
  CreateInviteResult,
  revokeInvite,
  RevokeInviteInput,
  RevokeInviteResult,
  type CreateInviteOutcome,
  type RevokeInviteOutcome,
} from './create-invite';
import { invitesPage } from './invite.queries';
import { Invite } from './invite.type';
import {
  redeemInvite,
  RedeemInviteInput,
  RedeemInviteResult,
  type RedeemInviteOutcome,
} from './redeem-invite';

const InviteConnection = connectionType('Invite', () => Invite);

@ArgsType()
class InvitesArgs extends PageArgs {
  @Field(() => ID) communityId!: CommunityId;
}

@Resolver(() => Invite)
export class InviteResolver {
  @Authorized()
  @Query(() => InviteConnection, {
    description: "A community's invites: all for owners and administrators, the own for members.",
  })
  async invites(
    @Context() ctx: Ctx,
    @Args(() => InvitesArgs) { communityId, ...args }: InvitesArgs,
  ): Promise<Connection<Invite>> {
    const own = isId(communityId) ? await load(ctx, viewerMembers, communityId) : null;
    if (own === null) throw forbidden();
    const list = 'invites';
    const page = pageByTime(list, args);
    const inviterId = may(own.role, 'invites.manage') ? null : requireUser(ctx).accountId;
    return toConnection(await invitesPage(ctx.db, { communityId, inviterId, page }), {
      list,
      first: page.first,
      positionOf: ({ createdAt, id }) => [createdAt.toISOString(), id],
    });
  }

  @FieldResolver(() => Account, { description: 'Who made it.' })
  inviter(@Context() ctx: Ctx, @Root() { inviterId }: Invite): Promise<Account | null> {
    return load(ctx, accountsById, inviterId);
  }

  @Authorized()
  @Mutation(() => CreateInviteResult, {
    description: 'For members of a public community, and for trusted roles of others.',
  })
  createInvite(
    @Context() ctx: Ctx,
    @Arg('input', () => CreateInviteInput) input: CreateInviteInput,
  ): Promise<CreateInviteOutcome> {
    return createInvite(ctx, input);
  }

  @Authorized()
  @Mutation(() => RevokeInviteResult, { description: 'By who made it, owners, administrators.' })
  revokeInvite(
    @Context() ctx: Ctx,
    @Arg('input', () => RevokeInviteInput) input: RevokeInviteInput,
  ): Promise<RevokeInviteOutcome> {
    return revokeInvite(ctx, input);
  }

  @Authorized()
  @Mutation(() => RedeemInviteResult, { description: 'Joins the community of the code.' })
  redeemInvite(
    @Context() ctx: Ctx,
    @Arg('input', () => RedeemInviteInput) input: RedeemInviteInput,
  ): Promise<RedeemInviteOutcome> {
    return redeemInvite(ctx, input);
  }
}
