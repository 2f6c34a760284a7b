import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import { Field, ObjectType } from 'type-graphql';
import { segmentOf, type MemberFacts, type SegmentName, type Tier } from './tier';

@ObjectType({ description: 'That a member moved to another tier.' })
export class TierChange {
  @Field(() => Date) changedAt!: Date;
  @Field(() => String) fromTier!: string;
  @Field(() => String) toTier!: string;
  @Field(() => String, { description: 'Which facts led there.' }) reason!: string;
}

/** Absent for who has not taken part yet. For loaders. */
export const tiersOfMembers = async (
  ctx: Ctx,
  memberIds: readonly MemberId[],
): Promise<ReadonlyMap<MemberId, Tier>> => {
  const rows = await ctx.db.query<{ id: MemberId; tier: Tier }[]>(
    'SELECT member_id AS id, tier FROM member_facts WHERE member_id = ANY($1)',
    [memberIds],
  );
  return new Map(rows.map(({ id, tier }) => [id, tier]));
};

/** The newest changes of each member. For loaders. */
export const tierChanges = async (
  ctx: Ctx,
  memberIds: readonly MemberId[],
): Promise<ReadonlyMap<MemberId, readonly TierChange[]>> => {
  const rows = await ctx.db.query<(TierChange & { memberId: MemberId })[]>(
    `SELECT of.id AS "memberId", t.changed_at AS "changedAt", t.from_tier AS "fromTier", t.to_tier AS "toTier", t.reason
     FROM unnest($1::uuid[]) AS of (id) CROSS JOIN LATERAL (
       SELECT * FROM tier_change WHERE member_id = of.id ORDER BY changed_at DESC LIMIT 20) AS t`,
    [memberIds],
  );
  const found = new Map<MemberId, TierChange[]>();
  for (const row of rows) {
    const change = Object.assign(new TierChange(), row);
    found.set(row.memberId, [...(found.get(row.memberId) ?? []), change]);
  }
  return found;
};

interface Row extends MemberFacts {
  readonly id: MemberId;
  readonly joinedAt: Date;
  readonly hasFacts: boolean;
  readonly isProfiled: boolean;
}

export interface Segmented {
  readonly id: MemberId;
  readonly segment: SegmentName;
  /** Whether the person agreed to being seen in segments. */
  readonly isProfiled: boolean;
}

const pageSize = 2_000;

/** Every active member of the community with its segment, page by page, in the order of ids. */
export async function* segmented(
  ctx: Ctx,
  { communityId, after }: { communityId: CommunityId; after: string | null },
): AsyncGenerator<Segmented> {
  const now = ctx.deps.now();
  for (let last = after; ;) {
    const rows = await readPage(ctx, { communityId, after: last });
    for (const row of rows) {
      const segment = segmentOf(row.hasFacts ? row : null, { joinedAt: row.joinedAt, now });
      yield { id: row.id, segment, isProfiled: row.isProfiled };
    }
    const end = rows.at(-1)?.id;
    if (end === undefined || rows.length < pageSize) return;
    last = end;
  }
}

const readPage = (
  ctx: Ctx,
  { communityId, after }: { communityId: CommunityId; after: string | null },
): Promise<Row[]> =>
  ctx.db.query<Row[]>(
    `SELECT m.id, m.joined_at AS "joinedAt", f.member_id IS NOT NULL AS "hasFacts", f.contributions,
       f.accepted_answers AS "acceptedAnswers", f.recent_contributions AS "recentContributions",
       f.lessons_completed AS "lessonsCompleted", f.last_active_at AS "lastActiveAt",
       coalesce((SELECT is_given FROM consent AS c WHERE c.account_id = m.account_id AND c.purpose = 'profiling'
         ORDER BY c.version DESC LIMIT 1), false) AS "isProfiled"
     FROM member AS m LEFT JOIN member_facts AS f ON f.member_id = m.id
     WHERE m.community_id = $1 AND m.status = 'active' AND ($2::uuid IS NULL OR m.id > $2)
     ORDER BY m.id LIMIT ${String(pageSize)}`,
    [communityId, after],
  );
