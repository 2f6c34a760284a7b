import { isId, RulesActivated, type CommunityId } from '@lyceum/contracts';
import { useCase, type Ctx, type Tx } from '@lyceum/platform';
import { GraphQLLocalDate } from 'graphql-scalars';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  mayAdminister,
  NotCommunityAdmin,
} from '../communities/acting-member';
import { assertDay } from '../days';
import { utcDay, type Day, type RuleSetDefinition } from '../rules';
import { finishedSimulation } from '../simulator/simulation.queries';
import { query } from '../sql';
import { holdRulesAlone } from './rule-books';
import {
  RuleDraftChanged,
  RuleDraftNotFound,
  RuleReasonMissing,
  RuleSetVersion,
  RulesNotSimulated,
  RuleVersionNotFound,
  type RuleDraftId,
} from './rule-draft.type';
import { draftById, versionsOf } from './rule-set.queries';

@InputType()
export class ActivateRulesInput {
  @Field(() => ID) draftId!: RuleDraftId;
  @Field(() => Int, { description: 'The revision that you have seen, and simulated.' })
  revision!: number;
  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description:
      'The first UTC day; by default tomorrow. From a day that has come, all points since are computed anew.',
  })
  activeFrom?: string | null;
  @Field(() => String, { description: 'Why, for the members.' }) reason!: string;
}

@InputType()
export class RollBackRulesInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => Int, { description: 'The version to bring back.' }) version!: number;
  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: 'The first UTC day; by default tomorrow.',
  })
  activeFrom?: string | null;
  @Field(() => String) reason!: string;
}

export const ActivateRulesResult = createUnionType({
  name: 'ActivateRulesResult',
  types: () =>
    [
      RuleSetVersion,
      RuleDraftNotFound,
      RuleDraftChanged,
      RulesNotSimulated,
      RuleReasonMissing,
      NotCommunityAdmin,
    ] as const,
});
export const RollBackRulesResult = createUnionType({
  name: 'RollBackRulesResult',
  types: () => [RuleSetVersion, RuleVersionNotFound, RuleReasonMissing, NotCommunityAdmin] as const,
});

/** Puts a draft in force from a day on. What was simulated is what is activated: the very same revision. */
export const activateRules = async (
  ctx: Ctx,
  input: ActivateRulesInput,
): Promise<typeof ActivateRulesResult> => {
  const draft = isId(input.draftId) ? await draftById(ctx.db, input.draftId) : null;
  if (draft === null) return new RuleDraftNotFound();
  if (!mayAdminister(await learnActingMember(ctx, draft.communityId)))
    return new NotCommunityAdmin();
  return activate(ctx, input);
};

const activate = useCase(
  async (tx, input: ActivateRulesInput): Promise<typeof ActivateRulesResult> => {
    const draft = await draftById(tx.db, input.draftId, { lock: 'FOR UPDATE' });
    if (draft === null) return new RuleDraftNotFound();
    if (draft.revision !== input.revision) return new RuleDraftChanged(draft.revision);
    if (!isReason(input.reason)) return new RuleReasonMissing();
    if ((await finishedSimulation(tx.db, draft)) === null) return new RulesNotSimulated();

    return addVersion(tx, {
      ...newRules(input, draft),
      communityId: draft.communityId,
      draftId: draft.id,
      restores: null,
    });
  },
);

/** Brings an earlier version back from a day on, as a new version: history is never rewritten. */
export const rollBackRules = async (
  ctx: Ctx,
  input: RollBackRulesInput,
): Promise<typeof RollBackRulesResult> =>
  mayAdminister(await learnActingMember(ctx, input.communityId))
    ? rollBack(ctx, input)
    : new NotCommunityAdmin();

const rollBack = useCase(
  async (tx, input: RollBackRulesInput): Promise<typeof RollBackRulesResult> => {
    if (!isReason(input.reason)) return new RuleReasonMissing();
    const [old] = await versionsOf(tx.db, input.communityId, input.version);
    if (old === undefined) return new RuleVersionNotFound();
    const { communityId } = input;
    return addVersion(tx, { ...newRules(input, old), communityId, restores: old.version });
  },
);

const isReason = (reason: string): boolean => {
  const { length } = reason.trim();
  return length >= 10 && length <= 1000;
};

interface NewVersion {
  readonly communityId: CommunityId;
  readonly definition: RuleSetDefinition;
  readonly parameters: Record<string, number>;
  readonly activeFrom?: Day | null;
  readonly reason: string;
  readonly restores: number | null;
  readonly draftId?: RuleDraftId;
}

const newRules = (
  { activeFrom, reason }: Pick<ActivateRulesInput, 'activeFrom' | 'reason'>,
  { definition, parameters }: Pick<NewVersion, 'definition' | 'parameters'>,
) => ({ activeFrom: activeFrom ?? null, reason, definition, parameters });

/**
 * Rules for days to come judge them when they come: nothing else is to be done. Once there is activity to
 * be judged again, the worker that does so also puts them in force, in one transaction.
 */
const addVersion = async (
  tx: Tx,
  rules: NewVersion,
): Promise<RuleSetVersion | NotCommunityAdmin> => {
  const { communityId, definition, parameters, reason, restores } = rules;
  const member = await actingMember(tx, communityId);
  if (member === null || !mayAdminister(member)) return new NotCommunityAdmin();
  const activeFrom = rules.activeFrom ?? tomorrow(tx.now);
  assertDay('activeFrom', activeFrom);

  await holdRulesAlone(tx.db, [communityId]);
  const isForDaysToCome =
    activeFrom > utcDay(tx.now) && !(await hasActivity(tx, rules, activeFrom));
  const [added] = await query<{ version: number }>(
    tx.db,
    `INSERT INTO rule_set (community_id, version, active_from, definition, parameters, is_in_force, reason, restores,
       activated_by, activated_at)
     SELECT $1::uuid, max(version) + 1, $2::date, $3::jsonb, $4::jsonb, $5::boolean, $6::text, $7::int, $8::uuid,
       $9::timestamptz
     FROM rule_set WHERE community_id = $1 RETURNING version`,
    [
      ...[communityId, activeFrom, JSON.stringify(definition), JSON.stringify(parameters)],
      ...[isForDaysToCome, reason.trim(), restores, member.memberId, tx.now],
    ],
  );
  const version = added?.version ?? 0;
  await tx.db.query('UPDATE rule_draft SET activated_version = $2 WHERE id = $1', [
    rules.draftId ?? null,
    version,
  ]);
  await tx.emit(RulesActivated, {
    ...{ communityId, version, activeFrom, name: definition.name, reason: reason.trim() },
    ...{ restores, activatedBy: member.memberId },
  });
  const [row] = await versionsOf(tx.db, communityId, version);
  if (row === undefined) throw new Error('the version has just been written');
  return row;
};

const hasActivity = async (tx: Tx, { communityId }: NewVersion, since: Day): Promise<boolean> => {
  const [found] = await query<{ id: string }>(
    tx.db,
    'SELECT event_id AS id FROM activity_log WHERE community_id = $1 AND occurred_at >= $2::date LIMIT 1',
    [communityId, since],
  );
  return found !== undefined;
};

const tomorrow = (now: Date): Day => utcDay(new Date(now.getTime() + 86_400_000));
