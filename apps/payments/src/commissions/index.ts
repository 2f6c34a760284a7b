import { acceptCommissions } from './accept-due.job';
import { CommissionResolver } from './commission.resolver';
import { CommissionNotFound, InvalidCommission } from './commission.type';

export const commissions = {
  resolvers: [CommissionResolver],
  types: [CommissionNotFound, InvalidCommission],
  jobs: [acceptCommissions],
};
