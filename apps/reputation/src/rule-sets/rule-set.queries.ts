import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { aMember } from '../members/member.type';
import { query } from '../sql';
import { RuleSetVersion, type DraftRow, type RuleDraftId } from './rule-draft.type';

const draftColumns = `id, community_id AS "communityId", definition, parameters, revision,
  edited_at AS "editedAt", edited_by AS "editedBy"`;

/** A draft that nobody has activated yet. */
export const draftById = async (
  db: EntityManager,
  id: RuleDraftId,
  options: { lock: '' | 'FOR UPDATE' } = { lock: '' },
): Promise<DraftRow | null> => {
  const [row] = await query<DraftRow>(
    db,
    `SELECT ${draftColumns} FROM rule_draft WHERE id = $1 AND activated_version IS NULL ${options.lock}`,
    [id],
  );
  return row ?? null;
};

export const draftsOf = ({ db }: Ctx, communityId: CommunityId): Promise<DraftRow[]> =>
  query(
    db,
    `SELECT ${draftColumns} FROM rule_draft WHERE community_id = $1 AND activated_version IS NULL
     ORDER BY id DESC LIMIT 100`,
    [communityId],
  );

type VersionRow = Omit<RuleSetVersion, 'name' | 'activatedBy'> & { activatedBy: MemberId | null };

/** All versions of a community's rules, latest first. */
export const versionsOf = async (
  db: EntityManager,
  communityId: CommunityId,
  version?: number,
): Promise<RuleSetVersion[]> => {
  const rows = await query<VersionRow>(
    db,
    `SELECT version, active_from::text AS "activeFrom", is_in_force AS "isInForce", definition, parameters, reason,
       restores, activated_by AS "activatedBy", activated_at AS "activatedAt", (
         SELECT simulation.id FROM rule_draft AS draft JOIN rule_simulation AS simulation
           ON draft_id = draft.id AND draft_revision = draft.revision AND status = 'done'
         WHERE draft.community_id = rule_set.community_id AND activated_version = rule_set.version
         ORDER BY simulation.id DESC LIMIT 1
       ) AS "simulationId"
     FROM rule_set WHERE community_id = $1 AND ($2::int IS NULL OR version = $2) ORDER BY version DESC LIMIT 200`,
    [communityId, version ?? null],
  );
  return rows.map((row) =>
    Object.assign(new RuleSetVersion(), row, {
      name: row.definition.name,
      activatedBy: row.activatedBy && aMember(row.activatedBy),
    }),
  );
};
