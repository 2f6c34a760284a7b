import type { MemberId } from '@lyceum/contracts';
import {
  type BatchQuery,
  type Connection,
  type Ctx,
  groupBy,
  idIn,
  load,
  PageArgs,
  parsePage,
  toConnection,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { learnActingMember, mayAdminister } from '../communities/acting-member';
import { Community } from '../communities/community.type';
import { Gift } from '../gifts/gift.types';
import { giftsById } from '../gifts/gift.queries';
import { Member } from '../members/member.type';
import {
  programsById,
  selectAwards,
  selectPrograms,
  selectWinners,
  winnersOfAwards,
} from './award.queries';
import { Award, AwardConnection, AwardProgram, AwardWinner } from './award.types';
import { decideAward, DecideAwardInput, DecideAwardResult } from './decide-award';
import {
  startAwards,
  StartAwardsInput,
  StartAwardsResult,
  stopAwards,
  StopAwardsInput,
  StopAwardsResult,
} from './run-programs';

const byAdmins = { description: 'For owners and admins.' };

@Resolver(() => Award)
export class AwardResolver {
  @FieldResolver(() => AwardProgram)
  async program(@Root() { programId }: Award, @Context() ctx: Ctx): Promise<AwardProgram> {
    const program = await load(ctx, programsById, programId);
    if (program === null) throw new Error('an award is of a program');
    return program;
  }

  @FieldResolver(() => [AwardWinner])
  async winners(@Root() { id }: Award, @Context() ctx: Ctx): Promise<readonly AwardWinner[]> {
    return (await load(ctx, winnersOfAwards, id)) ?? [];
  }

  @Authorized()
  @Mutation(() => StartAwardsResult, byAdmins)
  startAwards(
    @Context() ctx: Ctx,
    @Arg('input', () => StartAwardsInput) input: StartAwardsInput,
  ): Promise<typeof StartAwardsResult> {
    return startAwards(ctx, input);
  }

  @Authorized()
  @Mutation(() => StopAwardsResult, byAdmins)
  stopAwards(
    @Context() ctx: Ctx,
    @Arg('input', () => StopAwardsInput) input: StopAwardsInput,
  ): Promise<typeof StopAwardsResult> {
    return stopAwards(ctx, input);
  }

  @Authorized()
  @Mutation(() => DecideAwardResult, byAdmins)
  decideAward(
    @Context() ctx: Ctx,
    @Arg('input', () => DecideAwardInput) input: DecideAwardInput,
  ): Promise<typeof DecideAwardResult> {
    return decideAward(ctx, input);
  }
}

@Resolver(() => AwardProgram)
export class AwardProgramResolver {
  @FieldResolver(() => Gift, { nullable: true })
  gift(@Root() { giftId }: AwardProgram, @Context() ctx: Ctx): Promise<Gift | null> | null {
    return giftId === null ? null : load(ctx, giftsById, giftId);
  }
}

@Resolver(() => Community)
export class CommunityAwardsResolver {
  @FieldResolver(() => [AwardProgram], { nullable: true })
  awardPrograms(@Root() { id }: Community, @Context() ctx: Ctx): Promise<AwardProgram[]> {
    return selectPrograms(ctx.db, 'community_id = $1 ORDER BY id DESC LIMIT 100', [id]);
  }

  @FieldResolver(() => AwardConnection, {
    nullable: true,
    description: 'The latest first; owners and admins see those that are proposed or refused too.',
  })
  async awards(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Award>> {
    const list = `awards:${id}`;
    const { first, after } = parsePage(list, page);
    const isUser = ctx.actor.kind === 'user';
    const isAdmin = isUser && mayAdminister(await learnActingMember(ctx, id));
    const rows = await selectAwards(
      ctx.db,
      `community_id = $1 AND (status = 'approved' OR $2) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
      [id, isAdmin, idIn(after), first + 1],
    );
    return toConnection(rows, { list, first, positionOf: (award) => [award.id] });
  }
}

const wonBy: BatchQuery<MemberId, readonly AwardWinner[]> = async ({ db }, ids) =>
  groupBy(
    await selectWinners(
      db,
      `member_id = ANY($1) AND NOT is_left_out AND id IN (
         SELECT latest.id FROM unnest($1::uuid[]) AS asked (member_id) CROSS JOIN LATERAL (
           SELECT won.id FROM award_winner AS won JOIN award ON award.id = won.award_id AND status = 'approved'
           WHERE won.member_id = asked.member_id ORDER BY won.id DESC LIMIT 100) AS latest) ORDER BY id DESC`,
      [ids],
    ),
    ({ memberId }) => memberId,
  );

@Resolver(() => Member)
export class MemberAwardsResolver {
  @FieldResolver(() => [AwardWinner], {
    nullable: true,
    description: 'What the member was awarded, the latest hundred.',
  })
  async awards(@Root() { id }: Member, @Context() ctx: Ctx): Promise<readonly AwardWinner[]> {
    return (await load(ctx, wonBy, id)) ?? [];
  }
}
