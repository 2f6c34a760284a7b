import { MembershipChanged } from '@lyceum/contracts';
import { consume, recordMemberships } from '@lyceum/platform';

export const recordMembership = consume({
  name: 'content.record-membership',
  destination: 'content',
  types: [MembershipChanged],
  handle: async (tx, events) => {
    await recordMemberships(
      tx.db,
      events.map(({ payload }) => payload),
    );
  },
});
