import { type CommunityId } from '@lyceum/contracts';
import { useCase, Scopes, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  createUnionType,
  Ctx as Context,
  Field,
  ID,
  InputType,
  Mutation,
  Resolver,
} from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  mayAdminister,
  NotCommunityAdmin,
  NotCommunityMember,
} from '../communities/acting-member';
import { Community } from '../communities/community.type';
import { aMember, Member } from '../members/member.type';

@InputType()
export class ShowOnLeaderboardsInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => Boolean, { description: 'False: others do not see the member on any board.' })
  isShown!: boolean;
}

@InputType()
export class ConfigureLeaderboardsInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => Boolean, { description: 'Whether the staff competes with the members.' })
  isStaffRanked!: boolean;
}

export const ShowOnLeaderboardsResult = createUnionType({
  name: 'ShowOnLeaderboardsResult',
  types: () => [Member, NotCommunityMember] as const,
});
export const ConfigureLeaderboardsResult = createUnionType({
  name: 'ConfigureLeaderboardsResult',
  types: () => [Community, NotCommunityAdmin] as const,
});

@Resolver()
export class BoardSettingsResolver {
  @Authorized()
  @Mutation(() => ShowOnLeaderboardsResult, {
    description: 'A member keeps rank and points, and decides whether others see them on boards.',
  })
  showOnLeaderboards(
    @Context() ctx: Ctx,
    @Arg('input', () => ShowOnLeaderboardsInput) input: ShowOnLeaderboardsInput,
  ): Promise<typeof ShowOnLeaderboardsResult> {
    return showOnLeaderboards(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => ConfigureLeaderboardsResult, { description: 'For owners and admins.' })
  configureLeaderboards(
    @Context() ctx: Ctx,
    @Arg('input', () => ConfigureLeaderboardsInput) input: ConfigureLeaderboardsInput,
  ): Promise<typeof ConfigureLeaderboardsResult> {
    return configureLeaderboards(ctx, input);
  }
}

const showOnLeaderboards = async (
  ctx: Ctx,
  input: ShowOnLeaderboardsInput,
): Promise<typeof ShowOnLeaderboardsResult> =>
  (await learnActingMember(ctx, input.communityId)) === null
    ? new NotCommunityMember()
    : show(ctx, input);

const show = useCase(
  async (tx, input: ShowOnLeaderboardsInput): Promise<typeof ShowOnLeaderboardsResult> => {
    const member = await actingMember(tx, input.communityId);
    if (member === null) return new NotCommunityMember();
    await tx.db.query('UPDATE member_standing SET is_hidden = $2 WHERE member_id = $1', [
      member.memberId,
      !input.isShown,
    ]);
    return aMember(member.memberId);
  },
);

const configureLeaderboards = async (
  ctx: Ctx,
  input: ConfigureLeaderboardsInput,
): Promise<typeof ConfigureLeaderboardsResult> =>
  mayAdminister(await learnActingMember(ctx, input.communityId))
    ? configure(ctx, input)
    : new NotCommunityAdmin();

const configure = useCase(
  async (tx, input: ConfigureLeaderboardsInput): Promise<typeof ConfigureLeaderboardsResult> => {
    if (!mayAdminister(await actingMember(tx, input.communityId))) return new NotCommunityAdmin();
    await tx.db.query('UPDATE community SET is_staff_ranked = $2 WHERE id = $1', [
      input.communityId,
      input.isStaffRanked,
    ]);
    return Object.assign(new Community(), { id: input.communityId });
  },
);
