import { load, Scopes, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Int,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.entity';
import {
  setTrial,
  SetTrialInput,
  SetTrialResult,
  startTrial,
  StartTrialInput,
  StartTrialResult,
  type SetTrialOutcome,
  type StartTrialOutcome,
} from './start-trial';
import { trialDays, viewerTrials } from './trial.queries';
import { Trial } from './trial.type';

@Resolver(() => Community)
export class TrialResolver {
  @FieldResolver(() => Int, { nullable: true, description: 'Null where there is no trial.' })
  trialDays(@Context() ctx: Ctx, @Root() { id }: Community): Promise<number | null> {
    return load(ctx, trialDays, id);
  }

  @FieldResolver(() => Trial, { nullable: true, description: "The viewer's own, also when over." })
  viewerTrial(@Context() ctx: Ctx, @Root() { id }: Community): Promise<Trial | null> {
    return load(ctx, viewerTrials, id);
  }

  @Authorized()
  @Mutation(() => StartTrialResult, { description: 'Once a person and community.' })
  startTrial(
    @Context() ctx: Ctx,
    @Arg('input', () => StartTrialInput) input: StartTrialInput,
  ): Promise<StartTrialOutcome> {
    return startTrial(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => SetTrialResult, { description: 'For owners and administrators.' })
  setTrial(
    @Context() ctx: Ctx,
    @Arg('input', () => SetTrialInput) input: SetTrialInput,
  ): Promise<SetTrialOutcome> {
    return setTrial(ctx, input);
  }
}
