import { CommunityCreated } from '@lyceum/contracts';
import { consume, recordCommunities } from '@lyceum/platform';

export const recordCommunity = consume({
  name: 'content.record-community',
  destination: 'content',
  types: [CommunityCreated],
  handle: async (tx, events) => {
    const communities = events.map(({ payload: { communityId, slug, visibility } }) => ({
      id: communityId,
      slug,
      visibility: visibility ?? 'public',
    }));
    await recordCommunities(tx.db, communities);
  },
});
