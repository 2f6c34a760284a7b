import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { query } from '../sql';

/*
 * The metrics a second way: each by its definition, over all rows of the log, with nothing kept and nothing
 * shared with the code under test. Slow, and easy to believe.
 */

interface LogRow {
  readonly kind: string;
  readonly actor: string | null;
  readonly subject: string | null;
  readonly parent: string | null;
  readonly tags: readonly string[] | null;
  readonly at: number;
  readonly day: number;
}

export interface Span {
  /** Days since 1970. */
  readonly first: number;
  readonly last: number;
  readonly tag: string | null;
  readonly segment: 'newcomers' | 'established' | null;
  readonly today: number;
}

type Compute = (span: Span) => number | null;

export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
export const dayName = (number: number): string =>
  new Date(number * 86_400_000).toISOString().slice(0, 10);

const postKinds = ['question-asked', 'answer-posted', 'comment-posted', 'article-published'];

/** Every metric of a community as a function of a span of days; for `verify`, checks on live data, and tests. */
export const byDefinition = async (
  db: EntityManager,
  communityId: CommunityId,
): Promise<Readonly<Record<string, Compute>>> => {
  const rows = await query<Omit<LogRow, 'at' | 'day'> & { at: Date; day: string }>(
    db,
    `SELECT kind, actor_id AS actor, subject_id AS subject, parent_id AS parent, tags, occurred_at AS at,
       (occurred_at AT TIME ZONE (SELECT time_zone FROM community WHERE id = $1))::date::text AS day
     FROM activity_log WHERE community_id = $1`,
    [communityId],
  );
  const log: LogRow[] = rows.map((row) => ({
    ...row,
    at: row.at.getTime(),
    day: dayNumber(row.day),
  }));
  const world = worldOf(log);
  return { ...ofMembers(world), ...ofQuestions(world), ...ofContent(world) };
};

interface World {
  readonly acts: readonly LogRow[];
  readonly posts: readonly LogRow[];
  readonly joined: ReadonlyMap<string, number>;
  readonly rootOf: (id: string | null) => LogRow | undefined;
  readonly counts: (row: LogRow, span: Span) => boolean;
}

const worldOf = (log: readonly LogRow[]): World => {
  const posts = log.filter(({ kind }) => postKinds.includes(kind));
  const post = new Map(posts.map((row) => [row.subject, row]));
  const joined = new Map(
    log.flatMap(({ kind, actor, day }) =>
      kind === 'member-joined' && actor ? [[actor, day]] : [],
    ),
  );
  const rootOf = (id: string | null): LogRow | undefined => {
    const found = post.get(id);
    return found?.parent == null ? found : rootOf(found.parent);
  };
  const counts = (row: LogRow, { tag, segment }: Span): boolean => {
    const root = rootOf(row.subject);
    if (tag !== null && !(root?.kind === 'question-asked' && root.tags?.includes(tag)))
      return false;
    const since = row.day - (joined.get(row.actor ?? '') ?? -Infinity);
    return segment === null || since < 30 === (segment === 'newcomers');
  };
  const acts = log.filter(({ kind, actor }) => actor !== null && kind !== 'member-joined');
  return { acts, posts, joined, rootOf, counts };
};

const ofMembers = ({ acts, joined, counts }: World): Record<string, Compute> => {
  const active = (span: Span, from: number, kinds?: readonly string[]): Set<string | null> =>
    new Set(
      acts
        .filter((row) => row.day >= from && row.day <= span.last && counts(row, span))
        .filter(({ kind }) => kinds?.includes(kind) ?? true)
        .map(({ actor }) => actor),
    );
  const daily = (span: Span, day: number) => active({ ...span, last: day }, day).size;
  const stays =
    (days: number): Compute =>
    ({ first, last, today }) => {
      const due = [...joined].filter(([, on]) => on >= first && on <= last && on + days <= today);
      const back = due.filter(([id, on]) =>
        acts.some((a) => a.actor === id && a.day === on + days),
      );
      return due.length === 0 ? null : back.length / due.length;
    };
  return {
    active_members: (span) => active(span, span.first).size,
    contributors: (span) => active(span, span.first, postKinds).size,
    voters: (span) => active(span, span.first, ['vote']).size,
    daily_active_members: (span) => daily(span, span.last),
    weekly_active_members: (span) => active(span, span.last - 6).size,
    monthly_active_members: (span) => active(span, span.last - 29).size,
    stickiness: (span) => {
      const month = active(span, span.last - 29).size;
      const days = Array.from({ length: 30 }, (_, i) => daily(span, span.last - i));
      return month === 0 ? null : days.reduce((sum, n) => sum + n, 0) / 30 / month;
    },
    new_members: ({ first, last }) =>
      [...joined.values()].filter((on) => on >= first && on <= last).length,
    retention_day_1: stays(1),
    retention_day_7: stays(7),
    retention_day_30: stays(30),
  };
};

const quantile = (values: readonly number[], share: number): number | null => {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place % 1);
};

const ofQuestions = ({ posts, counts }: World): Record<string, Compute> => {
  const asked = (span: Span) =>
    posts
      .filter(
        (row) => row.kind === 'question-asked' && row.day >= span.first && row.day <= span.last,
      )
      .filter((row) => counts(row, span))
      .map((row) => {
        const others = posts.filter(
          (a) =>
            a.kind === 'answer-posted' &&
            a.parent === row.subject &&
            (a.actor === null || row.actor === null || a.actor !== row.actor),
        );
        const first = Math.min(...others.map(({ at }) => at));
        return { day: row.day, hours: Math.max(0, (first - row.at) / 3_600_000) };
      });
  const hours = (span: Span) =>
    asked(span).flatMap((one) => (one.hours === Infinity ? [] : [one.hours]));
  const rate = (of: readonly { hours: number }[], within: number) =>
    of.length === 0 ? null : of.filter((one) => one.hours <= within).length / of.length;
  return {
    time_to_first_answer: (span) => quantile(hours(span), 0.5),
    time_to_first_answer_p90: (span) => quantile(hours(span), 0.9),
    answer_rate: (span) => rate(asked(span), Number.MAX_VALUE),
    answer_rate_24h: (span) =>
      rate(
        asked(span).filter(({ day }) => day < span.today - 1),
        24,
      ),
  };
};

const ofContent = ({ posts, rootOf, counts }: World): Record<string, Compute> => {
  const kindsOf =
    (kind: string): Compute =>
    (span) =>
      posts.filter(
        (row) =>
          row.kind === kind && row.day >= span.first && row.day <= span.last && counts(row, span),
      ).length;
  return {
    questions: kindsOf('question-asked'),
    answers: kindsOf('answer-posted'),
    comments: kindsOf('comment-posted'),
    contribution_gini: (span) => {
      const written = new Map<string, number>();
      for (const row of posts) {
        if (row.actor === null || row.day < span.first || row.day > span.last) continue;
        if (counts(row, span)) written.set(row.actor, (written.get(row.actor) ?? 0) + 1);
      }
      const n = [...written.values()];
      const total = n.reduce((sum, x) => sum + x, 0);
      // The definition: mean absolute difference of all pairs, over twice the mean.
      const differences = n.flatMap((x) => n.map((y) => Math.abs(x - y)));
      const sum = differences.reduce((all, x) => all + x, 0);
      return n.length === 0 ? null : sum / (2 * n.length * total);
    },
    content_freshness: (span) => {
      const threads = posts.filter(
        (row) =>
          ['question-asked', 'article-published'].includes(row.kind) &&
          row.day <= span.last &&
          (span.tag === null || row.tags?.includes(span.tag)),
      );
      const fresh = threads.filter((thread) =>
        posts.some(
          (row) =>
            rootOf(row.subject) === thread && row.day > span.last - 90 && row.day <= span.last,
        ),
      );
      return threads.length === 0 ? null : fresh.length / threads.length;
    },
  };
};
