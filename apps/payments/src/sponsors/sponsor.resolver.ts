import type { CommunityId } from '@lyceum/contracts';
import { load, Scopes, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { Product } from '../catalogue/product.entity';
import { productsById } from '../catalogue/product.queries';
import { Community } from '../communities/community.type';
import { ownMembership } from '../communities/membership.queries';
import { isVisible } from '../communities/standing';
import { selectSponsors, Sponsor } from './sponsor.type';
import {
  describeSponsor,
  DescribeSponsorInput,
  DescribeSponsorResult,
  reviewSponsor,
  ReviewSponsorInput,
  ReviewSponsorResult,
  setSponsorTier,
  SetSponsorTierInput,
  SetSponsorTierResult,
} from './sponsoring';

const most = 200;

@Resolver(() => Sponsor)
export class SponsorResolver {
  @FieldResolver(() => Product, {
    nullable: true,
    description: 'The tier that is paid for now; null when none is.',
  })
  tier(@Root() { tierId }: Sponsor, @Context() ctx: Ctx): Promise<Product | null> | null {
    return tierId === null ? null : load(ctx, productsById, tierId);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => SetSponsorTierResult)
  setSponsorTier(
    @Context() ctx: Ctx,
    @Arg('input', () => SetSponsorTierInput) input: SetSponsorTierInput,
  ): Promise<typeof SetSponsorTierResult> {
    return setSponsorTier(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => DescribeSponsorResult)
  describeSponsor(
    @Context() ctx: Ctx,
    @Arg('input', () => DescribeSponsorInput) input: DescribeSponsorInput,
  ): Promise<typeof DescribeSponsorResult> {
    return describeSponsor(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => ReviewSponsorResult)
  reviewSponsor(
    @Context() ctx: Ctx,
    @Arg('input', () => ReviewSponsorInput) input: ReviewSponsorInput,
  ): Promise<typeof ReviewSponsorResult> {
    return reviewSponsor(ctx, input);
  }
}

@Resolver(() => Community)
export class CommunitySponsorResolver {
  @FieldResolver(() => [Sponsor], {
    nullable: true,
    description:
      'Who sponsors it now, the highest tier first; at most 200. Who manages the catalogue sees those in review, too.',
  })
  async sponsors(@Root() { id }: Community, @Context() ctx: Ctx): Promise<Sponsor[]> {
    if (!(await isVisible(ctx, id))) return [];
    const isManager = ctx.actor.kind === 'user' && (await manages(ctx, id));
    return selectSponsors(
      ctx.db,
      `sponsor.community_id = $2 AND tier.product_id IS NOT NULL AND (sponsor.status = 'shown' OR $3)
       ORDER BY tier.rank, sponsor.id LIMIT ${String(most)}`,
      [ctx.deps.now(), id, isManager],
    );
  }
}

const manages = async (ctx: Ctx, communityId: CommunityId): Promise<boolean> =>
  canManageCatalogue(await ownMembership(ctx, communityId));
