import { MembershipChanged } from '@lyceum/contracts';
import { consume, recordMemberships } from '@lyceum/platform';

/** Knows who may manage a catalogue, and who may see a private one. */
export const recordMembership = consume({
  name: 'payments.record-membership',
  destination: 'payments',
  types: [MembershipChanged],
  handle: (tx, events) =>
    recordMemberships(
      tx.db,
      events.map(({ payload }) => payload),
    ),
});
