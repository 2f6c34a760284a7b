import { ExposureResolver, RecommendedPlaceResolver } from './exposure.resolver';
import { recordWeights } from './record-weights.consumer';

export const exposure = {
  resolvers: [ExposureResolver, RecommendedPlaceResolver],
  consumers: [recordWeights],
} as const;
