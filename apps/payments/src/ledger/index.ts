import { foldBalances } from './fold-hot-balances.job';
import { sealLedger } from './seal-transfers.job';

export const ledger = { jobs: [foldBalances, sealLedger] };
