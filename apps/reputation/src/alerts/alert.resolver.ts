import { Scopes, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  FieldResolver,
  ID,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { requireAnalyst } from '../metrics/analysts';
import { alertRules } from './alert.queries';
import {
  AlertRule,
  AlertRuleInput,
  CreateAlertRuleResult,
  DeleteAlertRuleResult,
} from './alert.types';
import { createAlertRule, deleteAlertRule } from './manage-alerts';

@Resolver(() => Community)
export class AlertResolver {
  @FieldResolver(() => [AlertRule], {
    nullable: true,
    description:
      'Alert rules and what became of them. For owners, admins and analysts of the community.',
  })
  async alertRules(@Root() { id }: Community, @Context() ctx: Ctx): Promise<AlertRule[]> {
    await requireAnalyst(ctx, id);
    return alertRules(ctx.db, id);
  }

  @Authorized()
  @Scopes('analytics:read', 'write')
  @Mutation(() => CreateAlertRuleResult, {
    nullable: true,
    description: 'Has a metric watched. For owners, admins and analysts of the community.',
  })
  createAlertRule(
    @Context() ctx: Ctx,
    @Arg('input', () => AlertRuleInput) input: AlertRuleInput,
  ): Promise<typeof CreateAlertRuleResult> {
    return createAlertRule(ctx, input);
  }

  @Authorized()
  @Scopes('analytics:read', 'write')
  @Mutation(() => DeleteAlertRuleResult, { nullable: true })
  deleteAlertRule(
    @Context() ctx: Ctx,
    @Arg('id', () => ID) id: string,
  ): Promise<typeof DeleteAlertRuleResult> {
    return deleteAlertRule(ctx, id);
  }
}
