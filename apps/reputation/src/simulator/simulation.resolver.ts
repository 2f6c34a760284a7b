import { isId } from '@lyceum/contracts';
import {
  badInput,
  notFound,
  PageArgs,
  parsePage,
  toConnection,
  Scopes,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  Mutation,
  Query,
  registerEnumType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { learnActingMember, mayAdminister } from '../communities/acting-member';
import { snapshots } from '../engagement/snapshots';
import { RuleSetVersion } from '../rule-sets/rule-draft.type';
import { orderSimulation, SimulateRulesInput, SimulateRulesResult } from './order-simulation';
import { simulationTopic } from './simulate-rules.job';
import { changesOf, simulationById, type SimulationId } from './simulation.queries';
import {
  RuleSimulation,
  SimulatedChangeConnection,
  toChange,
  toSimulation,
  type SimulatedChange,
} from './simulation.type';

export enum SimulatedSide {
  GAINING = 'gaining',
  LOSING = 'losing',
}
registerEnumType(SimulatedSide, { name: 'SimulatedSide' });

@ArgsType()
export class SimulatedChangesArgs extends PageArgs {
  @Field(() => SimulatedSide) side!: SimulatedSide;
}

@Resolver(() => RuleSimulation)
export class SimulationResolver {
  @Scopes('admin')
  @Authorized()
  @Mutation(() => SimulateRulesResult, {
    description: 'Runs a draft over history, in the background; see `ruleSimulationUpdated`.',
  })
  simulateRules(
    @Context() ctx: Ctx,
    @Arg('input', () => SimulateRulesInput) input: SimulateRulesInput,
  ): Promise<typeof SimulateRulesResult> {
    return orderSimulation(ctx, input);
  }

  @Query(() => RuleSimulation, { nullable: true, description: 'For owners and admins.' })
  ruleSimulation(
    @Context() ctx: Ctx,
    @Arg('id', () => ID) id: SimulationId,
  ): Promise<RuleSimulation | null> {
    return visibleSimulation(ctx, id);
  }

  @FieldResolver(() => SimulatedChangeConnection, {
    description: 'Who would gain most, or lose most, first.',
  })
  changes(
    @Root() { id }: RuleSimulation,
    @Context() ctx: Ctx,
    @Args(() => SimulatedChangesArgs) args: SimulatedChangesArgs,
  ): Promise<Connection<SimulatedChange>> {
    return changes(ctx, id, args);
  }

  @Subscription(() => RuleSimulation, {
    description: 'A simulation as it is, and each time it gets on, until it ends.',
    subscribe: ({ args, context }) => watch(context as Ctx, (args as { id: SimulationId }).id),
  })
  ruleSimulationUpdated(
    @Root() simulation: RuleSimulation,
    @Arg('id', () => ID) _id: string,
  ): RuleSimulation {
    return simulation;
  }
}

const visibleSimulation = async (ctx: Ctx, id: SimulationId): Promise<RuleSimulation | null> => {
  const row = isId(id) && ctx.actor.kind === 'user' ? await simulationById(ctx.db, id) : null;
  if (row === null || !mayAdminister(await learnActingMember(ctx, row.communityId))) return null;
  return toSimulation(row);
};

const changes = async (
  ctx: Ctx,
  id: SimulationId,
  args: SimulatedChangesArgs,
): Promise<Connection<SimulatedChange>> => {
  const list = `simulated-${args.side}`;
  const { first, after } = parsePage(list, args);
  const [gain, memberId] = after ?? [];
  if (after !== null && !(Number.isInteger(gain) && isId(String(memberId))))
    throw badInput('"after" is not a cursor of this list.');
  const rows = await changesOf(ctx.db, id, {
    side: args.side,
    after: after && { gain: Number(gain), memberId: String(memberId) },
    limit: first + 1,
  });
  return toConnection(rows.map(toChange), {
    list,
    first,
    positionOf: (one) => [one.pointsAfter - one.pointsBefore, one.member.id],
  });
};

const watch = async (ctx: Ctx, id: SimulationId): Promise<AsyncIterable<RuleSimulation>> => {
  if ((await visibleSimulation(ctx, id)) === null) throw notFound('There is no such simulation.');
  return states(ctx, id);
};

async function* states(ctx: Ctx, id: SimulationId): AsyncIterableIterator<RuleSimulation> {
  const updates = snapshots(ctx, { topic: simulationTopic(id), isFirstAtOnce: true }, async () => {
    const row = await simulationById(ctx.db, id);
    return row && toSimulation(row);
  });
  for await (const state of updates) {
    yield state;
    if (hasEnded(state)) return;
  }
}

const hasEnded = ({ status }: RuleSimulation): boolean =>
  (['done', 'failed'] as readonly string[]).includes(status);

/** Numbers that were seen before a version was activated stay with it. */
@Resolver(() => RuleSetVersion)
export class RuleSetSimulationResolver {
  @FieldResolver(() => RuleSimulation, {
    nullable: true,
    description: 'What was simulated before it was activated; for owners and admins.',
  })
  async simulation(
    @Root() { simulationId }: RuleSetVersion,
    @Context() ctx: Ctx,
  ): Promise<RuleSimulation | null> {
    return simulationId === null ? null : visibleSimulation(ctx, simulationId);
  }
}
