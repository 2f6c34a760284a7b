import { setImmediate as breathe } from 'node:timers/promises';
import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { thingsOfCommunity, type ThingPosition } from '../activity/activity-log';
import {
  dayOf,
  entriesOfMember,
  entriesOfThing,
  levelOf,
  ruleSetOn,
  type Activity,
  type Day,
  type PointEntry,
  type RuleBook,
} from '../rules';
import { query } from '../sql';

export interface Simulated {
  readonly memberId: MemberId;
  readonly before: number;
  readonly after: number;
  readonly levelBefore: number;
  readonly levelAfter: number;
  /** The most that the rules as they would be give on a UTC day. */
  readonly bestDay: number;
}

export interface MonthOfPoints {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly before: number;
  readonly after: number;
}

export interface Simulation {
  readonly communityId: CommunityId;
  /** The rules as they are, and as they would be. */
  readonly before: RuleBook;
  readonly after: RuleBook;
  readonly today: Day;
  /** Gets the members of a part of the community, with what both rules give them. */
  readonly report: (members: readonly Simulated[]) => Promise<void>;
  /** Hears how much is done, from 0 to 1. */
  readonly progress: (share: number) => Promise<void>;
}

/** Members at a time: what they earned is held in memory, so a large log is read several times over. */
const activitiesAtATime = 250_000;
const pageSize = 1_000;
const membersAtATime = 50;

/**
 * Judges the whole log of a community by two rule books at once. It only reads, takes no lock, and lets other
 * work of the process run after every few milliseconds: live points never wait for it.
 */
export const runSimulation = async (
  db: EntityManager,
  simulation: Simulation,
): Promise<MonthOfPoints[]> => {
  const [log] = await query<{ size: number }>(
    db,
    'SELECT count(*)::int AS size FROM activity_log WHERE community_id = $1',
    [simulation.communityId],
  );
  const parts = Math.max(1, Math.ceil((log?.size ?? 0) / activitiesAtATime));
  const months = new Map<string, MonthOfPoints>();
  for (let part = 0; part < parts; part += 1) {
    const told = await readPart(db, simulation, { part, parts, size: log?.size ?? 0 });
    await judge(simulation, told, months);
  }
  return [...months.values()].sort((a, b) => (a.month < b.month ? -1 : 1));
};

interface Told {
  readonly before: PointEntry[];
  readonly after: PointEntry[];
}

interface Part {
  readonly part: number;
  readonly parts: number;
  readonly size: number;
}

/** What both rules give to the members of one part, before limits. */
const readPart = async (
  db: EntityManager,
  { communityId, before, after, progress }: Simulation,
  { part, parts, size }: Part,
): Promise<Map<MemberId, Told>> => {
  const told = new Map<MemberId, Told>();
  const add = (side: keyof Told, entries: readonly PointEntry[]) => {
    for (const entry of entries) {
      if (parts > 1 && partOf(entry.memberId, parts) !== part) continue;
      const known = told.get(entry.memberId) ?? { before: [], after: [] };
      known[side].push(entry);
      told.set(entry.memberId, known);
    }
  };
  let position: ThingPosition | null = null;
  let read = 0;
  let open: Activity[] = []; // versions of the last thing of a page go on in the next
  for (;;) {
    const page: Activity[] = await thingsOfCommunity(db, communityId, {
      after: position,
      limit: pageSize,
    });
    for (const activity of page) {
      if (open[0] && open[0].key !== activity.key) {
        add('before', entriesOfThing(before, open));
        add('after', entriesOfThing(after, open));
        open = [];
      }
      open.push(activity);
    }
    read += page.length;
    const last = page.at(-1);
    await progress(Math.min(0.99, (part + read / Math.max(1, size)) / parts));
    await breathe();
    if (last === undefined || page.length < pageSize) break;
    position = { key: last.key, version: last.version };
  }
  add('before', entriesOfThing(before, open));
  add('after', entriesOfThing(after, open));
  return told;
};

const partOf = (memberId: MemberId, parts: number): number =>
  Number.parseInt(memberId.slice(-8), 16) % parts;

const judge = async (
  { communityId, before, after, today, report }: Simulation,
  told: ReadonlyMap<MemberId, Told>,
  months: Map<string, MonthOfPoints>,
): Promise<void> => {
  let members: Simulated[] = [];
  const flush = async () => {
    if (members.length > 0) await report(members);
    members = [];
    await breathe();
  };
  for (const [memberId, awarded] of told) {
    const days = new Map<Day, number>();
    const sumOf = (side: keyof Told, book: RuleBook): number => {
      let sum = 0;
      for (const entry of entriesOfMember(book, { communityId, memberId }, awarded[side])) {
        sum += entry.points;
        addToMonth(months, { side, at: entry.occurredAt, points: entry.points });
        if (side === 'after' && (entry.kind === 'award' || entry.kind === 'reversal'))
          days.set(dayOf(entry), (days.get(dayOf(entry)) ?? 0) + entry.points);
      }
      return sum;
    };
    const totals = { before: sumOf('before', before), after: sumOf('after', after) };
    members.push({
      memberId,
      ...totals,
      levelBefore: levelOf(ruleSetOn(before, today).levels, totals.before).number,
      levelAfter: levelOf(ruleSetOn(after, today).levels, totals.after).number,
      bestDay: Math.max(0, ...days.values()),
    });
    if (members.length >= membersAtATime) await flush();
  }
  await flush();
};

const addToMonth = (
  months: Map<string, MonthOfPoints>,
  { side, at, points }: { side: keyof Told; at: Date; points: number },
): void => {
  const month = at.toISOString().slice(0, 7);
  const known = months.get(month) ?? { month, before: 0, after: 0 };
  months.set(month, { ...known, [side]: known[side] + points });
};
