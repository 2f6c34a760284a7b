import { isId, may, type CommunityId } from '@lyceum/contracts';
import {
  connectionType,
  forbidden,
  load,
  PageArgs,
  requireUser,
  toConnection,
  Scopes,
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
import { Community } from '../communities/community.entity';
import { communitiesById } from '../communities/community.queries';
import { viewerMembers } from '../memberships/member.queries';
import { pageByTime } from '../pages';
import {
  decideJoinRequest,
  DecideJoinRequestInput,
  DecideJoinRequestResult,
  type DecideJoinRequestOutcome,
} from './decide-join-request';
import { joinRequestsPage } from './join-request.queries';
import { JoinRequest, JoinRequestState } from './join-request.type';
import {
  requestToJoin,
  RequestToJoinInput,
  RequestToJoinResult,
  withdrawJoinRequest,
  WithdrawJoinRequestInput,
  WithdrawJoinRequestResult,
  type RequestToJoinOutcome,
  type WithdrawJoinRequestOutcome,
} from './request-to-join';

const JoinRequestConnection = connectionType('JoinRequest', () => JoinRequest);

@ArgsType()
class JoinRequestsArgs extends PageArgs {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => JoinRequestState, { defaultValue: JoinRequestState.PENDING })
  state!: JoinRequestState;
}

@Resolver(() => JoinRequest)
export class JoinRequestResolver {
  @Authorized()
  @Query(() => JoinRequestConnection, {
    description: 'Requests to join a community, the oldest first; for moderators and above.',
  })
  async joinRequests(
    @Context() ctx: Ctx,
    @Args(() => JoinRequestsArgs) { communityId, state, ...args }: JoinRequestsArgs,
  ): Promise<Connection<JoinRequest>> {
    const own = isId(communityId) ? await load(ctx, viewerMembers, communityId) : null;
    if (!may(own?.role ?? null, 'members.admit')) throw forbidden();
    return this.page(ctx, { of: { communityId }, state, args });
  }

  @Authorized()
  @Query(() => JoinRequestConnection, { description: "The caller's own requests." })
  myJoinRequests(
    @Context() ctx: Ctx,
    @Args(() => PageArgs) args: PageArgs,
  ): Promise<Connection<JoinRequest>> {
    const { accountId } = requireUser(ctx);
    return this.page(ctx, { of: { accountId }, state: null, args });
  }

  @FieldResolver(() => Account)
  account(@Context() ctx: Ctx, @Root() { accountId }: JoinRequest): Promise<Account | null> {
    return load(ctx, accountsById, accountId);
  }

  @FieldResolver(() => Community, { nullable: true })
  community(@Context() ctx: Ctx, @Root() { communityId }: JoinRequest): Promise<Community | null> {
    return load(ctx, communitiesById, communityId);
  }

  @Authorized()
  @Mutation(() => RequestToJoinResult, { description: 'Asks to join a listed community.' })
  requestToJoin(
    @Context() ctx: Ctx,
    @Arg('input', () => RequestToJoinInput) input: RequestToJoinInput,
  ): Promise<RequestToJoinOutcome> {
    return requestToJoin(ctx, input);
  }

  @Authorized()
  @Mutation(() => WithdrawJoinRequestResult, { description: 'Takes an own request back.' })
  withdrawJoinRequest(
    @Context() ctx: Ctx,
    @Arg('input', () => WithdrawJoinRequestInput) input: WithdrawJoinRequestInput,
  ): Promise<WithdrawJoinRequestOutcome> {
    return withdrawJoinRequest(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => DecideJoinRequestResult, { description: 'For moderators and above.' })
  decideJoinRequest(
    @Context() ctx: Ctx,
    @Arg('input', () => DecideJoinRequestInput) input: DecideJoinRequestInput,
  ): Promise<DecideJoinRequestOutcome> {
    return decideJoinRequest(ctx, input);
  }

  private async page(
    ctx: Ctx,
    {
      of,
      state,
      args,
    }: {
      of: Parameters<typeof joinRequestsPage>[1]['of'];
      state: JoinRequestState | null;
      args: PageArgs;
    },
  ): Promise<Connection<JoinRequest>> {
    const list = 'joinRequests';
    const page = pageByTime(list, args);
    return toConnection(await joinRequestsPage(ctx, { of, page, state }), {
      list,
      first: page.first,
      positionOf: ({ requestedAt, id }) => [requestedAt.toISOString(), id],
    });
  }
}
