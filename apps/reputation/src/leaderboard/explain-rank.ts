import { load, type Ctx } from '@lyceum/platform';
import type { Member } from '../members/member.type';
import { ruleSetOn, utcDay, type RuleSet } from '../rules';
import { ruleBookOfCommunity } from '../rule-sets/rule-books';
import { loadPointsByRule, rankOfMember, standingOfMember, totalAbove } from './board.queries';
import type { RankExplanation, WayUp } from './standing.types';

/** Why a member is where it is, and what separates it from the next rank. Null for who is on no board. */
export const explainRank = async (ctx: Ctx, member: Member): Promise<RankExplanation | null> => {
  const [standing, rank] = await Promise.all([
    load(ctx, standingOfMember, member.id),
    load(ctx, rankOfMember, member.id),
  ]);
  if (standing === null || rank === null) return null;
  const [shares, above, book] = await Promise.all([
    loadPointsByRule(ctx, member.id, {}),
    load(ctx, totalAbove, member.id),
    load(ctx, ruleBookOfCommunity, standing.communityId),
  ]);
  const today = utcDay(ctx.deps.now());
  const set = book && ruleSetOn(book, today);
  const pointsToNextRank = above === null ? null : above.total - standing.total;
  return {
    rank,
    points: standing.total,
    nextRank: above === null ? null : rank - 1,
    pointsToNextRank,
    madeOf: shares.map(({ rule, points, times }) => ({
      ...{ rule, points, times },
      reason: (set?.ruleNamed.get(rule)?.reason ?? rule).replaceAll('{subject}', 'post'),
    })),
    waysUp: set === null || pointsToNextRank === null ? [] : waysUp(set, pointsToNextRank),
    sentence: sentence({ rank, points: standing.total, pointsToNextRank }),
  };
};

const shownWays = 3;

/** How often something would have to happen; only what always earns the same can be told in advance. */
const waysUp = (set: RuleSet, needed: number): WayUp[] =>
  [...set.ruleNamed.values()]
    .flatMap((rule) =>
      rule.worth !== null && rule.worth > 0
        ? [
            {
              rule: rule.name,
              reason: rule.reason.replaceAll('{subject}', 'post'),
              times: Math.ceil(needed / rule.worth),
            },
          ]
        : [],
    )
    .sort((a, b) => a.times - b.times)
    .slice(0, shownWays);

const sentence = (of: {
  rank: number;
  points: number;
  pointsToNextRank: number | null;
}): string => {
  const here = `Rank ${String(of.rank)} with ${String(of.points)} points`;
  return of.pointsToNextRank === null
    ? `${here}: nobody has more.`
    : `${here}: ${String(of.pointsToNextRank)} more reach rank ${String(of.rank - 1)}.`;
};
