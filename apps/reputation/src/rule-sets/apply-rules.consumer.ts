import { RulesActivated } from '@lyceum/contracts';
import { consume } from '@lyceum/platform';
import { rebuildBadges } from '../badges/rebuild-badges';
import { rebuildPoints } from '../points/rebuild-points';
import { query } from '../sql';
import { holdRulesAlone } from './rule-books';

/**
 * Rules for days that have passed: they come into force together with the points that they make of those
 * days, so no reader sees one without the other. The community's new activity waits meanwhile.
 */
export const applyRules = consume({
  name: 'reputation.apply-rules',
  destination: 'reputation-incentives',
  types: [RulesActivated],
  handle: async (tx, events) => {
    const communities = [...new Set(events.map(({ payload }) => payload.communityId))];
    await holdRulesAlone(tx.db, communities);
    for (const communityId of communities) {
      const applied = await query(
        tx.db,
        'UPDATE rule_set SET is_in_force = true WHERE community_id = $1 AND NOT is_in_force RETURNING version',
        [communityId],
      );
      if (applied.length > 0) await rebuildPoints(tx.db, communityId);
      await rebuildBadges(tx.db, communityId); // the rules may have other badges
    }
  },
});
