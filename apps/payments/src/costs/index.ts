import { ProductCostResolver } from './cost.resolver';
import { CostIsVoid, CostNotFound, InvalidCost } from './record-cost';
import { recordOrderRevenue } from './record-revenue.consumer';

export const costs = {
  resolvers: [ProductCostResolver],
  types: [InvalidCost, CostNotFound, CostIsVoid],
  consumers: [recordOrderRevenue],
};
