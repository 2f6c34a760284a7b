import type { CommunityId } from '@lyceum/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { Tally, type Check } from './check';

/** Every post, comment, vote and so on of the community is in the activity log, once. */
export const verifyActivity = async (
  content: DataSource,
  { reputation, communityId }: { reputation: EntityManager; communityId: CommunityId },
): Promise<Check> => {
  const [stated] = await content.query<Record<string, number>[]>(countRows, [communityId]);
  const rows = await reputation.query<{ kind: string; n: number }[]>(
    'SELECT kind, count(DISTINCT key)::int AS n FROM activity_log WHERE community_id = $1 GROUP BY kind',
    [communityId],
  );
  const found = new Map(rows.map(({ kind, n }) => [kind, n]));
  const tally = new Tally('activity log');
  for (const [kind, count] of Object.entries(stated ?? {})) {
    tally.compare(kind, { stated: count, found: found.get(kind) ?? 0 });
  }
  return tally.check();
};

const countRows = `
  SELECT
    (SELECT count(*)::int FROM question WHERE community_id = $1) AS "question-asked",
    (SELECT count(*)::int FROM answer WHERE community_id = $1) AS "answer-posted",
    (SELECT count(*)::int FROM comment WHERE community_id = $1) AS "comment-posted",
    (SELECT count(*)::int FROM vote WHERE community_id = $1) AS "vote",
    (SELECT count(*)::int FROM question WHERE community_id = $1 AND acceptance_version > 0) AS "acceptance",
    (SELECT count(*)::int FROM favourite WHERE community_id = $1) AS "favourite"`;
