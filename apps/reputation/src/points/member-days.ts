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
  /** Whether any day of the member ever went below what it began with: the floor has a say then. */
  readonly wasLow: boolean;
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
  const rows = await query<DayRow>(
    db,
    `SELECT asked.member_id AS "memberId", asked.day::text AS day, earned, lowest, gained, started,
       last_at AS "lastAt", last_activity_id AS "lastActivityId",
       EXISTS (SELECT FROM member_day AS low WHERE low.member_id = asked.member_id
         AND (low.lowest < 0 OR low.floored <> 0)) AS "wasLow"
     FROM unnest($1::uuid[], $2::date[]) AS asked (member_id, day) LEFT JOIN LATERAL (
       SELECT earned, lowest, gained, started, last_at, last_activity_id
       FROM member_day WHERE member_id = asked.member_id AND day = asked.day
       OFFSET 0 -- looks each day up by the index, whatever the planner thinks of the table's size
     ) AS known ON true`,
    [days.map(({ memberId }) => memberId), days.map(({ day }) => day)],
  );
  const known = new Map(rows.map((row) => [keyOfDay(row), row]));
  return new Map(
    days.map((day) => {
      const row = known.get(keyOfDay(day));
      return [keyOfDay(day), row ? { ...day, ...stateOf(row) } : { ...day, ...newDay }];
    }),
  );
};

type DayRow = Pick<MemberDay, 'memberId' | 'day'> & {
  readonly wasLow: boolean;
  readonly lastActivityId: string | null;
} & (Omit<DayState, keyof MemberDay | 'last' | 'wasLow'> & { readonly lastAt: Date | null });

const newDay = { ...emptyDay, started: 0, last: null, wasLow: false };

const stateOf = (row: DayRow): Omit<DayState, keyof MemberDay> => {
  const { lastAt, lastActivityId, wasLow } = row;
  if (lastAt === null || lastActivityId === null) return { ...newDay, wasLow };
  const { earned, lowest, gained, started } = row;
  return {
    earned,
    lowest,
    gained,
    started,
    wasLow,
    last: { at: lastAt, activityId: lastActivityId },
  };
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
  const moved = [...gains].filter(([, gain]) => gain !== 0);
  await db.query(
    `WITH written AS (
       INSERT INTO member_day (member_id, day, community_id, earned, lowest, gained, started, last_at, last_activity_id)
       SELECT "memberId", day, "communityId", earned, lowest, gained, started, (last ->> 'at')::timestamptz,
         (last ->> 'activityId')::uuid
       FROM json_to_recordset($1::json) AS one ("memberId" uuid, day date, "communityId" uuid, earned int, lowest int,
         gained jsonb, started int, last json)
       ON CONFLICT (member_id, day) DO UPDATE SET earned = excluded.earned, lowest = excluded.lowest,
         gained = excluded.gained, started = excluded.started, last_at = excluded.last_at,
         last_activity_id = excluded.last_activity_id
     )
     ${addToTotals('$2', '$3')}`,
    [JSON.stringify(after), moved.map(([memberId]) => memberId), moved.map(([, gain]) => gain)],
  );
};

/** Adds the second list, of points, to the totals of the first, of members. The caller has locked them. */
export const addToTotals = (members: string, gains: string): string =>
  `UPDATE member_standing SET total = total + gain
   FROM unnest(${members}::uuid[], ${gains}::int[]) AS moved (id, gain) WHERE member_id = moved.id`;
