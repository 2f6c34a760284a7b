import { ProductCostResolver } from './cost.resolver';
import { CostIsVoid, CostNotFound, InvalidCost } from './record-cost';

export const costs = {
  resolvers: [ProductCostResolver],
  types: [InvalidCost, CostNotFound, CostIsVoid],
};
