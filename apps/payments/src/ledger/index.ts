import { foldBalances } from './fold-hot-balances.job';

export const ledger = { jobs: [foldBalances] };
