import { recordAccounts } from './record-accounts.consumer';

export { accountOnRecord } from './account-on-record';
export const accounts = { consumers: [recordAccounts] } as const;
