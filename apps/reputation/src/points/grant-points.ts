import { importedId, PointsGranted, type PayloadOf } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { appendActivities } from '../activity/activity-log';
import { toActivity } from '../activity/to-activity';
import { announce } from '../engagement/announce';
import { holdRules, ruleBooks } from '../rule-sets/rule-books';
import { projectPoints } from './project-points';

export type Grant = PayloadOf<typeof PointsGranted>;

/**
 * Gives points by a decision, or takes a stake, as activity: they are in force when the transaction is, and a replay
 * comes to the same. The event tells badges and privileges; heard by who logs activity, it says nothing new. The same
 * version of a grant is given once.
 */
export const grantPoints = async (tx: Tx, grants: readonly Grant[]): Promise<void> => {
  const communityIds = [...new Set(grants.map(({ communityId }) => communityId))];
  if (communityIds.length === 0) return;
  await holdRules(tx.db, communityIds);
  const logged = await appendActivities(
    tx.db,
    grants.map((grant) => activityOf(tx, grant)),
  );
  if (logged.length === 0) return;
  await projectPoints(tx.db, await ruleBooks(tx.db, communityIds), logged);
  await announce(tx, logged);
  for (const grant of grants) await tx.emit(PointsGranted, grant);
};

const activityOf = (tx: Tx, grant: Grant) =>
  toActivity({
    id: importedId<'Event'>('grant', grant.for, grant.sourceId, grant.memberId, grant.version),
    type: PointsGranted.name,
    occurredAt: tx.now.toISOString(),
    requestId: tx.requestId,
    payload: grant,
  });
