import { CommunityChanged, CommunityCreated } from '@lyceum/contracts';
import { consume, recordCommunities } from '@lyceum/platform';

/** Knows the communities, and which of them are private now. */
export const recordCommunity = consume({
  name: 'content.record-community',
  destination: 'content',
  types: [CommunityCreated, CommunityChanged],
  handle: (tx, events) =>
    recordCommunities(
      tx.db,
      events.map(({ payload }) => ({
        id: payload.communityId,
        slug: payload.slug,
        visibility: payload.visibility ?? 'public',
        version: 'version' in payload ? payload.version : 0,
      })),
    ),
});
