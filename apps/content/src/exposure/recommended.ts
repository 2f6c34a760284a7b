import type { CommunityId, MemberId } from '@lyceum/contracts';
import {
  badInput,
  parsePage,
  toConnection,
  type Connection,
  type Ctx,
  type PageArgs,
} from '@lyceum/platform';
import { exposureTerms } from './exposure-terms';
import { roundAt, roundNow, shownStill } from './round';
import { slotsFor, type Slot } from './slots';

/** A place of the list, counted from 0; places of posts that are not shown any more are left out. */
export interface Place extends Slot {
  readonly number: number;
  readonly round: Date;
}

interface Viewer {
  readonly memberId: MemberId;
  readonly seesNew: boolean;
}

/**
 * The list of a viewer and day. Its pages are of the round in which the first one was asked for, so nothing shifts
 * between them; after a day the cursor leads into the round of then. The caller has found the community visible.
 */
export const recommended = async (
  ctx: Ctx,
  communityId: CommunityId,
  page: PageArgs,
): Promise<Connection<Place>> => {
  const list = `recommended ${communityId}`;
  const { first, after } = parsePage(list, page);
  const [round, number] = after ?? [];
  if (after !== null && !isPosition(round, number))
    throw badInput('"after" is not a cursor of this list.');
  const terms = await exposureTerms(ctx.db, communityId);
  const now = ctx.deps.now();
  const posts =
    (after && (await roundAt(ctx.db, communityId, new Date(Number(round))))) ??
    (await roundNow(ctx.db, communityId, { now, terms }));
  const viewer = await viewerIn(ctx, communityId);
  const slots = slotsFor(
    posts.posts.filter(({ authorId }) => authorId === null || authorId !== viewer?.memberId),
    {
      seed: `${viewer?.memberId ?? 'nobody'} ${communityId} ${posts.at.toISOString().slice(0, 10)}`,
      sharePercent: viewer?.seesNew === false ? 0 : terms.newcomerSharePercent,
    },
  ).map((slot, i) => ({ ...slot, number: i, round: posts.at }));
  const left = slots.slice(after === null ? 0 : Number(number) + 1);
  const shown = await shownStill(
    ctx.db,
    left.map(({ id }) => id),
  );
  return toConnection(left.filter(({ id }) => shown.has(id)).slice(0, first + 1), {
    list,
    first,
    positionOf: (place) => [place.round.getTime(), place.number],
  });
};

const isPosition = (round: unknown, number: unknown): boolean =>
  Number.isSafeInteger(round) &&
  Math.abs(Number(round)) < 8e15 &&
  Number.isSafeInteger(number) &&
  Number(number) >= 0;

const viewerIn = async (ctx: Ctx, communityId: CommunityId): Promise<Viewer | null> => {
  if (ctx.actor.kind !== 'user') return null;
  const [viewer] = await ctx.db.query<Viewer[]>(
    `SELECT membership.member_id AS "memberId", coalesce(sees_new, true) AS "seesNew"
     FROM membership LEFT JOIN exposure_choice USING (member_id)
     WHERE membership.community_id = $1 AND account_id = $2`,
    [communityId, ctx.actor.accountId],
  );
  return viewer ?? null;
};
