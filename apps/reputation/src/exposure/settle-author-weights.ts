import { AuthorWeightChanged, type CommunityId, type MemberId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { ruleSetOn, utcDay, type Level, type RuleBook } from '../rules';
import { query } from '../sql';

/** What a level above the first adds to an author's weight in lists, and what nobody weighs more than: percent. */
const perLevel = 25;
const mostWeight = 300;

/**
 * Tells what these authors weigh in the lists of content, by their level today. Who has never been told of weighs 100;
 * most activity changes nobody's level, and is not told of.
 */
export const settleAuthorWeightsOf = async (
  tx: Tx,
  {
    communityId,
    members,
    book,
  }: {
    readonly communityId: CommunityId;
    readonly members: readonly MemberId[];
    readonly book: RuleBook;
  },
): Promise<void> => {
  const { levels } = ruleSetOn(book, utcDay(tx.now));
  for (const one of await changes(tx, { communityId, members, levels }))
    await tx.emit(AuthorWeightChanged, { communityId, ...one });
};

interface Change {
  readonly memberId: MemberId;
  readonly weight: number;
  readonly version: number;
}

const changes = (
  tx: Tx,
  of: { communityId: CommunityId; members: readonly MemberId[]; levels: readonly Level[] },
): Promise<Change[]> =>
  query(
    tx.db,
    `WITH asked AS MATERIALIZED (
       SELECT member_id, total FROM member_standing
       WHERE community_id = $1 AND member_id = ANY($2) ORDER BY member_id FOR NO KEY UPDATE
     ), now AS (
       SELECT member_id, least($5, 100 + $4 * (SELECT greatest(count(*) - 1, 0) FROM unnest($3::int[]) AS level ("from")
         WHERE "from" <= total))::int AS weight
       FROM asked
     )
     INSERT INTO member_weight AS known (member_id, community_id, weight, version)
     SELECT member_id, $1, weight, 1 FROM now
     WHERE weight <> coalesce(
       (SELECT before.weight FROM member_weight AS before WHERE before.member_id = now.member_id), 100)
     ON CONFLICT (member_id) DO UPDATE SET weight = excluded.weight, version = known.version + 1
     RETURNING member_id AS "memberId", weight, version`,
    [of.communityId, of.members, of.levels.map(({ from }) => from), perLevel, mostWeight],
  );
