import type { CommunityId } from '@lyceum/contracts';
import { Scopes, type Ctx } from '@lyceum/platform';
import { GraphQLJSONObject } from 'graphql-scalars';
import {
  Arg,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { learnActingMember, mayAdminister } from '../communities/acting-member';
import { Community } from '../communities/community.type';
import { ruleSetJsonSchema } from '../rules';
import {
  activateRules,
  ActivateRulesInput,
  ActivateRulesResult,
  rollBackRules,
  RollBackRulesInput,
  RollBackRulesResult,
} from './activate-rules';
import {
  draftRules,
  DraftRulesInput,
  DraftRulesResult,
  editRuleDraft,
  EditRuleDraftInput,
  EditRuleDraftResult,
} from './draft-rules';
import { RuleDraft, RuleSetVersion, toDraft } from './rule-draft.type';
import { draftsOf, versionsOf } from './rule-set.queries';

@Resolver(() => Community)
export class RuleSetsResolver {
  @Query(() => GraphQLJSONObject, {
    description: 'The JSON Schema (2020-12) that the definition of rules follows.',
  })
  ruleSetJsonSchema(): Record<string, unknown> {
    return ruleSetJsonSchema();
  }

  @FieldResolver(() => [RuleSetVersion], {
    nullable: true,
    description: 'All rules there have been, latest first: whoever is judged may read them.',
  })
  ruleSets(@Root() { id }: Community, @Context() ctx: Ctx): Promise<RuleSetVersion[]> {
    return versionsOf(ctx.db, id);
  }

  @FieldResolver(() => [RuleDraft], {
    nullable: true,
    description: 'For owners and admins; none for anyone else.',
  })
  async ruleDrafts(@Root() { id }: Community, @Context() ctx: Ctx): Promise<RuleDraft[] | null> {
    return (await administers(ctx, id)) ? (await draftsOf(ctx, id)).map(toDraft) : null;
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => DraftRulesResult)
  draftRules(
    @Context() ctx: Ctx,
    @Arg('input', () => DraftRulesInput) input: DraftRulesInput,
  ): Promise<typeof DraftRulesResult> {
    return draftRules(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => EditRuleDraftResult)
  editRuleDraft(
    @Context() ctx: Ctx,
    @Arg('input', () => EditRuleDraftInput) input: EditRuleDraftInput,
  ): Promise<typeof EditRuleDraftResult> {
    return editRuleDraft(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => ActivateRulesResult)
  activateRules(
    @Context() ctx: Ctx,
    @Arg('input', () => ActivateRulesInput) input: ActivateRulesInput,
  ): Promise<typeof ActivateRulesResult> {
    return activateRules(ctx, input);
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => RollBackRulesResult)
  rollBackRules(
    @Context() ctx: Ctx,
    @Arg('input', () => RollBackRulesInput) input: RollBackRulesInput,
  ): Promise<typeof RollBackRulesResult> {
    return rollBackRules(ctx, input);
  }
}

const administers = async (ctx: Ctx, communityId: CommunityId): Promise<boolean> =>
  ctx.actor.kind === 'user' && mayAdminister(await learnActingMember(ctx, communityId));
