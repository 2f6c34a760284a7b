import { isId, may, type CommunityId, type MemberId } from '@lyceum/contracts';
import {
  badInput,
  forbidden,
  load,
  PageArgs,
  parsePage,
  toConnection,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import { z } from 'zod';
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { Member } from '../memberships/member.entity';
import { MemberConnection } from '../memberships/member-connection';
import { membersById, viewerMembers } from '../memberships/member.queries';
import { segments, type SegmentName } from './tier';
import { segmented, TierChange, tierChanges, tiersOfMembers } from './tier.queries';

const MemberTier = {
  NOVICE: 'novice',
  INTERMEDIATE: 'intermediate',
  ADVANCED: 'advanced',
} as const;
type MemberTier = (typeof MemberTier)[keyof typeof MemberTier];
registerEnumType(MemberTier, {
  name: 'MemberTier',
  description: 'How far a member has come, by learning or by taking part.',
});

const MemberSegment = {
  CHAMPION: 'champion',
  REGULAR: 'regular',
  NEWCOMER: 'newcomer',
  SLIPPING_AWAY: 'slipping-away',
  DORMANT: 'dormant',
} as const satisfies Record<string, SegmentName>;
registerEnumType(MemberSegment, {
  name: 'MemberSegment',
  description: 'How lately and how much a member takes part; each member is in one.',
  valuesConfig: {
    CHAMPION: { description: 'Much, and lately.' },
    NEWCOMER: { description: 'Joined within two weeks.' },
    REGULAR: { description: 'Within a month.' },
    SLIPPING_AWAY: { description: 'Took part before, and not for a month.' },
    DORMANT: { description: 'Not for long, or hardly ever.' },
  },
});

@ObjectType({ description: 'How many active members are in a segment.' })
class SegmentSize {
  @Field(() => MemberSegment) segment!: SegmentName;
  @Field(() => Int, { description: 'All of them.' }) members!: number;
  @Field(() => Int, { description: 'Those who agreed to be seen in segments (`PROFILING`).' })
  profiled!: number;
}

@ArgsType()
class SegmentArgs extends PageArgs {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => MemberSegment) segment!: SegmentName;
}

const position = z.tuple([z.uuid()]);

@Resolver(() => Member)
export class TierResolver {
  @FieldResolver(() => MemberTier, { description: 'Novice until facts say otherwise.' })
  async tier(@Context() ctx: Ctx, @Root() { id }: Member): Promise<MemberTier> {
    return (await load(ctx, tiersOfMembers, id)) ?? MemberTier.NOVICE;
  }

  @FieldResolver(() => [TierChange], {
    description: 'The newest 20, for the member itself and for those who see segments; else none.',
  })
  async tierHistory(@Context() ctx: Ctx, @Root() member: Member): Promise<readonly TierChange[]> {
    const isOwn = ctx.actor.kind === 'user' && ctx.actor.accountId === member.accountId;
    const own = isOwn ? null : await load(ctx, viewerMembers, member.communityId);
    if (!isOwn && !may(own?.role ?? null, 'segments.read')) return [];
    return (await load(ctx, tierChanges, member.id)) ?? [];
  }

  @Authorized()
  @Query(() => [SegmentSize], { description: 'For owners, administrators and analysts.' })
  async segments(
    @Context() ctx: Ctx,
    @Arg('communityId', () => ID) communityId: CommunityId,
  ): Promise<readonly SegmentSize[]> {
    await assertMaySee(ctx, communityId);
    const sizes = new Map(
      segments.map((segment) => [segment, { segment, members: 0, profiled: 0 }]),
    );
    for await (const { segment, isProfiled } of segmented(ctx, { communityId, after: null })) {
      const size = sizes.get(segment);
      if (size === undefined) continue;
      size.members += 1;
      if (isProfiled) size.profiled += 1;
    }
    return [...sizes.values()];
  }

  @Authorized()
  @Query(() => MemberConnection, {
    description: 'Members of a segment who agreed to be seen in one; nobody else, ever.',
  })
  async segmentMembers(
    @Context() ctx: Ctx,
    @Args(() => SegmentArgs) { communityId, segment, ...page }: SegmentArgs,
  ): Promise<Connection<Member>> {
    await assertMaySee(ctx, communityId);
    const list = 'segmentMembers';
    const { first, after } = parsePage(list, page);
    const parsed = after === null ? null : position.safeParse(after);
    if (parsed?.success === false) throw badInput('"after" is not a cursor of this list.');
    const found: MemberId[] = [];
    const all = segmented(ctx, { communityId, after: parsed?.data[0] ?? null });
    for await (const member of all) {
      if (member.isProfiled && member.segment === segment) found.push(member.id);
      if (found.length > first) break;
    }
    const members = await Promise.all(found.map((id) => load(ctx, membersById, id)));
    return toConnection(
      members.filter((member) => member !== null),
      { list, first, positionOf: ({ id }) => [id] },
    );
  }
}

const assertMaySee = async (ctx: Ctx, communityId: CommunityId): Promise<void> => {
  const own = isId(communityId) ? await load(ctx, viewerMembers, communityId) : null;
  if (!may(own?.role ?? null, 'segments.read')) throw forbidden();
};
