import { importedId, VotesVoided, type CommunityId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { appendActivities } from '../activity/activity-log';
import { awardBadges } from '../badges/award-badges';
import { membersOf, rootsOf } from '../badges/badges-of-activity';
import { announce } from '../engagement/announce';
import { projectPoints } from '../points/project-points';
import { holdRules, ruleBooks } from '../rule-sets/rule-books';
import { badgesOf, type Activity } from '../rules';
import { query } from '../sql';

/*
 * To take a vote back, a further version of it is logged, above all that its voter may log: then points, badges and
 * metrics are computed without it by the one way there is, and a replay comes to the same. To give it back,
 * yet another version says again what the voter had said.
 */

const ours = 1_000_000_000;

type Row = Omit<Activity, 'communityId'>;

/** Votes as their voters left them, and the number of the last version of ours. */
const votesOf = (
  tx: Tx,
  communityId: CommunityId,
  keys: readonly string[],
): Promise<(Row & { lastOfOurs: number })[]> =>
  query(
    tx.db,
    `SELECT DISTINCT ON (key) event_id AS "eventId", kind, key, version, actor_id AS "actorId",
       subject_type AS "subjectType", subject_id AS "subjectId", subject_author_id AS "subjectAuthorId", value,
       earns_points AS "earnsPoints", weight, actor_age_days AS "actorAgeDays",
       actor_is_verified AS "actorIsVerified", occurred_at AS "occurredAt", (
         SELECT coalesce(max(version), $3) FROM activity_log AS later
         WHERE later.community_id = $1 AND later.key = log.key AND later.version >= $3
       ) AS "lastOfOurs"
     FROM activity_log AS log WHERE community_id = $1 AND key = ANY($2) AND version < $3 ORDER BY key, version DESC`,
    [communityId, keys, ours],
  );

interface Votes {
  readonly communityId: CommunityId;
  readonly keys: readonly string[];
}

/** Takes votes back: they earn nothing, and count for nothing. */
export const voidVotes = async (tx: Tx, votes: Votes): Promise<void> => {
  await logVersions(tx, votes, () => 0);
  await tx.emit(VotesVoided, { ...votes, areVoid: true });
};

/** Gives votes back that were taken. */
export const restoreVotes = async (tx: Tx, votes: Votes): Promise<void> => {
  await logVersions(tx, votes, ({ value }) => value);
  await tx.emit(VotesVoided, { ...votes, areVoid: false });
};

const logVersions = async (
  tx: Tx,
  { communityId, keys }: Votes,
  valueOf: (vote: Row) => number,
): Promise<void> => {
  const found = await votesOf(tx, communityId, keys);
  const logged = await appendActivities(
    tx.db,
    found.map(({ lastOfOurs, ...vote }) => ({
      ...vote,
      communityId,
      eventId: importedId<'Event'>('fair-play', vote.key, lastOfOurs + 1),
      version: lastOfOurs + 1,
      value: valueOf(vote),
      occurredAt: tx.now,
      requestId: tx.requestId,
      parentId: null,
      tags: null,
    })),
  );
  if (logged.length === 0) return;
  await holdRules(tx.db, [communityId]);
  const books = await ruleBooks(tx.db, [communityId]);
  await projectPoints(tx.db, books, logged);
  const book = books.get(communityId);
  if (book !== undefined)
    await awardBadges(tx.db, {
      definitions: badgesOf(book),
      touched: {
        communityId,
        roots: await rootsOf(tx, communityId, logged),
        members: membersOf(logged),
      },
      says: tx,
    });
  await announce(tx, logged);
};
