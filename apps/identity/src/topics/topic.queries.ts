import type { CommunityId } from '@lyceum/contracts';
import { groupBy, type Ctx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { Topic } from './topic.type';

/** The topics of each community, in the order of their paths. For loaders. */
export const topicsOfCommunities = async (
  ctx: Ctx,
  communityIds: readonly CommunityId[],
): Promise<ReadonlyMap<CommunityId, readonly Topic[]>> => {
  const rows = await ctx.db.query<{ communityId: CommunityId; id: string; path: string }[]>(
    `SELECT ct.community_id AS "communityId", t.id, t.path FROM community_topic AS ct
     JOIN topic AS t ON t.id = ct.topic_id WHERE ct.community_id = ANY($1) ORDER BY t.path`,
    [communityIds],
  );
  return groupBy(
    rows.map((row) => Object.assign(new Topic(), row)),
    ({ communityId }) => communityId,
  );
};

/** Those at or below a path, in order of paths, after one already seen. Only such as a community is under. */
export const topicsPage = async (
  db: EntityManager,
  { under, after, first }: { under: string | null; after: string | null; first: number },
): Promise<readonly Topic[]> => {
  const rows = await db.query<object[]>(
    `SELECT t.id, t.path FROM topic AS t
     WHERE ($1::text IS NULL OR t.path = $1 OR starts_with(t.path, $1 || '/'))
       AND ($2::text IS NULL OR t.path > $2)
       AND EXISTS (SELECT FROM community_topic AS ct JOIN community AS c ON c.id = ct.community_id
         WHERE ct.topic_id = t.id AND c.visibility <> 'private')
     ORDER BY t.path LIMIT $3`,
    [under, after, first + 1],
  );
  return rows.map((row) => Object.assign(new Topic(), row));
};
