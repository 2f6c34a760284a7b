import { setImmediate as breathe } from 'node:timers/promises';
import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { evaluateBadges, keyOfAward } from '../badges/award-badges';
import { forAllSubjects } from '../badges/rebuild-badges';
import type { BadgeDefinition, EarnedBadge } from '../rules';

export interface BadgeChange {
  readonly badge: string;
  /** Awards there are, and would be. */
  readonly before: number;
  readonly after: number;
  readonly gained: number;
  readonly lost: number;
}

interface Simulated {
  readonly communityId: CommunityId;
  readonly definitions: readonly BadgeDefinition[];
  /** The most that members would earn on a day; who never earns enough for a badge may be missing. */
  readonly bestDays: ReadonlyMap<MemberId, number>;
  readonly alive: () => Promise<void>;
}

/** Which badges would come and go, from the log and from simulated points: it writes nothing and takes no lock. */
export const simulateBadges = async (
  db: EntityManager,
  { communityId, definitions, bestDays, alive }: Simulated,
): Promise<BadgeChange[]> => {
  const changes = new Map<string, BadgeChange>();
  const count = (
    awards: readonly EarnedBadge[],
    of: (award: EarnedBadge) => Partial<BadgeChange>,
  ) => {
    for (const award of awards) {
      const known = changes.get(award.badge) ?? {
        badge: award.badge,
        before: 0,
        after: 0,
        gained: 0,
        lost: 0,
      };
      const more = of(award);
      changes.set(award.badge, {
        badge: award.badge,
        before: known.before + (more.before ?? 0),
        after: known.after + (more.after ?? 0),
        gained: known.gained + (more.gained ?? 0),
        lost: known.lost + (more.lost ?? 0),
      });
    }
  };
  await forAllSubjects(db, communityId, async (touched) => {
    const { known, earned } = await evaluateBadges(db, { definitions, touched, bestDays });
    const [before, after] = [new Set(known.map(keyOfAward)), new Set(earned.map(keyOfAward))];
    count(known, (one) => ({ before: 1, lost: after.has(keyOfAward(one)) ? 0 : 1 }));
    count(earned, (one) => ({ after: 1, gained: before.has(keyOfAward(one)) ? 0 : 1 }));
    await alive();
    await breathe();
  });
  return [...changes.values()].sort((a, b) => (a.badge < b.badge ? -1 : 1));
};
