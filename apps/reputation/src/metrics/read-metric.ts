import type { CommunityId } from '@lyceum/contracts';
import { badInput, load, type BatchQuery, type Ctx } from '@lyceum/platform';
import { assertDay } from '../days';
import type { Interval } from '../engagement/engagement.queries';
import { intervalsOf } from '../engagement/intervals';
import { utcDay, type Day } from '../rules';
import { query } from '../sql';
import { requireAnalyst } from './analysts';
import type { MetricAsk, Point, Segment } from './ask';
import { metricNamed } from './catalogue';

export const maxIntervals = 1_000;

export interface Asked {
  readonly from: Day;
  readonly to: Day;
  readonly interval: Interval;
  readonly tag?: string | null | undefined;
  readonly segment?: Segment | null | undefined;
}

/** A series of one metric, for who may see it. Throws BAD_INPUT, FORBIDDEN or UNAUTHENTICATED. */
export const readMetric = async (
  ctx: Ctx,
  communityId: CommunityId,
  { name, ...asked }: Asked & { readonly name: string },
): Promise<readonly Point[]> => {
  const metric = metricNamed(name);
  for (const dimension of ['tag', 'segment'] as const)
    if (asked[dimension] != null && !metric.dimensions.includes(dimension))
      throw badInput(`${name.toUpperCase()} cannot be broken down by ${dimension}.`);
  if (
    asked.tag != null &&
    (asked.tag === '' || asked.tag.length > 100 || asked.tag.includes('\u0000'))
  )
    throw badInput('"tag" is not a tag.');
  const ask = await toAsk(ctx, communityId, asked);
  if (!metric.isPublic) await requireAnalyst(ctx, communityId);
  return metric.series(ctx.db, ask);
};

/** Checks a range and knows the community's today. Throws BAD_INPUT. */
export const toAsk = async (
  ctx: Ctx,
  communityId: CommunityId,
  { from, to, interval, tag, segment }: Asked,
): Promise<MetricAsk> => {
  assertDay('from', from);
  if (from > to) throw badInput('"from" must not be after "to".');
  if (intervalsOf({ from, to, interval }, maxIntervals).length > maxIntervals)
    throw badInput(`At most ${String(maxIntervals)} intervals can be asked for at once.`);
  const today = await communityToday(ctx, communityId);
  return { communityId, from, to, interval, tag: tag ?? null, segment: segment ?? null, today };
};

/** The community's day at this moment; UTC's while it is not known. */
export const communityToday = async (ctx: Ctx, communityId: CommunityId): Promise<Day> =>
  (await load(ctx, todays, communityId)) ?? utcDay(ctx.deps.now());

const todays: BatchQuery<CommunityId, Day> = async (ctx, ids) => {
  const rows = await query<{ id: CommunityId; day: Day }>(
    ctx.db,
    `SELECT id, ($2::timestamptz AT TIME ZONE time_zone)::date::text AS day FROM community WHERE id = ANY($1)`,
    [ids, ctx.deps.now()],
  );
  return new Map(rows.map(({ id, day }) => [id, day]));
};
