import { CommunityCreated, type CommunityId } from '@lyceum/contracts';
import { consume, type Tx } from '@lyceum/platform';
import { rebuildBadges } from '../badges/rebuild-badges';
import { rebuildPoints } from '../points/rebuild-points';
import { presetNamed, activate } from '../rules';
import { rebuildEngagement } from '../engagement/rebuild-engagement';
import { knownTimeZone } from '../communities/time-zone';
import { query } from '../sql';
import { holdRulesAlone } from './rule-books';

interface Start {
  readonly communityId: CommunityId;
  readonly timeZone: string;
  readonly visibility?: 'public' | 'private' | undefined;
  readonly rules: {
    readonly preset: string;
    readonly parameters: Readonly<Record<string, number>>;
  };
}

/**
 * A new community starts with the rules it was founded with. Its first activity may have been heard of
 * before it: that was only logged, and is judged now.
 */
export const startRules = consume({
  name: 'reputation.start-rules',
  destination: 'reputation-incentives',
  types: [CommunityCreated],
  handle: async (tx, events) => {
    await holdRulesAlone(
      tx.db,
      events.map(({ payload }) => payload.communityId),
    );
    for (const { payload } of events) await start(tx, payload);
  },
});

const start = async (
  tx: Tx,
  { communityId, timeZone, rules, visibility = 'public' }: Start,
): Promise<void> => {
  const definition = presetNamed(rules.preset);
  if (definition === undefined) throw new Error(`there is no rule preset ${rules.preset}`);
  activate(definition, { version: 1, parameters: rules.parameters }); // refuses unknown parameters before they are stored

  await tx.db.query(
    `INSERT INTO community (id, time_zone, visibility) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [communityId, await knownTimeZone(tx, timeZone), visibility],
  );
  const started = await query(
    tx.db,
    `INSERT INTO rule_set (community_id, version, definition, parameters) VALUES ($1, 1, $2, $3)
     ON CONFLICT DO NOTHING RETURNING version`,
    [communityId, JSON.stringify(definition), JSON.stringify(rules.parameters)],
  );
  if (started.length === 0) return;
  await rebuildPoints(tx.db, communityId);
  await rebuildBadges(tx.db, communityId);
  await rebuildEngagement(tx.db, communityId); // its days are known only now
};
