import { isId, type MemberId } from '@lyceum/contracts';
import { load, PageArgs, type Connection, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Args,
  Ctx as Context,
  FieldResolver,
  ID,
  Int,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { canSee } from '../communities/can-see';
import { Community } from '../communities/community.type';
import { aMember, Member } from '../members/member.type';
import { Subject, subjectOf } from '../posts/subject.type';
import { contestById, jurorsOf } from './contest.queries';
import {
  Contest,
  ContestConnection,
  ContestEntry,
  ContestEntryConnection,
  ContestPool,
  ContestPrize,
  PlaceReason,
  QuizQuestion,
} from './contest.types';
import {
  isForAdmins,
  keyOfQuiz,
  pageOfContests,
  pageOfEntries,
  pageOfOwnEntries,
  prizesOfEntries,
  mayAdministerIn,
} from './contest.lists';
import type { Choices } from './quiz';

@Resolver(() => Contest)
export class ContestResolver {
  @Query(() => Contest, { nullable: true })
  async contest(@Arg('id', () => ID) id: string, @Context() ctx: Ctx): Promise<Contest | null> {
    const contest = isId(id) ? await contestById(ctx.db, id as Contest['id']) : null; // has the form of one
    if (contest === null || !(await canSee(ctx, contest.communityId))) return null;
    return isForAdmins(contest) && !(await mayAdministerIn(ctx, contest.communityId))
      ? null
      : contest;
  }

  @FieldResolver(() => ContestPool)
  pool(@Root() { budget, staked, paid, currency }: Contest): ContestPool {
    const amount = (budget + staked).toString();
    return { amount, currency, staked: staked.toString(), won: paid.toString() };
  }

  @FieldResolver(() => [QuizQuestion], {
    description: 'Of a quiz, from when it opens.',
  })
  async questions(@Root() contest: Contest, @Context() ctx: Ctx): Promise<readonly QuizQuestion[]> {
    const isSecret =
      contest.status === 'draft' && !(await mayAdministerIn(ctx, contest.communityId));
    return isSecret ? [] : contest.questions;
  }

  @FieldResolver(() => [[Int]], {
    nullable: true,
    description: 'The right choices of each question of a quiz; nobody is told before the end.',
  })
  quizKey(@Root() contest: Contest, @Context() ctx: Ctx): Promise<Choices | null> | null {
    return contest.kind === 'quiz' && contest.status === 'decided'
      ? load(ctx, keyOfQuiz, contest.id)
      : null;
  }

  @FieldResolver(() => [Member])
  async jury(@Root() { id }: Contest, @Context() ctx: Ctx): Promise<Member[]> {
    return ((await load(ctx, jurorsOf, id)) ?? []).map((memberId: MemberId) => aMember(memberId));
  }

  @FieldResolver(() => ContestEntryConnection, {
    description:
      'From judging on, by place once it is decided; before that owners and admins alone see entries of others.',
  })
  entries(
    @Root() contest: Contest,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<ContestEntry>> {
    return pageOfEntries(ctx, contest, page);
  }

  @FieldResolver(() => [ContestEntry], { description: "The caller's own, withdrawn ones too." })
  myEntries(@Root() contest: Contest, @Context() ctx: Ctx): Promise<ContestEntry[]> {
    return pageOfOwnEntries(ctx, contest);
  }
}

@Resolver(() => ContestEntry)
export class ContestEntryResolver {
  @FieldResolver(() => Subject, { nullable: true, description: 'The post it is.' })
  post(@Root() { postType, postId }: ContestEntry): typeof Subject | null {
    return subjectOf({ subjectType: postType, subjectId: postId });
  }

  @FieldResolver(() => PlaceReason, { nullable: true, description: 'Once it is decided.' })
  why(@Root() { why }: ContestEntry): PlaceReason | null {
    if (why === null) return null;
    const { quiz, ...rest } = why;
    return { ...rest, quizPoints: quiz?.got ?? null, quizPointsOf: quiz?.of ?? null };
  }

  @FieldResolver(() => ContestPrize, { nullable: true })
  prize(@Root() { id }: ContestEntry, @Context() ctx: Ctx): Promise<ContestPrize | null> {
    return load(ctx, prizesOfEntries, id);
  }
}

@Resolver(() => Community)
export class CommunityContestsResolver {
  @FieldResolver(() => ContestConnection, {
    nullable: true,
    description: 'The latest first; owners and admins see drafts too.',
  })
  contests(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Contest>> {
    return pageOfContests(ctx, id, page);
  }
}
