import type { Ctx } from '@lyceum/platform';
import { Ctx as Context, FieldResolver, Resolver, Root } from 'type-graphql';
import { Community } from '../communities/community.type';
import { requireAnalyst } from '../metrics/analysts';
import { toReport } from '../models/model.resolver';
import { ModelReport } from '../models/model.types';
import { ratingsOfCommunity, satisfactionReport } from './satisfaction-report';

@Resolver(() => Community)
export class SatisfactionResolver {
  @FieldResolver(() => ModelReport, {
    nullable: true,
    description:
      'How content members are with the articles and products that they rated; `members` are the least content. For owners, admins and analysts of the community.',
  })
  async satisfaction(@Root() { id }: Community, @Context() ctx: Ctx): Promise<ModelReport> {
    await requireAnalyst(ctx, id);
    const { rated, things } = await ratingsOfCommunity(ctx.db, id);
    return toReport(satisfactionReport(rated, things), ctx.deps.now());
  }
}
