import { assembleExports } from './assemble-exports.job';
import { PrivacyResolver } from './privacy.resolver';
import { recordReceipts } from './record-receipts.consumer';

export const privacy = {
  resolvers: [PrivacyResolver],
  jobs: [assembleExports],
  consumers: [recordReceipts],
};
