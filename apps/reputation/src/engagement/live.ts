import { isId, type CommunityId } from '@lyceum/contracts';
import { badInput, notFound, toCursor, type Ctx } from '@lyceum/platform';
import { canSee, requireSight } from '../communities/can-see';
import { query } from '../sql';
import { engagementTopic } from './engagement-topic';
import { revisionOf } from './revision';
import { snapshots } from './snapshots';

/** At most so often does a subscription tell of changes; what comes in between is told together. */
export const throttleMs = 1_000;

export interface Live<State> {
  /** Given back after a break, it makes the stream begin with all that has changed meanwhile. */
  readonly cursor: string;
  readonly at: Date;
  readonly state: State;
}

/**
 * A community's state each time it changes. `read` reads all of it; `changes` says what of it differs from what
 * this subscription told before, null for nothing. The first state is told at once, unless the cursor says that the
 * client has it already.
 */
export const liveState = async <State, Change>(
  ctx: Ctx,
  asked: {
    readonly communityId: string;
    /** What the cursor is of: one of another subscription is refused. */
    readonly list: string;
    readonly after: string | null | undefined;
    readonly authorize: (communityId: CommunityId) => Promise<void>;
    readonly read: (communityId: CommunityId) => Promise<State>;
    readonly changes: (before: State | null, now: State) => Change | null;
  },
): Promise<AsyncIterable<Live<Change>>> => {
  const communityId = await visibleCommunity(ctx, asked.communityId);
  await asked.authorize(communityId);
  let seen = parseRevision(asked.list, asked.after);
  let before: State | null = null;
  return snapshots(
    ctx,
    { topic: engagementTopic(communityId), throttleMs, isFirstAtOnce: true },
    async () => {
      await requireSight(ctx, communityId);
      const revision = await revisionOf(ctx.db, communityId); // before the state, which may then be newer
      if (revision === seen) return null;
      await asked.authorize(communityId); // rights may have been taken away since
      const now = await asked.read(communityId);
      const change = asked.changes(before, now);
      [seen, before] = [revision, now];
      return (
        change && { cursor: toCursor(asked.list, [revision]), at: ctx.deps.now(), state: change }
      );
    },
  );
};

/** A community that the caller may know of. Throws BAD_INPUT or NOT_FOUND. */
const visibleCommunity = async (ctx: Ctx, id: string): Promise<CommunityId> => {
  if (!isId(id)) throw badInput('"communityId" is not an id.');
  const communityId = id as CommunityId; // has the form of one; whether it exists is asked next
  const [known] = await query(ctx.db, 'SELECT FROM community WHERE id = $1', [communityId]);
  if (known === undefined || !(await canSee(ctx, communityId)))
    throw notFound('There is no such community.');
  return communityId;
};

/** The revision that a cursor of `list` is of; null without one. */
export const parseRevision = (list: string, cursor: string | null | undefined): number | null => {
  if (cursor == null) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed[0] === list && Number.isInteger(parsed[1]))
      return Number(parsed[1]);
  } catch {
    // told below
  }
  throw badInput('"after" is not a cursor of this subscription.');
};
