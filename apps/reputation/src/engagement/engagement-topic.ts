import type { CommunityId } from '@lyceum/contracts';

/** The signal that a community's metrics have changed. */
export const engagementTopic = (communityId: CommunityId): string => `engagement-${communityId}`;
