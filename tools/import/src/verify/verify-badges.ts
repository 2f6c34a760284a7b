import { standardBadges } from '@lyceum/reputation/app';
import type { DataSource } from 'typeorm';
import { readTable, type Dump } from '../stackexchange/dump';
import type { SourceIds } from '../stackexchange/source-ids';
import type { Check } from './check';

/** A badge that was given less often says too little about a rule to be a gate. */
const gatedFrom = 50;
const precisionAtLeast = 0.99;
const recallAtLeast = 0.85;
const shownOffenders = 5;

/** The badges that the rules gave, against those that the dump states: how many of ours are right, how many of its are found. */
export const verifyBadges = async (
  reputation: DataSource,
  { dump, ids }: { dump: Dump; ids: SourceIds },
): Promise<Check[]> => {
  const stated = await statedBadges(dump, ids);
  if (stated.size === 0) return []; // a dump may lack its badges
  const found = await foundBadges(reputation, ids);
  return standardBadges.flatMap(({ title, name }) =>
    checksOf(title, {
      stated: stated.get(title) ?? new Map(),
      found: found.get(name) ?? new Map(),
    }),
  );
};

/** How often each member has a badge, by the badge. */
type Counts = Map<string, Map<string, number>>;

const count = (counts: Counts, badge: string, { member, n }: { member: string; n: number }) => {
  const members = counts.get(badge) ?? new Map<string, number>();
  counts.set(badge, members.set(member, (members.get(member) ?? 0) + n));
};

const statedBadges = async (dump: Dump, ids: SourceIds): Promise<Counts> => {
  const stated: Counts = new Map();
  for await (const { rows } of readTable(dump.files, 'Badges'))
    for (const { name, userId } of rows)
      if (dump.people.has(userId)) count(stated, name, { member: ids.member(userId), n: 1 });
  return stated;
};

const foundBadges = async (reputation: DataSource, ids: SourceIds): Promise<Counts> => {
  const rows = await reputation.query<{ badge: string; member: string; n: number }[]>(
    `SELECT badge, member_id AS member, count(*)::int AS n FROM badge_award
     WHERE community_id = $1 GROUP BY badge, member_id`,
    [ids.community],
  );
  const single = new Set(standardBadges.filter(({ once }) => once).map(({ name }) => name));
  const found: Counts = new Map();
  for (const { badge, member, n } of rows)
    count(found, badge, { member, n: single.has(badge) ? 1 : n });
  return found;
};

const checksOf = (
  title: string,
  { stated, found }: Record<'stated' | 'found', ReadonlyMap<string, number>>,
): Check[] => {
  const total = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((sum, n) => sum + n, 0);
  const [statedRows, foundRows] = [total(stated), total(found)];
  const equal = [...found].reduce((sum, [who, n]) => sum + Math.min(n, stated.get(who) ?? 0), 0);
  const isGated = statedRows >= gatedFrom;
  const differ = (more: ReadonlyMap<string, number>, less: ReadonlyMap<string, number>) =>
    [...more]
      .filter(([who, n]) => n > (less.get(who) ?? 0))
      .slice(0, shownOffenders)
      .map(([who]) => `member ${who}`);
  return [
    {
      ...{ name: `badge ${title}, precision`, rows: foundRows, equal },
      gate: isGated ? precisionAtLeast : 0,
      figure: foundRows === 0 ? 1 : equal / foundRows,
      offenders: differ(found, stated).map((who) => `${who} has it here, and not in the dump`),
    },
    {
      ...{ name: `badge ${title}, recall`, rows: statedRows, equal },
      gate: isGated ? recallAtLeast : 0,
      figure: statedRows === 0 ? 1 : equal / statedRows,
      offenders: differ(stated, found).map((who) => `${who} has it in the dump, and not here`),
    },
  ];
};
