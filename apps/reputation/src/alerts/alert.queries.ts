import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { query } from '../sql';
import { AlertKind, type AlertChange, type AlertRule } from './alert.types';
import type { AlertCondition } from './condition';

type Stored =
  'id' | 'name' | 'metric' | 'interval' | 'tag' | 'segment' | 'state' | 'since' | 'evaluatedAt';
type Row = { readonly [Field in Stored]: AlertRule[Field] } & {
  readonly condition: AlertCondition;
};
type ChangeRow = { readonly [Field in 'state' | 'value' | 'reason']: AlertChange[Field] } & {
  readonly at: string;
};

/** The alert rules of a community, with their latest changes; or one of them. */
export const alertRules = async (
  db: EntityManager,
  communityId: CommunityId,
  id: string | null = null,
): Promise<AlertRule[]> => {
  const rows = await query<Row & { readonly changes: readonly ChangeRow[] }>(
    db,
    `SELECT rule.id, name, metric, "interval", tag, segment, condition, state, since, evaluated_at AS "evaluatedAt",
       coalesce(changes, '[]') AS changes
     FROM alert_rule AS rule LEFT JOIN LATERAL (
       SELECT json_agg(latest ORDER BY id DESC) AS changes FROM (
         SELECT id, state, at, value, reason FROM alert_change WHERE rule_id = rule.id ORDER BY id DESC LIMIT 20
       ) AS latest
     ) AS latest ON true
     WHERE community_id = $1 AND deleted_at IS NULL AND ($2::uuid IS NULL OR rule.id = $2) ORDER BY rule.id`,
    [communityId, id],
  );
  return rows.map(({ condition, changes, ...row }) => ({
    ...row,
    ...barsOf(condition),
    changes: changes.map((change) => ({ ...change, at: new Date(change.at) })),
  }));
};

const kinds = {
  above: AlertKind.ABOVE,
  below: AlertKind.BELOW,
  rise: AlertKind.RISE,
  fall: AlertKind.FALL,
} as const;

const barsOf = (
  condition: AlertCondition,
): Pick<AlertRule, 'kind' | 'bar' | 'resolveBar' | 'intervals'> => {
  switch (condition.kind) {
    case 'threshold':
      return {
        kind: kinds[condition.direction],
        bar: condition.value,
        resolveBar: condition.resolveValue,
        intervals: condition.intervals,
      };
    case 'change':
      return {
        kind: kinds[condition.direction],
        bar: condition.share,
        resolveBar: condition.resolveShare,
        intervals: 1,
      };
    case 'missing':
      return {
        kind: AlertKind.MISSING,
        bar: null,
        resolveBar: null,
        intervals: condition.intervals,
      };
  }
};
