import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import type { RuleDraftId } from '../rule-sets/rule-draft.type';
import type { Day, RuleSetDefinition } from '../rules';
import { query } from '../sql';
import type { GiftInReach } from './gifts-in-reach';
import type { MonthOfPoints } from './run-simulation';
import type { BadgeChange } from './simulate-badges';

export type SimulationId = Id<'RuleSimulation'>;

/** What follows from points; not known of simulations before it was. */
export interface Consequences {
  readonly badges: readonly BadgeChange[];
  /** Members who would be on a higher level of trust when it is next looked at, and on a lower one. */
  readonly trustUp: number;
  readonly trustDown: number;
  /** What members could spend on gifts. */
  readonly spendableBefore: number;
  readonly spendableAfter: number;
  readonly gifts: readonly GiftInReach[];
}

export interface Summary extends Partial<Consequences> {
  readonly members: number;
  readonly gaining: number;
  readonly losing: number;
  readonly rankChanges: number;
  readonly levelsUp: number;
  readonly levelsDown: number;
  readonly pointsBefore: number;
  readonly pointsAfter: number;
  readonly months: readonly MonthOfPoints[];
}

export interface SimulationRow {
  readonly id: SimulationId;
  readonly communityId: CommunityId;
  readonly draftId: RuleDraftId;
  readonly draftRevision: number;
  readonly definition: RuleSetDefinition;
  readonly parameters: Record<string, number>;
  readonly since: Day | null;
  readonly status: 'queued' | 'running' | 'done' | 'failed';
  readonly progress: number;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  readonly summary: Summary | null;
}

export const simulationColumns = `id, community_id AS "communityId", draft_id AS "draftId",
  draft_revision AS "draftRevision", definition, parameters, since::text AS since, status, progress,
  requested_at AS "requestedAt", finished_at AS "finishedAt", summary`;

export const simulationById = async (
  db: EntityManager,
  id: SimulationId,
): Promise<SimulationRow | null> => {
  const [row] = await query<SimulationRow>(
    db,
    `SELECT ${simulationColumns} FROM rule_simulation WHERE id = $1`,
    [id],
  );
  return row ?? null;
};

/** The latest simulation that ran to the end with exactly this revision of a draft. */
export const finishedSimulation = async (
  db: EntityManager,
  draft: { readonly id: RuleDraftId; readonly revision: number },
): Promise<SimulationRow | null> => {
  const [row] = await query<SimulationRow>(
    db,
    `SELECT ${simulationColumns} FROM rule_simulation
     WHERE draft_id = $1 AND draft_revision = $2 AND status = 'done' ORDER BY id DESC LIMIT 1`,
    [draft.id, draft.revision],
  );
  return row ?? null;
};

export interface ChangeRow {
  readonly memberId: MemberId;
  readonly before: number;
  readonly after: number;
  readonly rankBefore: number | null;
  readonly rankAfter: number | null;
  readonly levelBefore: number;
  readonly levelAfter: number;
}

export interface ChangePage {
  readonly side: 'gaining' | 'losing';
  readonly after: { readonly gain: number; readonly memberId: string } | null;
  readonly limit: number;
}

/** Who gains most, or loses most, first. */
export const changesOf = (
  db: EntityManager,
  id: SimulationId,
  { side, after, limit }: ChangePage,
): Promise<ChangeRow[]> => {
  const [sign, order] = side === 'gaining' ? ['>', 'DESC'] : ['<', 'ASC'];
  const next = side === 'gaining' ? '<' : '>';
  return query(
    db,
    `SELECT member_id AS "memberId", before, after, rank_before AS "rankBefore", rank_after AS "rankAfter",
       level_before AS "levelBefore", level_after AS "levelAfter"
     FROM rule_simulation_member WHERE simulation_id = $1 AND gain ${sign} 0
       AND ($2::int IS NULL OR (gain, member_id) ${next} ($2, $3::uuid))
     ORDER BY gain ${order}, member_id ${order} LIMIT $4`,
    [id, after?.gain ?? null, after?.memberId ?? null, limit],
  );
};
