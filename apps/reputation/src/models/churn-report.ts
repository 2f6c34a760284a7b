import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { Day } from '../rules';
import { query } from '../sql';
import { areaUnderCurve, churnFeatures, churnScore, fitChurn } from './churn';
import type { Report } from './report';

const horizonDays = 30;
const cuts = 6;
const maxExamples = 5_000;
const minOfEach = 20;
const shown = 50;

interface Snapshot {
  readonly memberId: MemberId;
  readonly features: readonly number[];
  readonly hasChurned: boolean;
}

/**
 * Who may not come back: a logistic regression on what was known at days of the past, with what came of it. The last
 * day whose 30 days are over is held out; its members' scores against what they did give the AUC.
 */
export const churnReport = async (
  db: EntityManager,
  { communityId, today }: { readonly communityId: CommunityId; readonly today: Day },
): Promise<Report> => {
  const at = (ago: number) => snapshot(db, { communityId, today, ago });
  const held = await at(horizonDays);
  const seen: Snapshot[] = [];
  for (let i = 2; i <= cuts + 1 && seen.length < maxExamples; i += 1)
    seen.push(...(await at(i * horizonDays)));
  const examples = seen.slice(0, maxExamples);
  const churned = examples.filter(({ hasChurned }) => hasChurned).length;
  const inputs = [
    { name: 'examples', value: examples.length },
    { name: 'of them churned', value: churned },
    { name: 'held out', value: held.length },
  ];
  if (Math.min(churned, examples.length - churned) < minOfEach)
    return {
      ...described,
      inputs,
      outputs: [],
      refusal: `It needs ${String(minOfEach)} members who stayed and as many who did not.`,
    };
  const model = fitChurn(examples);
  const score = ({ features }: Snapshot) => churnScore(model, features);
  const auc = (of: (snapshot: Snapshot) => number) =>
    areaUnderCurve(held.map((one) => ({ score: of(one), hasChurned: one.hasChurned })));
  const now = await at(0);
  const [intercept = 0, ...weights] = model.weights;
  return {
    ...described,
    inputs,
    outputs: [
      { name: 'AUC on the held out', value: auc(score) },
      {
        name: 'AUC of the baseline, days since the last active day',
        value: auc(({ features }) => features[0] ?? 0),
      },
      { name: 'intercept', value: intercept },
      ...churnFeatures.map((name, i) => ({ name: `weight of ${name}`, value: weights[i] ?? 0 })),
    ],
    members: now
      .map((one) => ({ memberId: one.memberId, score: score(one) }))
      .sort((a, b) => b.score - a.score || (a.memberId < b.memberId ? -1 : 1))
      .slice(0, shown),
  };
};

const described = {
  model: 'churn',
  formula: `score = 1 ÷ (1 + e^−(w₀ + Σ w·x)), of standardised features: ${churnFeatures.join('; ')}. Churned is who is not active in the next ${String(horizonDays)} days.`,
  caveat:
    'It knows activity only, not why. A score is a chance, not a verdict: do not decide about a person by it. An AUC near 0.5 means that it knows nothing here.',
} as const;

/** Members active in the 90 days up to a day, as they were then, and whether they stayed away in the 30 days after. */
const snapshot = async (
  db: EntityManager,
  { communityId, today, ago }: { communityId: CommunityId; today: Day; ago: number },
): Promise<Snapshot[]> => {
  const rows = await query<{ memberId: MemberId; days: number[]; hasChurned: boolean }>(
    db,
    `WITH cut AS (SELECT $2::date - $3::int AS day)
     SELECT active.member_id AS "memberId", NOT bool_or(active.day > cut.day) AS "hasChurned",
       ARRAY[cut.day - max(active.day) FILTER (WHERE active.day <= cut.day),
         count(*) FILTER (WHERE active.day <= cut.day AND active.day > cut.day - 30),
         count(*) FILTER (WHERE active.day <= cut.day - 30),
         cut.day - min(first_day)]::int[] AS days
     FROM cut JOIN engagement_active AS active ON active.community_id = $1
         AND active.day > cut.day - 90 AND active.day <= cut.day + ${String(horizonDays)}
       JOIN engagement_member AS member ON member.community_id = $1 AND member.member_id = active.member_id
     WHERE did <> 0 GROUP BY active.member_id, cut.day HAVING bool_or(active.day <= cut.day)
     ORDER BY md5(active.member_id::text) LIMIT ${String(maxExamples)}`,
    [communityId, today, ago],
  );
  return rows.map(({ memberId, days, hasChurned }) => ({
    memberId,
    hasChurned,
    features: days.map((n) => Math.log1p(n)),
  }));
};
