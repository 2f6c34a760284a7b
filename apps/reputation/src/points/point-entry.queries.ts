import type { CommunityId, MemberId } from '@lyceum/contracts';
import { listLoader, type ListQuery } from '../list-query';
import type { PointEntry } from '../rules';
import { query } from '../sql';

export type EntryRow = PointEntry & { readonly communityId: CommunityId };

export interface EntryPage {
  readonly after: { readonly occurredAt: string; readonly id: string } | null;
  readonly limit: number;
}

const entriesOfMembers: ListQuery<MemberId, EntryPage, EntryRow> = (ctx, memberIds, page) =>
  query(
    ctx.db,
    `SELECT asked.id AS "parentId", entry.id, community_id AS "communityId", member_id AS "memberId",
       counterpart_id AS "counterpartId", kind, rule,
       rule_set_version AS "ruleSetVersion", activity_id AS "activityId", subject_type AS "subjectType",
       subject_id AS "subjectId", occurred_at AS "occurredAt", reversed_at AS "reversedAt", weight, nominal, allowed, points
     FROM unnest($1::uuid[]) AS asked (id) CROSS JOIN LATERAL (
       SELECT * FROM point_entry WHERE member_id = asked.id
         AND ($2::timestamptz IS NULL OR (occurred_at, id) < ($2, $3::uuid))
       ORDER BY occurred_at DESC, id DESC LIMIT $4
     ) AS entry
     ORDER BY occurred_at DESC, entry.id DESC`,
    [memberIds, page.after?.occurredAt ?? null, page.after?.id ?? null, page.limit],
  );

export const loadEntries = listLoader(entriesOfMembers);
