import { createHash } from 'node:crypto';
import { BehaviourReported, isId, type CommunityId, type MemberId } from '@lyceum/contracts';
import {
  createLocalRateLimiter,
  groupBy,
  rateLimited,
  useCase,
  type Ctx,
  type RateLimiter,
} from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { ensureMonths } from '../activity/months';
import { learnActingMember } from '../communities/acting-member';
import { canSee } from '../communities/can-see';
import { query } from '../sql';
import {
  BehaviourCommunityUnknown,
  BehaviourProblem,
  BehaviourRecorded,
  TooManyBehaviours,
  VisitorUnknown,
  type BehaviourClientInput,
  type BehaviourInput,
  type RecordBehaviourInput,
  type RecordBehaviourResult,
  type RejectedBehaviour,
} from './behaviour.types';
import { isCrawler, maxEvents, problemOf } from './check-behaviour';

type Result = Promise<typeof RecordBehaviourResult>;

/** A person makes an event a second for a while; a process remembers, so several processes allow more. */
const limit = { burst: 600, periodMs: 1_000 };
const limiters = new WeakMap<object, RateLimiter>();

/**
 * Takes a batch of what somebody did. Every event is judged by itself: what is wrong with one does not cost the
 * others. Throws RATE_LIMITED for who tells more than anybody can do.
 */
export const recordBehaviour = async (ctx: Ctx, input: RecordBehaviourInput): Result => {
  if (input.events.length > maxEvents) return new TooManyBehaviours();
  if (!isId(input.communityId)) return new BehaviourCommunityUnknown();
  const communityId = input.communityId as CommunityId; // has the form of one
  const viewer = await viewerOf(ctx, communityId, input.client ?? null);
  if (viewer === null) return new VisitorUnknown();
  if (viewer.memberId === null && !(await canSee(ctx, communityId)))
    return new BehaviourCommunityUnknown();
  await assertPace(ctx, viewer.key, input.events.length);
  return record(ctx, { communityId, viewer, events: input.events });
};

interface Viewer {
  /** The member, or a fingerprint of the visitor's own id: the id itself is kept nowhere. */
  readonly key: string;
  readonly memberId: MemberId | null;
  readonly isCrawler: boolean;
}

const viewerOf = async (
  ctx: Ctx,
  communityId: CommunityId,
  client: BehaviourClientInput | null,
): Promise<Viewer | null> => {
  const member = ctx.actor.kind === 'user' ? await learnActingMember(ctx, communityId) : null;
  const told = { isCrawler: isCrawler(client ?? {}) };
  if (member !== null && !(await refusesAnalytics(ctx)))
    return { ...told, key: member.memberId, memberId: member.memberId };
  const own = ctx.actor.kind === 'user' ? ctx.actor.accountId : (client?.visitorId ?? '');
  if (!isId(own)) return null;
  const key = createHash('sha256').update(`${communityId} ${own}`).digest('hex').slice(0, 32);
  return { ...told, key, memberId: null };
};

/** Who does is counted as a visitor: nothing is kept by member. */
const refusesAnalytics = async ({ db, actor }: Ctx): Promise<boolean> => {
  const refusals = await query(
    db,
    'SELECT FROM analytics_consent WHERE account_id = $1 AND NOT is_given',
    [actor.kind === 'user' ? actor.accountId : null],
  );
  return refusals.length > 0;
};

const assertPace = async (ctx: Ctx, key: string, events: number): Promise<void> => {
  const limiter =
    limiters.get(ctx.deps.dataSource) ?? createLocalRateLimiter(() => ctx.deps.now().getTime());
  limiters.set(ctx.deps.dataSource, limiter);
  for (let i = 0; i < events; i += 1) {
    const waitMs = await limiter(key, limit);
    if (waitMs > 0)
      throw rateLimited('Too many events; try again later.', { retryAfterMs: waitMs });
  }
};

interface Batch {
  readonly communityId: CommunityId;
  readonly viewer: Viewer;
  readonly events: readonly BehaviourInput[];
}

const record = async (ctx: Ctx, batch: Batch): Promise<BehaviourRecorded> => {
  const now = ctx.deps.now();
  const problems = new Map(batch.events.map((event) => [event, problemOf(event, now)]));
  const sound = batch.events.filter((event) => problems.get(event) === null);
  await ensureMonths(
    ctx.db,
    'behaviour_event',
    sound.map(({ occurredAt }) => occurredAt),
  );
  const posts = await postsOf(ctx.db, batch.communityId, sound);
  const about = (event: BehaviourInput) => posts.get(event.subjectId);
  const found = sound.filter((event) => about(event) !== undefined);
  const accepted = await write(ctx, { ...batch, events: found, posts });
  const rejected = batch.events.flatMap((event): RejectedBehaviour[] => {
    const problem = problems.get(event) ?? null;
    if (problem !== null) return [{ id: event.id, problem }];
    return about(event) === undefined
      ? [{ id: event.id, problem: BehaviourProblem.UNKNOWN_SUBJECT }]
      : [];
  });
  return Object.assign(new BehaviourRecorded(), {
    accepted,
    known: found.length - accepted,
    rejected,
  });
};

interface Post {
  readonly id: string;
  readonly type: string;
  readonly authorId: MemberId | null;
}

const postsOf = async (
  db: EntityManager,
  communityId: CommunityId,
  events: readonly BehaviourInput[],
): Promise<ReadonlyMap<string, Post>> => {
  const posts = await query<Post>(
    db,
    `SELECT id, type, author_id AS "authorId" FROM engagement_post WHERE community_id = $1 AND id = ANY($2)`,
    [communityId, [...new Set(events.map(({ subjectId }) => subjectId))]],
  );
  return new Map(posts.map((post) => [post.id, post]));
};

const write = useCase(
  async (tx, batch: Batch & { readonly posts: ReadonlyMap<string, Post> }): Promise<number> => {
    const { communityId, viewer, posts } = batch;
    if (batch.events.length === 0) return 0;
    const rows = [...groupBy(batch.events, ({ id }) => id).values()].map(([event]) => {
      if (event === undefined) throw new Error('a group has a member');
      const post = posts.get(event.subjectId);
      return {
        event_id: event.id,
        kind: event.kind,
        audience: audienceOf(viewer, post?.authorId ?? null),
        subject_type: post?.type,
        subject_id: event.subjectId,
        duration_ms: event.durationMs ?? 0,
        target: event.target ?? null,
        occurred_at: event.occurredAt,
      };
    });
    const written = await query(tx.db, insert, [
      JSON.stringify(rows),
      communityId,
      viewer.key,
      viewer.memberId,
      tx.now,
    ]);
    if (written.length > 0) await tx.emit(BehaviourReported, { communityId });
    return written.length;
  },
);

const audienceOf = (viewer: Viewer, authorId: MemberId | null): string => {
  if (viewer.isCrawler) return 'crawler';
  if (viewer.memberId === null) return 'visitor';
  return viewer.memberId === authorId ? 'self' : 'member';
};

const insert = `
  WITH told AS (
    SELECT * FROM json_to_recordset($1::json) AS told (event_id uuid, kind text, audience text, subject_type text,
      subject_id text, duration_ms int, target text, occurred_at timestamptz)
  ), fresh AS (
    INSERT INTO behaviour_seen (event_id, received_on) SELECT event_id, $5::timestamptz::date FROM told ORDER BY event_id
    ON CONFLICT DO NOTHING RETURNING event_id
  ), pending AS (
    INSERT INTO behaviour_pending (community_id, event_id, occurred_at)
    SELECT $2, event_id, occurred_at FROM told JOIN fresh USING (event_id)
  )
  INSERT INTO behaviour_event (event_id, community_id, kind, audience, viewer, member_id, subject_type, subject_id,
    duration_ms, target, occurred_at, received_at)
  SELECT event_id, $2, kind, audience, $3, $4, subject_type, subject_id, duration_ms, target, occurred_at, $5
  FROM told JOIN fresh USING (event_id)
  RETURNING event_id`;
