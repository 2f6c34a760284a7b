import { CommunityCreated } from '@lyceum/contracts';
import { consume, recordCommunities } from '@lyceum/platform';

/** Knows the communities, and which of them are private. */
export const recordCommunity = consume({
  name: 'payments.record-community',
  destination: 'payments',
  types: [CommunityCreated],
  handle: (tx, events) =>
    recordCommunities(
      tx.db,
      events.map(({ payload: { communityId, slug, visibility = 'public' } }) => ({
        id: communityId,
        slug,
        visibility,
      })),
    ),
});
