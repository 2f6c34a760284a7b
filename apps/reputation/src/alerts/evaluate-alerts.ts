import { AlertChanged, newId, type AccountId, type CommunityId } from '@lyceum/contracts';
import { useCase, type Ctx, type Tx } from '@lyceum/platform';
import type { Interval } from '../engagement/engagement.queries';
import { startOf, step } from '../engagement/intervals';
import type { Segment } from '../metrics/ask';
import { metricNamed } from '../metrics/catalogue';
import { utcDay, type Day } from '../rules';
import { query } from '../sql';
import { intervalsNeeded, judge, type AlertCondition, type AlertState } from './condition';

/** A rule is looked at so often. */
const everyMs = 60_000;

interface DueRule {
  readonly id: string;
  readonly communityId: CommunityId;
  readonly createdBy: AccountId;
  readonly name: string;
  readonly metric: string;
  readonly interval: Interval;
  readonly tag: string | null;
  readonly segment: Segment | null;
  readonly condition: AlertCondition;
  readonly state: AlertState;
  readonly today: Day;
}

/** Judges every rule that was not looked at for a minute; several workers share them. Gives how many. */
export const evaluateAlerts = async (ctx: Ctx, signal: AbortSignal): Promise<number> => {
  let judged = 0;
  while (!signal.aborted && (await evaluateNext(ctx, null))) judged += 1;
  return judged;
};

/**
 * One rule, one transaction: its row is held, so a change of its state is written once, with the event that tells of
 * it, however many workers look and however often they are killed.
 */
const evaluateNext = useCase(async (tx, _: null): Promise<boolean> => {
  const rule = await claim(tx);
  if (rule === null) return false;
  const verdict = judge(rule.condition, await wholeIntervals(tx, rule), rule.state);
  const hasChanged = verdict.state !== rule.state;
  await tx.db.query(
    `UPDATE alert_rule SET evaluated_at = $2, state = $3, since = CASE WHEN state = $3 THEN since ELSE $2 END WHERE id = $1`,
    [rule.id, tx.now, verdict.state],
  );
  if (!hasChanged) return true;
  await tx.db.query(
    `INSERT INTO alert_change (id, rule_id, state, at, value, reason) VALUES ($1, $2, $3, $4, $5, $6)`,
    [newId(), rule.id, verdict.state, tx.now, verdict.value, verdict.reason],
  );
  await tx.emit(AlertChanged, {
    communityId: rule.communityId,
    ruleId: rule.id,
    createdBy: rule.createdBy,
    name: rule.name,
    metric: rule.metric,
    isFiring: verdict.state === 'firing',
    value: verdict.value,
    reason: verdict.reason,
  });
  return true;
});

const claim = async (tx: Tx): Promise<DueRule | null> => {
  const [rule] = await query<DueRule>(
    tx.db,
    `SELECT rule.id, community_id AS "communityId", created_by AS "createdBy", name, metric, "interval", tag, segment, condition, state,
       ($1::timestamptz AT TIME ZONE coalesce(time_zone, 'UTC'))::date::text AS today
     FROM alert_rule AS rule LEFT JOIN community ON community.id = community_id
     WHERE deleted_at IS NULL AND (evaluated_at IS NULL OR evaluated_at <= $1::timestamptz - $2 * interval '1 ms')
     ORDER BY evaluated_at NULLS FIRST, rule.id LIMIT 1 FOR UPDATE OF rule SKIP LOCKED`,
    [tx.now, everyMs],
  );
  return rule ?? null;
};

/** The last intervals that are over on the community's calendar; the one that runs would look low all its time. */
const wholeIntervals = (tx: Tx, rule: DueRule) => {
  const current = startOf[rule.interval](rule.today);
  let first = current;
  for (let i = 0; i < intervalsNeeded(rule.condition); i += 1)
    first = step(first, rule.interval, -1);
  const last = new Date(current.getTime() - 86_400_000);
  return metricNamed(rule.metric).series(tx.db, {
    communityId: rule.communityId,
    from: utcDay(first),
    to: utcDay(last),
    interval: rule.interval,
    tag: rule.tag,
    segment: rule.segment,
    today: rule.today,
  });
};
