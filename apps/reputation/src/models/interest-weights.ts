import { isId, type CommunityId } from '@lyceum/contracts';
import { requireUser, useCase, type Ctx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { MetricInputInvalid, NotAnalyst } from '../downloads/download.types';
import { isAnalyst } from '../metrics/analysts';
import { query } from '../sql';
import { behaviours, defaultWeights, type Weights } from './interest';
import {
  InterestWeights,
  InterestWeightsChanged,
  type SetInterestWeightsInput,
  type SetInterestWeightsResult,
} from './model.types';

export interface WeightsInForce {
  readonly version: number;
  readonly weights: Weights;
  readonly setAt: Date | null;
}

export const weightsOf = async (
  db: EntityManager,
  communityId: CommunityId,
): Promise<WeightsInForce> => {
  const [latest] = await query<WeightsInForce>(
    db,
    `SELECT version, weights, set_at AS "setAt" FROM interest_weights WHERE community_id = $1 ORDER BY version DESC LIMIT 1`,
    [communityId],
  );
  return latest
    ? { ...latest, weights: { ...defaultWeights, ...latest.weights } }
    : { version: 0, weights: defaultWeights, setAt: null };
};

export const toInterestWeights = ({ version, weights, setAt }: WeightsInForce): InterestWeights =>
  Object.assign(new InterestWeights(), {
    version,
    setAt,
    weights: behaviours.map((behaviour) => ({ behaviour, weight: weights[behaviour] })),
  });

/** A new version of the weights; the old ones stay on record. */
export const setInterestWeights = async (
  ctx: Ctx,
  input: SetInterestWeightsInput,
): Promise<typeof SetInterestWeightsResult> => {
  if (!isId(input.communityId)) return new NotAnalyst();
  if (!(await isAnalyst(ctx, input.communityId as CommunityId))) return new NotAnalyst(); // has the form of one
  const wrong = input.weights.find(({ weight }) => !(weight >= 0 && weight <= 1_000));
  if (wrong !== undefined)
    return new MetricInputInvalid('weights', 'A weight is between 0 and 1000.');
  return set(ctx, input);
};

const set = useCase(
  async (tx, input: SetInterestWeightsInput): Promise<InterestWeights | InterestWeightsChanged> => {
    const communityId = input.communityId as CommunityId; // checked above
    await tx.db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `interest of ${communityId}`,
    ]);
    const before = await weightsOf(tx.db, communityId);
    if (before.version !== input.version) return new InterestWeightsChanged(before.version);
    const weights = {
      ...before.weights,
      ...Object.fromEntries(input.weights.map(({ behaviour, weight }) => [behaviour, weight])),
    };
    await tx.db.query(
      'INSERT INTO interest_weights (community_id, version, weights, set_by, set_at) VALUES ($1, $2, $3, $4, $5)',
      [communityId, before.version + 1, JSON.stringify(weights), requireUser(tx).accountId, tx.now],
    );
    return toInterestWeights({ version: before.version + 1, weights, setAt: tx.now });
  },
);
