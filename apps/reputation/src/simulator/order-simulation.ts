import { isId, newId } from '@lyceum/contracts';
import { enqueue, UserError, useCase, type Ctx } from '@lyceum/platform';
import { GraphQLLocalDate } from 'graphql-scalars';
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  mayAdminister,
  NotCommunityAdmin,
} from '../communities/acting-member';
import { assertDay } from '../days';
import {
  RuleDraftChanged,
  RuleDraftNotFound,
  type RuleDraftId,
} from '../rule-sets/rule-draft.type';
import { draftById } from '../rule-sets/rule-set.queries';
import { query } from '../sql';
import { simulateRules } from './simulate-rules.job';
import { simulationById } from './simulation.queries';
import { RuleSimulation, toSimulation } from './simulation.type';

@InputType()
export class SimulateRulesInput {
  @Field(() => ID) draftId!: RuleDraftId;
  @Field(() => Int, { description: 'The revision that you have seen.' }) revision!: number;
  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description:
      'As if the draft had been in force from this UTC day on, after the rules there were; none: since ever.',
  })
  since?: string | null;
}

@ObjectType({ implements: UserError })
export class SimulationsWaiting extends UserError {
  readonly code = 'SIMULATIONS_WAITING' as const;
  readonly message = 'Three simulations of this community wait already: look at those first.';
}

export const SimulateRulesResult = createUnionType({
  name: 'SimulateRulesResult',
  types: () =>
    [
      RuleSimulation,
      RuleDraftNotFound,
      RuleDraftChanged,
      SimulationsWaiting,
      NotCommunityAdmin,
    ] as const,
});

const mayWait = 3;

/** Orders a simulation; a worker runs it. */
export const orderSimulation = async (
  ctx: Ctx,
  input: SimulateRulesInput,
): Promise<typeof SimulateRulesResult> => {
  if (input.since != null) assertDay('since', input.since);
  const draft = isId(input.draftId) ? await draftById(ctx.db, input.draftId) : null;
  if (draft === null) return new RuleDraftNotFound();
  if (!mayAdminister(await learnActingMember(ctx, draft.communityId)))
    return new NotCommunityAdmin();
  const ordered = await order(ctx, input);
  // Lost here, it is found by the job's clock.
  if (ordered instanceof RuleSimulation)
    await enqueue(ctx.deps, simulateRules, { input: {} }).catch((error: unknown) =>
      ctx.log.warn({ err: error }, 'simulation.not-queued'),
    );
  return ordered;
};

const order = useCase(
  async (tx, input: SimulateRulesInput): Promise<typeof SimulateRulesResult> => {
    const draft = await draftById(tx.db, input.draftId, { lock: 'FOR UPDATE' });
    if (draft === null) return new RuleDraftNotFound();
    const member = await actingMember(tx, draft.communityId);
    if (member === null || !mayAdminister(member)) return new NotCommunityAdmin();
    if (draft.revision !== input.revision) return new RuleDraftChanged(draft.revision);
    const waiting = await query(
      tx.db,
      `SELECT id FROM rule_simulation WHERE community_id = $1 AND status IN ('queued', 'running')`,
      [draft.communityId],
    );
    if (waiting.length >= mayWait) return new SimulationsWaiting();

    const id = newId<'RuleSimulation'>();
    await tx.db.query(
      `INSERT INTO rule_simulation (id, community_id, draft_id, draft_revision, definition, parameters, since,
         requested_by, requested_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        ...[id, draft.communityId, draft.id, draft.revision],
        ...[JSON.stringify(draft.definition), JSON.stringify(draft.parameters)],
        ...[input.since ?? null, member.memberId, tx.now],
      ],
    );
    const row = await simulationById(tx.db, id);
    if (row === null) throw new Error('the simulation has just been written');
    return toSimulation(row);
  },
);
