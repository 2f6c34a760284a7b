import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { Interval } from '../engagement/engagement.queries';
import type { Day } from '../rules';
import { query } from '../sql';

/** Which members count: by how long ago they had joined on the day in question. */
export type Segment = 'newcomers' | 'established';

/** A newcomer's first days, the day of joining included. */
export const newcomerDays = 30;

/** What a series is asked of: days are the community's own. */
export interface MetricAsk {
  readonly communityId: CommunityId;
  readonly from: Day;
  /** Included. */
  readonly to: Day;
  readonly interval: Interval;
  /** Only what happened below questions asked with this tag. */
  readonly tag: string | null;
  readonly segment: Segment | null;
  /** The community's day at this moment: what has not happened yet is not counted as missing. */
  readonly today: Day;
}

export interface Point {
  /** The first day of the interval. */
  readonly date: Day;
  /** Null where the value is not defined, as a share of nothing. */
  readonly value: number | null;
}

export type Series = (db: EntityManager, ask: MetricAsk) => Promise<readonly Point[]>;

/**
 * What every statement begins with: the parameters $1 to $7, and the intervals that meet the range. `first` and
 * `last` are the days of an interval that are in the range.
 */
const asked = `
  ask AS (
    SELECT $1::uuid AS community_id, $2::date AS from_day, $3::date AS to_day, $4::text AS step, $5::text AS tag,
      $6::text AS segment, $7::date AS today
  ), intervals AS (
    SELECT start::date AS date, greatest(start::date, $2::date) AS first,
      least((start + ('1 ' || $4)::interval)::date - 1, $3::date) AS last
    FROM generate_series(date_trunc($4, $2::date::timestamp), $3::date::timestamp, ('1 ' || $4)::interval) AS start
  ), zone AS (
    SELECT coalesce((SELECT time_zone FROM community WHERE id = $1), 'UTC') AS zone
  )`;

/** Runs a statement on what is asked; `$8` and on are its own parameters. */
export const askSql = <Row>(
  db: EntityManager,
  ask: MetricAsk,
  statement: { readonly sql: string; readonly parameters?: readonly unknown[] },
): Promise<Row[]> =>
  query<Row>(db, `WITH ${asked}, ${statement.sql}`, [
    ask.communityId,
    ask.from,
    ask.to,
    ask.interval,
    ask.tag,
    ask.segment,
    ask.today,
    ...(statement.parameters ?? []),
  ]);

/** The interval of a day, by its first day. */
export const intervalOf = (day: string): string => `date_trunc($4, ${day}::timestamp)::date`;

/** Whether a member who joined then is in the segment on that day; who is not known to have joined is established. */
const inSegment = (ask: MetricAsk, member: { joinedOn: string; day: string }): string => {
  if (ask.segment === null) return 'true';
  const isNew = `coalesce(${member.day} < ${member.joinedOn} + ${String(newcomerDays)}, false)`;
  return ask.segment === 'newcomers' ? isNew : `NOT ${isNew}`;
};

/** Joins the member behind a row, when the segment has to be known. */
const joinMember = (ask: MetricAsk, member: string): string =>
  ask.segment === null
    ? ''
    : `LEFT JOIN engagement_member AS member ON member.community_id = $1 AND member.member_id = ${member}`;

/** `(member_id, day)` of members who did any of these on days of the range, and up to `before` days earlier. */
export const memberDays = (
  ask: MetricAsk,
  { did, before = 0 }: { readonly did: number; readonly before?: number },
): string => {
  const [table, ofTag] =
    ask.tag === null
      ? ['engagement_active', '']
      : ['engagement_topic_active', 'AND active.tag = $5'];
  return `SELECT active.member_id, active.day FROM ${table} AS active ${joinMember(ask, 'active.member_id')}
    WHERE active.community_id = $1 ${ofTag} AND active.day BETWEEN $2::date - ${String(before)} AND $3
      AND active.did & ${String(did)} <> 0 AND ${inSegment(ask, { joinedOn: 'member.joined_on', day: 'active.day' })}`;
};

/**
 * `(id, type, author_id, posted_at, day, root_id, parent_id)` of posts of the range, and up to `before` days
 * earlier; of a tag, those below its questions.
 */
export const posts = (
  ask: MetricAsk,
  { before = 0, types }: { readonly before?: number; readonly types?: readonly string[] } = {},
): string => `
  SELECT * FROM (
    SELECT post.id, post.type, post.author_id, post.posted_at, post.parent_id,
      (post.posted_at AT TIME ZONE zone)::date AS day,
      CASE WHEN post.type IN ('question', 'article') THEN post.id WHEN above.type IN ('question', 'article') THEN above.id
        WHEN top.type IN ('question', 'article') THEN top.id END AS root_id,
      CASE 'question' WHEN post.type THEN post.tags WHEN above.type THEN above.tags WHEN top.type THEN top.tags END AS tags
    FROM zone CROSS JOIN engagement_post AS post
      LEFT JOIN engagement_post AS above ON above.community_id = $1 AND above.id = post.parent_id
      LEFT JOIN engagement_post AS top ON top.community_id = $1 AND top.id = above.parent_id
    WHERE post.community_id = $1
      AND post.posted_at >= ($2::date - ${String(before)})::timestamp AT TIME ZONE zone
      AND post.posted_at < ($3::date + 1)::timestamp AT TIME ZONE zone
      ${types === undefined ? '' : `AND post.type IN (${types.map((type) => `'${type}'`).join(', ')})`}
  ) AS post ${joinMember(ask, 'post.author_id')}
  WHERE ($5::text IS NULL OR $5 = ANY (tags)) AND ${inSegment(ask, { joinedOn: 'member.joined_on', day: 'post.day' })}`;
