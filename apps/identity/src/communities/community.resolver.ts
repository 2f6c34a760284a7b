import { isId, type CommunityId } from '@lyceum/contracts';
import {
  connectionType,
  load,
  PageArgs,
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
import { MemberConnection, memberPosition } from '../memberships/member-connection';
import { Member } from '../memberships/member.entity';
import { membersOfCommunities, viewerMembers } from '../memberships/member.queries';
import { pageByCount, pageByTime, pageKey } from '../pages';
import { parsePlainText } from '../text';
import { Community } from './community.entity';
import { communitiesById, communitiesPage, communityBySlug } from './community.queries';
import { parseTopicPath } from '../topics/topic.type';
import {
  archiveOrRestore,
  ArchiveCommunityInput,
  ArchiveCommunityResult,
  type ArchiveCommunityOutcome,
} from './archive-community';
import {
  changeVisibility,
  ChangeVisibilityInput,
  ChangeVisibilityResult,
  type ChangeVisibilityOutcome,
} from './change-visibility';
import {
  createCommunity,
  CreateCommunityInput,
  CreateCommunityResult,
  type CreateCommunityOutcome,
} from './create-community';
import {
  updateCommunity,
  UpdateCommunityInput,
  UpdateCommunityResult,
  type UpdateCommunityOutcome,
} from './update-community';

const CommunityConnection = connectionType('Community', () => Community);

@ArgsType()
class CommunitiesArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Text in the name, slug or description.' })
  search?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The path of a topic, as `music/guitar`; with all that are below it.',
  })
  topic?: string | null;
}

@Resolver(() => Community)
export class CommunityResolver {
  @Query(() => Community, { nullable: true, description: 'By its id, or else by its slug.' })
  async community(
    @Context() ctx: Ctx,
    @Arg('id', () => ID, { nullable: true }) id?: CommunityId | null,
    @Arg('slug', () => String, { nullable: true }) slug?: string | null,
  ): Promise<Community | null> {
    if (id != null) return isId(id) ? load(ctx, communitiesById, id) : null;
    return slug == null ? null : communityBySlug(ctx, slug);
  }

  @Query(() => CommunityConnection, { description: 'Those the viewer can see, the largest first.' })
  async communities(
    @Context() ctx: Ctx,
    @Args(() => CommunitiesArgs) args: CommunitiesArgs,
  ): Promise<Connection<Community>> {
    const list = 'communities';
    const page = pageByCount(list, args);
    const search = args.search == null ? null : parsePlainText('search', args.search, { max: 200 });
    return toConnection(
      await communitiesPage(ctx, {
        page,
        search,
        topic: args.topic == null ? null : parseTopicPath('topic', args.topic),
      }),
      {
        list,
        first: page.first,
        positionOf: ({ memberCount, id }) => [memberCount, id],
      },
    );
  }

  @FieldResolver(() => MemberConnection, {
    description: 'Active members, who joined first at first.',
  })
  async members(
    @Context() ctx: Ctx,
    @Root() community: Community,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Member>> {
    const list = 'community.members';
    const parsed = pageByTime(list, page);
    const members = await load(ctx, membersOfCommunities, pageKey(community.id, parsed));
    return toConnection(members ?? [], { list, first: parsed.first, positionOf: memberPosition });
  }

  @FieldResolver(() => Member, {
    nullable: true,
    description: "The viewer's own active membership; null for who is not a member.",
  })
  viewerMember(@Context() ctx: Ctx, @Root() community: Community): Promise<Member | null> {
    return load(ctx, viewerMembers, community.id);
  }

  @Authorized()
  @Mutation(() => CreateCommunityResult, { description: 'Its creator becomes its owner.' })
  createCommunity(
    @Context() ctx: Ctx,
    @Arg('input', () => CreateCommunityInput) input: CreateCommunityInput,
  ): Promise<CreateCommunityOutcome> {
    return createCommunity(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => UpdateCommunityResult, { description: 'For owners and administrators.' })
  updateCommunity(
    @Context() ctx: Ctx,
    @Arg('input', () => UpdateCommunityInput) input: UpdateCommunityInput,
  ): Promise<UpdateCommunityOutcome> {
    return updateCommunity(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => ChangeVisibilityResult, {
    description: 'For owners: at once, and for all that was written before, too.',
  })
  changeCommunityVisibility(
    @Context() ctx: Ctx,
    @Arg('input', () => ChangeVisibilityInput) input: ChangeVisibilityInput,
  ): Promise<ChangeVisibilityOutcome> {
    return changeVisibility(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => ArchiveCommunityResult, {
    description:
      'For owners. What is in it can be read as before; nobody joins it or writes there.',
  })
  archiveCommunity(
    @Context() ctx: Ctx,
    @Arg('input', () => ArchiveCommunityInput) input: ArchiveCommunityInput,
  ): Promise<ArchiveCommunityOutcome> {
    return archiveOrRestore(ctx, { input, to: 'archived' });
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => ArchiveCommunityResult, { description: 'For owners: the end of archiving.' })
  restoreCommunity(
    @Context() ctx: Ctx,
    @Arg('input', () => ArchiveCommunityInput) input: ArchiveCommunityInput,
  ): Promise<ArchiveCommunityOutcome> {
    return archiveOrRestore(ctx, { input, to: 'restored' });
  }
}
