import type { DataSource } from 'typeorm';
import { readTable, type Dump } from '../stackexchange/dump';
import { questionUpvoteAt } from '../stackexchange/era';
import { compareReputations, type ReputationFigures } from '../stackexchange/reputation-figures';
import type { SourceIds } from '../stackexchange/source-ids';
import type { UserRow } from '../stackexchange/tables';
import type { Check } from './check';

/** How well reputations can be recomputed at all differs by era; see `reputation-figures.ts` for why. */
const exactAtLeast = { 5: 0.92, 10: 0.96 } as const;
const pearsonAtLeast = 0.999;
const shownOffenders = 8;

interface Standing {
  readonly memberId: string;
  readonly points: number;
}

/** The points that the rules made of the activity, against the reputations that the dump states. */
export const verifyPoints = async (
  reputation: DataSource,
  { dump, ids }: { dump: Dump; ids: SourceIds },
): Promise<{ checks: Check[]; figures: ReputationFigures }> => {
  const users: UserRow[] = [];
  const points = new Map<number, number>();
  for await (const { rows } of readTable(dump.files, 'Users')) {
    const standings = await standingsOf(
      reputation,
      rows.map(({ id }) => ids.member(id)),
    );
    for (const user of rows) {
      const found = standings.get(ids.member(user.id));
      if (found === undefined) continue;
      users.push(user);
      points.set(user.id, found);
    }
  }
  const figures = compareReputations(users, points);
  return { figures, checks: checksOf(figures, exactAtLeast[questionUpvoteAt(dump.lastEventAt)]) };
};

/** The points of those whom an activity gave or took some, capped ones included. */
const standingsOf = async (
  source: DataSource,
  members: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const rows = await source.query<Standing[]>(
    `SELECT member_id AS "memberId", total AS points FROM member_standing
     WHERE member_id = ANY($1::uuid[]) AND EXISTS (
       SELECT FROM point_entry WHERE point_entry.member_id = member_standing.member_id AND kind = 'award')`,
    [members],
  );
  return new Map(rows.map(({ memberId, points }) => [memberId, points]));
};

const checksOf = (figures: ReputationFigures, gate: number): Check[] => {
  const offenders = figures.offenders
    .slice(0, shownOffenders)
    .map(
      ({ userId, displayName, stated, computed }) =>
        `user ${userId} (${displayName}): the dump says ${stated}, the database ${computed}`,
    );
  const exactly = (share: number, of: number) => Math.round(share * of);
  const common = { rows: figures.users, equal: exactly(figures.exact, figures.users), offenders };
  return [
    { ...common, name: 'reputation, Pearson', gate: pearsonAtLeast, figure: figures.pearson },
    { ...common, name: 'reputation, exact', gate: 0, figure: figures.exact },
    {
      name: 'reputation, exact without downvotes cast',
      rows: figures.usersWithoutDownvotes,
      equal: exactly(figures.exactWithoutDownvotes, figures.usersWithoutDownvotes),
      gate,
      figure: figures.exactWithoutDownvotes,
      offenders,
    },
  ];
};
