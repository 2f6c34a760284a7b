import type { MemberId } from '@lyceum/contracts';
import { defineJob, type Ctx, type Deps } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { ruleBooks } from '../rule-sets/rule-books';
import { activate, badgesOf, utcDay, type BadgeDefinition, type RuleBook } from '../rules';
import { query } from '../sql';
import { giftsInReach } from './gifts-in-reach';
import { runSimulation, type Simulated } from './run-simulation';
import { simulateBadges } from './simulate-badges';
import { simulateTrust } from './simulate-trust';
import {
  simulationColumns,
  type SimulationId,
  type SimulationRow,
  type Consequences,
  type Summary,
} from './simulation.queries';

export const simulationTopic = (id: SimulationId): string => `rule-simulation:${id}`;

/** Who ran a simulation and has not been heard of for so long has died: another takes it over. */
const deadAfterSeconds = 60;
const keptDays = 90;

/** Runs what waits, one after the other. Asked for at once by who orders one, and by a clock for what was lost. */
export const simulateRules = defineJob({
  name: 'reputation.simulate-rules',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 3_600_000,
  concurrency: 1,
  everyMs: 30_000,
  hasOwnQueue: true,
  run: async ({ ctx, deps, signal }) => {
    await forgetOld(ctx);
    while (!signal.aborted && (await simulateNext(ctx, deps)));
  },
});

/** False when none waits. */
export const simulateNext = async (ctx: Ctx, deps: Deps): Promise<boolean> => {
  const claimed = await claimNext(ctx.db, deps.now());
  if (claimed === null) return false;
  try {
    await simulate(ctx, deps, claimed);
  } catch (error) {
    ctx.log.error({ err: error, simulationId: claimed.id }, 'simulation.failed');
    await ctx.db.query(
      `UPDATE rule_simulation SET status = 'failed', finished_at = $2 WHERE id = $1`,
      [claimed.id, deps.now()],
    );
  }
  deps.signals.publish(simulationTopic(claimed.id));
  return true;
};

const claimNext = async (db: EntityManager, now: Date): Promise<SimulationRow | null> => {
  const [row] = await query<SimulationRow>(
    db,
    `UPDATE rule_simulation SET status = 'running', progress = 0, alive_at = $1 WHERE id = (
       SELECT id FROM rule_simulation
       WHERE status = 'queued' OR status = 'running' AND alive_at < $1::timestamptz - make_interval(secs => $2)
       ORDER BY requested_at LIMIT 1 FOR UPDATE SKIP LOCKED
     ) RETURNING ${simulationColumns}`,
    [now, deadAfterSeconds],
  );
  return row ?? null;
};

/** Reads one state of the log throughout. The row itself is written beside: its progress is seen meanwhile. */
const simulate = async (ctx: Ctx, deps: Deps, row: SimulationRow): Promise<void> => {
  const before = (await ruleBooks(ctx.db, [row.communityId])).get(row.communityId);
  if (before === undefined) throw new Error('a draft belongs to a community with rules');
  const summary = await deps.dataSource.transaction('REPEATABLE READ', async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query('DELETE FROM rule_simulation_member WHERE simulation_id = $1', [row.id]);
    const { communityId } = row;
    const after = bookAfter(before, row);
    const definitions = badgesOf(after);
    const bestDays = new Map<MemberId, number>();
    const months = await runSimulation(tx, {
      ...{ communityId, before, after },
      today: utcDay(deps.now()),
      report: async (members) => {
        for (const { memberId, bestDay } of members)
          if (bestDay >= leastDay(definitions)) bestDays.set(memberId, bestDay);
        await writeMembers(tx, row.id, members);
      },
      progress: (share) => tellProgress(ctx, deps, { id: row.id, share }),
    });
    const alive = () => tellProgress(ctx, deps, { id: row.id, share: nearlyDone });
    await writeRanks(tx, row);
    return {
      ...{ ...(await summarise(tx, row.id)), months },
      badges: await simulateBadges(tx, { communityId, definitions, bestDays, alive }),
      ...(await simulateTrust(tx, { communityId, before, after, now: deps.now() })),
      ...(await giftsInReach(tx, row)),
    };
  });
  await ctx.db.query(
    `UPDATE rule_simulation SET status = 'done', progress = 1, finished_at = $2, summary = $3 WHERE id = $1`,
    [row.id, deps.now(), JSON.stringify(summary)],
  );
};

const nearlyDone = 0.99;

/** What a day must bring for any badge. */
const leastDay = (definitions: readonly BadgeDefinition[]): number =>
  Math.min(
    ...definitions.map(({ rule }) => (rule.type === 'day-points' ? rule.atLeast : Infinity)),
  );

/** The rules as they would be: the draft since ever, or what there is until a day and the draft from then on. */
const bookAfter = (
  before: RuleBook,
  { definition, parameters, since }: SimulationRow,
): RuleBook => {
  const version = (before.at(-1)?.version ?? 0) + 1;
  const draft = activate(definition, { version, activeFrom: since, parameters });
  return since === null ? [draft] : [...before, draft];
};

const tellProgress = async (
  ctx: Ctx,
  deps: Deps,
  { id, share }: { id: SimulationId; share: number },
): Promise<void> => {
  await ctx.db.query(
    `UPDATE rule_simulation SET progress = $2, alive_at = $3 WHERE id = $1 AND status = 'running'`,
    [id, share, deps.now()],
  );
  deps.signals.publish(simulationTopic(id));
};

const writeMembers = async (
  db: EntityManager,
  id: SimulationId,
  members: readonly Simulated[],
): Promise<void> => {
  await db.query(
    `INSERT INTO rule_simulation_member (simulation_id, member_id, before, after, level_before, level_after)
     SELECT $1, "memberId", before, after, "levelBefore", "levelAfter"
     FROM json_to_recordset($2::json) AS one ("memberId" uuid, before int, after int, "levelBefore" int, "levelAfter" int)`,
    [id, JSON.stringify(members)],
  );
};

/** Ranks as on the board of all time, before and after. */
const writeRanks = async (db: EntityManager, { id }: SimulationRow): Promise<void> => {
  await db.query(
    `UPDATE rule_simulation_member AS one SET rank_before = ranks.before, rank_after = ranks.after
     FROM (
       SELECT member_id, dense_rank() OVER (ORDER BY simulated.before DESC) AS before,
         dense_rank() OVER (ORDER BY simulated.after DESC) AS after
       FROM rule_simulation_member AS simulated JOIN member_standing USING (member_id)
       WHERE simulation_id = $1 AND status = 'active'
     ) AS ranks WHERE one.simulation_id = $1 AND one.member_id = ranks.member_id`,
    [id],
  );
};

const summarise = async (db: EntityManager, id: SimulationId): Promise<Counted> => {
  const [counted] = await query<Counted>(
    db,
    `SELECT count(*)::int AS members, count(*) FILTER (WHERE gain > 0)::int AS gaining,
       count(*) FILTER (WHERE gain < 0)::int AS losing,
       count(*) FILTER (WHERE rank_before <> rank_after)::int AS "rankChanges",
       count(*) FILTER (WHERE level_after > level_before)::int AS "levelsUp",
       count(*) FILTER (WHERE level_after < level_before)::int AS "levelsDown",
       coalesce(sum(before), 0)::int AS "pointsBefore", coalesce(sum(after), 0)::int AS "pointsAfter"
     FROM rule_simulation_member WHERE simulation_id = $1`,
    [id],
  );
  if (counted === undefined) throw new Error('an aggregate has one row');
  return counted;
};

type Counted = Omit<Summary, 'months' | keyof Consequences>;

/** Drops old results, unless rules are in force that were activated because of them. */
const forgetOld = async ({ db, deps }: Ctx): Promise<void> => {
  await db.query(
    `DELETE FROM rule_simulation AS old WHERE requested_at < $1::timestamptz - make_interval(days => $2)
       AND NOT EXISTS (SELECT FROM rule_draft WHERE id = old.draft_id AND activated_version IS NOT NULL)`,
    [deps.now(), keptDays],
  );
};
