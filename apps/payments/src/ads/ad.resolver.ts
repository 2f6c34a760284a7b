import { isId, type AccountId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { money } from '@lyceum/money';
import {
  type BatchQuery,
  type Connection,
  connectionType,
  type Ctx,
  forbidden,
  idIn,
  load,
  PageArgs,
  parsePage,
  requireUser,
  Scopes,
  toConnection,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { Community } from '../communities/community.type';
import { ownMembership } from '../communities/membership.queries';
import { Article } from '../entitlements/entitlement.resolver';
import { toMoneyType } from '../graph/money.type';
import { AdPlacement, AdReport, selectPlacements, ShownAd } from './ad.type';
import { buyPlacement, BuyPlacementInput, BuyPlacementResult } from './buy-placement';
import {
  endPlacement,
  EndPlacementInput,
  EndPlacementResult,
  reviewPlacement,
  ReviewPlacementInput,
  ReviewPlacementResult,
} from './decide-placement';
import { recordAdEvents, RecordAdEventsInput, RecordAdEventsResult } from './record-ad-events';
import { maxShown, showAds } from './show-ads';

const AdPlacementConnection = connectionType('AdPlacement', () => AdPlacement);

@ArgsType()
export class SpotArgs {
  @Field(() => [String], { defaultValue: [], description: 'What the page is about.' })
  topics!: string[];
  @Field(() => Int, { defaultValue: 1, description: `At most ${String(maxShown)}.` })
  first!: number;
}

@Resolver(() => AdPlacement)
export class AdResolver {
  @Authorized()
  @Scopes('money:read')
  @Query(() => AdPlacementConnection, {
    nullable: true,
    description: "The caller's, newest first.",
  })
  myAdPlacements(
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<AdPlacement>> {
    return placementsOf(ctx, ['account_id', requireUser(ctx).accountId], page);
  }

  @FieldResolver(() => AdReport, { description: 'What was told of up to this second.' })
  report(@Root() placement: AdPlacement, @Context() ctx: Ctx): Promise<AdReport> {
    return reportOf(ctx, placement);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => BuyPlacementResult)
  buyPlacement(
    @Context() ctx: Ctx,
    @Arg('input', () => BuyPlacementInput) input: BuyPlacementInput,
  ): Promise<typeof BuyPlacementResult> {
    return buyPlacement(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => ReviewPlacementResult)
  reviewPlacement(
    @Context() ctx: Ctx,
    @Arg('input', () => ReviewPlacementInput) input: ReviewPlacementInput,
  ): Promise<typeof ReviewPlacementResult> {
    return reviewPlacement(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => EndPlacementResult)
  endPlacement(
    @Context() ctx: Ctx,
    @Arg('input', () => EndPlacementInput) input: EndPlacementInput,
  ): Promise<typeof EndPlacementResult> {
    return endPlacement(ctx, input);
  }

  @Mutation(() => RecordAdEventsResult, {
    nullable: true,
    description: 'Tells what was seen and followed, for members and visitors alike.',
  })
  recordAdEvents(
    @Context() ctx: Ctx,
    @Arg('input', () => RecordAdEventsInput) input: RecordAdEventsInput,
  ): Promise<typeof RecordAdEventsResult> {
    return recordAdEvents(ctx, input);
  }
}

@Resolver(() => Community)
export class CommunityAdResolver {
  @FieldResolver(() => [ShownAd], {
    nullable: true,
    description: 'What to show on a page of the community, labelled. None for paying members.',
  })
  placements(
    @Root() { id: communityId }: Community,
    @Args(() => SpotArgs) { topics, first }: SpotArgs,
    @Context() ctx: Ctx,
  ): Promise<readonly ShownAd[]> {
    return showAds(ctx, { topics, first, communityId, authorId: null });
  }

  @Scopes('money:read')
  @FieldResolver(() => AdPlacementConnection, {
    nullable: true,
    description: 'Newest first; for owners and administrators.',
  })
  async adPlacements(
    @Root() { id }: Community,
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<AdPlacement>> {
    requireUser(ctx);
    if (!canManageCatalogue(await ownMembership(ctx, id)))
      throw forbidden('Only who manages the catalogue sees the placements of others.');
    return placementsOf(ctx, ['community_id', id], page);
  }
}

interface Written {
  readonly communityId: CommunityId;
  readonly authorId: MemberId | null;
}

const writtenArticles: BatchQuery<string, Written> = async (ctx, ids) => {
  const rows = await ctx.db.query<(Written & { id: string })[]>(
    `SELECT content_id AS id, community_id AS "communityId", author_id AS "authorId" FROM authored_content
     WHERE content_type = 'article' AND content_id = ANY($1::uuid[])`,
    [ids.filter(isId)],
  );
  return new Map(rows.map((row) => [row.id, row]));
};

@Resolver(() => Article)
export class ArticleAdResolver {
  @FieldResolver(() => [ShownAd], {
    nullable: true,
    description:
      'What to show beside it, labelled; its author has a share. None for paying members.',
  })
  async placements(
    @Root() { id }: Article,
    @Args(() => SpotArgs) { topics, first }: SpotArgs,
    @Context() ctx: Ctx,
  ): Promise<readonly ShownAd[]> {
    const written = await load(ctx, writtenArticles, id as string);
    return written === null ? [] : showAds(ctx, { topics, first, ...written });
  }
}

const placementsOf = async (
  ctx: Ctx,
  [column, id]: readonly ['account_id', AccountId] | readonly ['community_id', CommunityId],
  page: PageArgs,
): Promise<Connection<AdPlacement>> => {
  const list = `ad-placements:${column}:${id}`;
  const { first, after } = parsePage(list, page);
  const rows = await selectPlacements(
    ctx.db,
    `${column} = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [id, idIn(after), first + 1],
  );
  return toConnection(rows, { list, first, positionOf: (row) => [row.id] });
};

type Counts = Record<
  'impressions' | 'clicks' | 'selfViews' | 'crawlerViews' | 'capped' | 'overBudget',
  number
>;

const reportsById: BatchQuery<string, Counts> = async (ctx, ids) => {
  const rows = await ctx.db.query<(Counts & { id: string })[]>(
    `SELECT placement_id AS id, sum(impressions)::int AS impressions, sum(clicks)::int AS clicks,
       sum(self_views)::int AS "selfViews", sum(crawler_views)::int AS "crawlerViews", sum(capped)::int AS capped,
       sum(over_budget)::int AS "overBudget"
     FROM ad_day WHERE placement_id = ANY($1::uuid[]) GROUP BY 1`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
};

const nothing: Counts = {
  impressions: 0,
  clicks: 0,
  selfViews: 0,
  crawlerViews: 0,
  capped: 0,
  overBudget: 0,
};

const reportOf = async (ctx: Ctx, placement: AdPlacement): Promise<AdReport> => {
  const counts = (await load(ctx, reportsById, placement.id as string)) ?? nothing;
  const { impressions, clicks } = counts;
  return Object.assign(new AdReport(), counts, {
    clickThroughRate: impressions === 0 ? null : clicks / impressions,
    spend: toMoneyType(money(placement.chargedMinor, placement.currency)),
  });
};
