import { isId, newId, type CommunityId } from '@lyceum/contracts';
import { requireUser, useCase, type Ctx } from '@lyceum/platform';
import { MetricInputInvalid, NotAnalyst } from '../downloads/download.types';
import { isAnalyst } from '../metrics/analysts';
import { metricNamed } from '../metrics/catalogue';
import { query } from '../sql';
import { alertRules } from './alert.queries';
import {
  AlertKind,
  AlertRule,
  AlertRuleDeleted,
  AlertRuleNotFound,
  TooManyAlertRules,
  type AlertRuleInput,
  type CreateAlertRuleResult,
  type DeleteAlertRuleResult,
} from './alert.types';
import type { AlertCondition } from './condition';

const maxRules = 50;
const maxIntervals = 30;

export const createAlertRule = async (
  ctx: Ctx,
  input: AlertRuleInput,
): Promise<typeof CreateAlertRuleResult> => {
  if (!isId(input.communityId)) return new NotAnalyst();
  if (!(await isAnalyst(ctx, input.communityId as CommunityId))) return new NotAnalyst(); // has the form of one
  const condition = problemOf(input) ?? conditionOf(input);
  return condition instanceof MetricInputInvalid ? condition : create(ctx, { input, condition });
};

const problemOf = ({ name, metric, tag, segment }: AlertRuleInput): MetricInputInvalid | null => {
  if (name.trim() === '' || name.length > 100 || name.includes('\u0000'))
    return new MetricInputInvalid('name', 'A name has 1 to 100 characters.');
  if (tag != null && (tag === '' || tag.length > 100 || tag.includes('\u0000')))
    return new MetricInputInvalid('tag', 'This is no tag.');
  for (const [dimension, value] of [
    ['tag', tag],
    ['segment', segment],
  ] as const)
    if (value != null && !metricNamed(metric).dimensions.includes(dimension))
      return new MetricInputInvalid(
        dimension,
        `${metric.toUpperCase()} cannot be broken down by it.`,
      );
  return null;
};

const conditionOf = (input: AlertRuleInput): AlertCondition | MetricInputInvalid => {
  const { kind, intervals } = input;
  if (intervals < 1 || intervals > maxIntervals)
    return new MetricInputInvalid('intervals', `1 to ${String(maxIntervals)}.`);
  if (kind === AlertKind.MISSING) return { kind: 'missing', intervals };
  const bar = input.bar ?? NaN;
  if (!Number.isFinite(bar)) return new MetricInputInvalid('bar', 'This kind needs a bar.');
  const isUp = kind === AlertKind.ABOVE || kind === AlertKind.BELOW;
  if (!isUp && (bar <= 0 || intervals !== 1))
    return new MetricInputInvalid(
      'bar',
      'A change is a share above 0, of one interval to the next.',
    );
  const back = Math.abs(bar) / 10;
  const resolve = input.resolveBar ?? (kind === AlertKind.BELOW ? bar + back : bar - back);
  const isInside = kind === AlertKind.BELOW ? resolve >= bar : resolve <= bar;
  if (!Number.isFinite(resolve) || !isInside)
    return new MetricInputInvalid('resolveBar', 'It lies on the quiet side of the bar.');
  switch (kind) {
    case AlertKind.ABOVE:
    case AlertKind.BELOW:
      return { kind: 'threshold', direction: kind, value: bar, resolveValue: resolve, intervals };
    case AlertKind.RISE:
    case AlertKind.FALL:
      return { kind: 'change', direction: kind, share: bar, resolveShare: resolve };
  }
};

const create = useCase(
  async (
    tx,
    { input, condition }: { input: AlertRuleInput; condition: AlertCondition },
  ): Promise<AlertRule | TooManyAlertRules> => {
    const communityId = input.communityId as CommunityId; // checked above
    await tx.db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `alerts of ${communityId}`,
    ]);
    const existing = await alertRules(tx.db, communityId);
    if (existing.length >= maxRules) return new TooManyAlertRules();
    const id = newId();
    await tx.db.query(
      `INSERT INTO alert_rule (id, community_id, name, metric, "interval", tag, segment, condition, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        id,
        communityId,
        input.name.trim(),
        input.metric,
        input.interval,
        input.tag ?? null,
        input.segment ?? null,
        JSON.stringify(condition),
        requireUser(tx).accountId,
        tx.now,
      ],
    );
    const [rule] = await alertRules(tx.db, communityId, id);
    if (rule === undefined) throw new Error('what was inserted is there');
    return Object.assign(new AlertRule(), rule);
  },
);

/** Who may not see a rule is told that there is none. */
export const deleteAlertRule = async (
  ctx: Ctx,
  id: string,
): Promise<typeof DeleteAlertRuleResult> => {
  if (!isId(id)) return new AlertRuleNotFound();
  const [rule] = await query<{ communityId: CommunityId }>(
    ctx.db,
    'SELECT community_id AS "communityId" FROM alert_rule WHERE id = $1 AND deleted_at IS NULL',
    [id],
  );
  if (rule === undefined || !(await isAnalyst(ctx, rule.communityId)))
    return new AlertRuleNotFound();
  await remove(ctx, id);
  return Object.assign(new AlertRuleDeleted(), { id });
};

const remove = useCase(async (tx, id: string): Promise<void> => {
  await tx.db.query('UPDATE alert_rule SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL', [
    id,
    tx.now,
  ]);
});
