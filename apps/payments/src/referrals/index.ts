import { recordReferrals } from './record-referrals.consumer';

export const referrals = { consumers: [recordReferrals] } as const;
