import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { dayOf, emptyDay, type Day, type DayFold } from '../rules';
import { query } from '../sql';
import type { StoredEntry } from './project-points';

export interface MemberDay {
  readonly memberId: MemberId;
  readonly communityId: CommunityId;
  readonly day: Day;
}

/** A day of a member as the table has it. */
export interface DayState extends MemberDay, DayFold {
  /** Points that a member begins with, if it began on this day. */
  readonly started: number;
  /** The latest entry of the day: what comes after it can be folded on. Null: the day has none yet. */
  readonly last: { readonly at: Date; readonly activityId: string } | null;
}

export const keyOfDay = ({ memberId, day }: Pick<MemberDay, 'memberId' | 'day'>): string =>
  `${memberId} ${day}`;

export const daysOf = (
  entries: readonly Pick<StoredEntry, 'memberId' | 'communityId' | 'occurredAt'>[],
): MemberDay[] => {
  const days = new Map<string, MemberDay>();
  for (const entry of entries) {
    const { memberId, communityId } = entry;
    const day = { memberId, communityId, day: dayOf(entry) };
    days.set(keyOfDay(day), day);
  }
  return [...days.values()];
};

/** These days as they are; those that have no row are empty. */
export const loadDays = async (
  db: EntityManager,
  days: readonly MemberDay[],
): Promise<Map<string, DayState>> => {
  const rows = await query<DayState & { lastAt: Date; lastActivityId: string }>(
    db,
    `SELECT known.* FROM unnest($1::uuid[], $2::date[]) AS asked (member_id, day) CROSS JOIN LATERAL (
       SELECT member_id AS "memberId", community_id AS "communityId", day::text AS day, earned, lowest, gained, started,
         last_at AS "lastAt", last_activity_id AS "lastActivityId"
       FROM member_day WHERE member_id = asked.member_id AND day = asked.day
       OFFSET 0 -- looks each day up by the index, whatever the planner thinks of the table's size
     ) AS known`,
    [days.map(({ memberId }) => memberId), days.map(({ day }) => day)],
  );
  const known = new Map(
    rows.map(({ lastAt, lastActivityId, ...row }) => [
      keyOfDay(row),
      { ...row, last: { at: lastAt, activityId: lastActivityId } },
    ]),
  );
  return new Map(
    days.map((day) => [
      keyOfDay(day),
      known.get(keyOfDay(day)) ?? { ...day, ...emptyDay, started: 0, last: null },
    ]),
  );
};

/** Writes days and moves the totals of their members by what changed. */
export const writeDays = async (
  db: EntityManager,
  before: ReadonlyMap<string, DayState>,
  after: readonly DayState[],
): Promise<void> => {
  const gains = new Map<MemberId, number>();
  for (const day of after) {
    const old = before.get(keyOfDay(day)) ?? { earned: 0, started: 0 };
    const gain = day.earned + day.started - old.earned - old.started;
    gains.set(day.memberId, (gains.get(day.memberId) ?? 0) + gain);
  }
  await db.query(
    `INSERT INTO member_day (member_id, day, community_id, earned, lowest, gained, started, last_at, last_activity_id)
     SELECT "memberId", day, "communityId", earned, lowest, gained, started, (last ->> 'at')::timestamptz,
       (last ->> 'activityId')::uuid
     FROM json_to_recordset($1::json) AS one ("memberId" uuid, day date, "communityId" uuid, earned int, lowest int,
       gained jsonb, started int, last json)
     ON CONFLICT (member_id, day) DO UPDATE SET earned = excluded.earned, lowest = excluded.lowest,
       gained = excluded.gained, started = excluded.started, last_at = excluded.last_at,
       last_activity_id = excluded.last_activity_id`,
    [JSON.stringify(after)],
  );
  await moveTotals(db, gains);
};

/** Adds to totals. The caller has locked the members. */
export const moveTotals = async (
  db: EntityManager,
  gains: ReadonlyMap<MemberId, number>,
): Promise<void> => {
  const moved = [...gains].filter(([, gain]) => gain !== 0);
  if (moved.length === 0) return;
  await db.query(
    `UPDATE member_standing SET total = total + gain
     FROM unnest($1::uuid[], $2::int[]) AS moved (id, gain) WHERE member_id = moved.id`,
    [moved.map(([memberId]) => memberId), moved.map(([, gain]) => gain)],
  );
};
