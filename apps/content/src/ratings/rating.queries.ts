import { isId, type CommunityId } from '@lyceum/contracts';
import {
  badInput,
  load,
  parsePage,
  toConnection,
  type BatchQuery,
  type Connection,
  type Ctx,
  type PageArgs,
} from '@lyceum/platform';
import { isVisible } from '../communities/standing';
import { noRows } from '../lists/no-rows';
import { ratingColumns, toRating } from './rate';
import { summaryOf, type Rating, type RatingSummary } from './rating.type';

interface Sums {
  readonly id: string;
  readonly communityId: CommunityId;
  readonly count: number;
  readonly sum: number;
}

const sumsOf: BatchQuery<string, Sums> = async (ctx, ids) => {
  const rows = await ctx.db.query<Sums[]>(
    `SELECT subject_id AS id, community_id AS "communityId", count(*)::int AS count, sum(value)::int AS sum
     FROM rating WHERE subject_id = ANY($1::uuid[]) AND value > 0 GROUP BY 1, 2`,
    [ids.filter(isId)],
  );
  return new Map(rows.map((row) => [row.id, row]));
};

/** Of an article or a product; nothing of those of a community that the caller cannot see. */
export const ratingSummary = async (ctx: Ctx, subjectId: string): Promise<RatingSummary> => {
  const sums = await load(ctx, sumsOf, subjectId);
  const isSeen = sums !== null && (await isVisible(ctx, sums.communityId));
  return summaryOf(isSeen ? sums : { count: 0, sum: 0 });
};

/** The latest first. */
export const ratingsOf = async (
  ctx: Ctx,
  subjectId: string,
  page: PageArgs,
): Promise<Connection<Rating>> => {
  const list = `ratings ${subjectId}`;
  const { first, after } = parsePage(list, page);
  const [at, id] = after ?? [];
  if (
    after !== null &&
    !(Number.isSafeInteger(at) && Math.abs(Number(at)) < 8e15 && isId(String(id)))
  )
    throw badInput('"after" is not a cursor of this list.');
  const sums = await load(ctx, sumsOf, subjectId);
  if (sums === null || !(await isVisible(ctx, sums.communityId))) return noRows;
  const rows = await ctx.db.query<Rating[]>(
    `SELECT ${ratingColumns} FROM rating WHERE subject_id = $1 AND value > 0
       AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $4`,
    [subjectId, after && new Date(Number(at)), after && String(id), first + 1],
  );
  return toConnection(rows.map(toRating), {
    list,
    first,
    positionOf: (rating) => [rating.createdAt.getTime(), rating.id],
  });
};
