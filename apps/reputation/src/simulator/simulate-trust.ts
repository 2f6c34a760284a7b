import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { ruleSetOn, trustAfter, utcDay, type RuleBook } from '../rules';
import { measure } from '../trust/measure.queries';

interface Compared {
  readonly communityId: CommunityId;
  readonly before: RuleBook;
  readonly after: RuleBook;
  readonly now: Date;
}

/** How many members would be on another level when trust is next looked at than by the rules that are in force. */
export const simulateTrust = async (
  db: EntityManager,
  { communityId, before, after, now }: Compared,
): Promise<{ readonly trustUp: number; readonly trustDown: number }> => {
  const [own, other] = [before, after].map((book) => ruleSetOn(book, utcDay(now)).trust);
  if (JSON.stringify(own) === JSON.stringify(other)) return { trustUp: 0, trustDown: 0 };
  const changes = (await measure(db, { communityId, now })).map(({ before: was, facts }) => {
    const from = was ?? { level: 0, since: now };
    const level = (levels: typeof own) => trustAfter(from, facts, { now, levels }).level;
    return level(other) - level(own);
  });
  return {
    trustUp: changes.filter((change) => change > 0).length,
    trustDown: changes.filter((change) => change < 0).length,
  };
};
