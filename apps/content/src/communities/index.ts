import { recordArchive, recordCharterAcceptances, recordCharters } from './record-charter.consumer';
import { recordCommunity } from './record-community.consumer';
import { recordMembership } from './record-membership.consumer';

export const communities = {
  consumers: [
    recordCommunity,
    recordMembership,
    recordCharters,
    recordCharterAcceptances,
    recordArchive,
  ],
};
