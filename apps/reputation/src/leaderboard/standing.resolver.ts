import { badInput, load, type Ctx } from '@lyceum/platform';
import { Arg, Ctx as Context, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Member } from '../members/member.type';
import { levelOf, ruleSetOn, utcDay, type RuleSet } from '../rules';
import { ruleBookOfCommunity } from '../rule-sets/rule-books';
import { loadNeighbours, loadPointsByDay, standingOfMember } from './board.queries';
import { explainRank } from './explain-rank';
import { LeaderboardPlace, toPlace } from './leaderboard.resolver';
import { CurrentPoints, LevelProgress, RankExplanation } from './standing.types';

const mostNeighbours = 25;

@Resolver(() => Member)
export class StandingResolver {
  @FieldResolver(() => RankExplanation, { nullable: true })
  rankExplanation(@Root() member: Member, @Context() ctx: Ctx): Promise<RankExplanation | null> {
    return explainRank(ctx, member);
  }

  @FieldResolver(() => LevelProgress, { nullable: true })
  levelProgress(@Root() member: Member, @Context() ctx: Ctx): Promise<LevelProgress | null> {
    return levelProgress(ctx, member);
  }

  @FieldResolver(() => CurrentPoints, { nullable: true })
  currentPoints(@Root() member: Member, @Context() ctx: Ctx): Promise<CurrentPoints | null> {
    return currentPoints(ctx, member);
  }

  @FieldResolver(() => [LeaderboardPlace], {
    nullable: true,
    description: 'So many places above and below on the board of all time, and the own.',
  })
  async leaderboardNeighbours(
    @Root() member: Member,
    @Context() ctx: Ctx,
    @Arg('count', () => Int, { defaultValue: 5 }) count: number,
  ): Promise<LeaderboardPlace[]> {
    if (count < 1 || count > mostNeighbours)
      throw badInput(`"count" must be 1 to ${String(mostNeighbours)}.`);
    return (await loadNeighbours(ctx, member.id, { count })).map(toPlace);
  }
}

interface StandingToday {
  readonly total: number;
  readonly set: RuleSet;
}

const standingToday = async (ctx: Ctx, member: Member): Promise<StandingToday | null> => {
  const standing = await load(ctx, standingOfMember, member.id);
  const book = standing && (await load(ctx, ruleBookOfCommunity, standing.communityId));
  return book && { total: standing.total, set: ruleSetOn(book, utcDay(ctx.deps.now())) };
};

const levelProgress = async (ctx: Ctx, member: Member): Promise<LevelProgress | null> => {
  const standing = await standingToday(ctx, member);
  if (standing === null) return null;
  const { levels } = standing.set;
  const level = levelOf(levels, standing.total);
  const next = levels[level.number];
  const pointsToNext = next === undefined ? null : next.from - standing.total;
  const way = next === undefined ? 1 : (standing.total - level.from) / (next.from - level.from);
  return {
    level: level.number,
    name: level.name,
    nextName: next?.name ?? null,
    nextFrom: next?.from ?? null,
    pointsToNext,
    share: Math.min(1, Math.max(0, way)),
    sentence:
      next === undefined
        ? `${level.name} is the highest level.`
        : `${String(pointsToNext)} more points make a ${next.name} of a ${level.name}.`,
  };
};

const dayMs = 86_400_000;

/** Σ points × ½^(age / half-life), by whole UTC days. Nothing is taken away: these are the same points, weighed. */
const currentPoints = async (ctx: Ctx, member: Member): Promise<CurrentPoints | null> => {
  const standing = await standingToday(ctx, member);
  if (standing === null) return null;
  const { halfLifeDays } = standing.set;
  if (halfLifeDays === null)
    return { points: standing.total, halfLifeDays, formula: 'the sum of all points' };
  const to = utcDay(ctx.deps.now());
  const days = await loadPointsByDay(ctx, member.id, { to });
  const weighed = days.reduce((sum, { day, points }) => {
    const age = (Date.parse(to) - Date.parse(day)) / dayMs;
    return sum + points * 0.5 ** (age / halfLifeDays);
  }, 0);
  return {
    points: Math.round(weighed),
    halfLifeDays,
    formula: `the sum of each day's points × ½^(days since / ${String(halfLifeDays)})`,
  };
};
