import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { Report } from '../models/report';
import { satisfaction, satisfactionAsWritten } from '../models/satisfaction';
import { query } from '../sql';

/** What one member gave, one value for each thing it rated. */
export interface RatingsOf {
  readonly memberId: MemberId;
  readonly values: readonly number[];
}

const mostMembers = 100;

/** How content members are with what they rated: of each one and of all, in both variants (A16). */
export const satisfactionReport = (rated: readonly RatingsOf[], things: number): Report => {
  const count = rated.reduce((sum, { values }) => sum + values.length, 0);
  const known = {
    model: 'satisfaction',
    formula:
      'Sat_i = Σ_j r_ij ÷ (things that i rated); as written in its source, Σ_j r_ij ÷ n over all n things; of all members their mean',
    inputs: [
      { name: 'members who rated', value: rated.length },
      { name: 'things rated by anybody (n)', value: things },
      { name: 'ratings', value: count },
    ],
    caveat:
      'Of those who rated, and they are mostly those who liked it or did not at all. The variant as written takes what a member has not rated for zero, so it falls with everything that is new: for comparison only. The interval is of the mean over members, by the normal distribution; below ten members it says little.',
  };
  const scores = rated.flatMap(({ memberId, values }) => {
    const score = satisfaction(values);
    return score === null ? [] : [{ memberId, score }];
  });
  if (scores.length === 0)
    return { ...known, outputs: [], refusal: 'Nobody has rated anything yet.' };
  const written = rated.map(
    ({ values }) =>
      satisfactionAsWritten([
        ...values,
        ...new Array<null>(Math.max(0, things - values.length)).fill(null),
      ]) ?? 0,
  );
  return {
    ...known,
    outputs: [
      { name: 'satisfaction', ...meanOf(scores.map(({ score }) => score)) },
      { name: 'satisfaction as written', ...meanOf(written) },
    ],
    members: scores
      .toSorted((a, b) => a.score - b.score || (a.memberId < b.memberId ? -1 : 1))
      .slice(0, mostMembers),
  };
};

/** With the ends of its 95 % interval; of one value alone, which has none, the whole scale. */
const meanOf = (values: readonly number[]): { value: number; low: number; high: number } => {
  const n = values.length;
  const value = values.reduce((sum, one) => sum + one, 0) / n;
  if (n < 2) return { value, low: 0, high: 5 };
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (n - 1);
  const half = 1.96 * Math.sqrt(variance / n);
  return { value, low: Math.max(0, value - half), high: Math.min(5, value + half) };
};

export const ratingsOfCommunity = async (
  db: EntityManager,
  communityId: CommunityId,
): Promise<{ rated: RatingsOf[]; things: number }> => {
  const rated = await query<RatingsOf>(
    db,
    `SELECT rater_id AS "memberId", array_agg(value::int) AS values FROM rating
     WHERE community_id = $1 AND value > 0 GROUP BY rater_id ORDER BY rater_id`,
    [communityId],
  );
  const [row] = await query<{ things: number }>(
    db,
    'SELECT count(DISTINCT subject_id)::int AS things FROM rating WHERE community_id = $1 AND value > 0',
    [communityId],
  );
  return { rated, things: row?.things ?? 0 };
};
