import { isId, type CommunityId } from '@lyceum/contracts';
import { subtract } from '@lyceum/money';
import {
  connectionType,
  forbidden,
  load,
  PageArgs,
  requireUser,
  Scopes,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { Product, type ProductId } from '../catalogue/product.entity';
import { productsById } from '../catalogue/product.queries';
import { Community } from '../communities/community.type';
import { ownMembership } from '../communities/membership.queries';
import { learnStanding } from '../communities/standing';
import { MoneyType, toMoneyType } from '../graph/money.type';
import { Order } from '../orders/order.type';
import { Campaign } from './campaign.entity';
import { campaignsById, campaignsOfCommunity, salesByCampaign } from './campaign.queries';
import {
  archiveCampaign,
  ArchiveCampaignInput,
  ArchiveCampaignResult,
  createCampaign,
  CreateCampaignInput,
  CreateCampaignResult,
} from './create-campaign';

const CampaignConnection = connectionType('Campaign', () => Campaign);

@ObjectType({
  description: 'What came of a campaign in one currency, from its orders as they are now.',
})
class CampaignRevenue {
  @Field(() => Int, { description: 'Whatever became of them.' }) orders!: number;
  @Field(() => Int, { description: 'Also when the money went back later.' }) paidOrders!: number;
  @Field(() => Int, { description: 'How many people paid.' }) buyers!: number;
  @Field(() => MoneyType, { description: 'What buyers paid, before fees and shares.' })
  paid!: MoneyType;
  @Field(() => MoneyType, { description: 'What went back to them, or is on its way.' })
  refunded!: MoneyType;
  @Field(() => MoneyType, { description: 'paid − refunded.' }) net!: MoneyType;
}

@Resolver(() => Campaign)
export class CampaignResolver {
  @FieldResolver(() => [Product], { description: 'None are all that the community sells.' })
  async products(
    @Root() { productIds }: Campaign,
    @Context() ctx: Ctx,
  ): Promise<readonly Product[]> {
    const products = await Promise.all(
      productIds.map((id: ProductId) => load(ctx, productsById, id)),
    );
    return products.filter((product) => product !== null);
  }

  @FieldResolver(() => [CampaignRevenue], { description: 'By currency.' })
  async revenue(
    @Root() { id }: Campaign,
    @Context() ctx: Ctx,
  ): Promise<readonly CampaignRevenue[]> {
    const sales = (await load(ctx, salesByCampaign, id)) ?? [];
    return sales.map(({ paid, refunded, orders, paidOrders, buyers }) => ({
      ...{ orders, paidOrders, buyers },
      paid: toMoneyType(paid),
      refunded: toMoneyType(refunded),
      net: toMoneyType(subtract(paid, refunded)),
    }));
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => CreateCampaignResult)
  async createCampaign(
    @Context() ctx: Ctx,
    @Arg('input', () => CreateCampaignInput) input: CreateCampaignInput,
  ): Promise<typeof CreateCampaignResult> {
    if (isId(input.communityId)) await learnStanding(ctx, input.communityId as CommunityId);
    return createCampaign(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => ArchiveCampaignResult)
  archiveCampaign(
    @Context() ctx: Ctx,
    @Arg('input', () => ArchiveCampaignInput) input: ArchiveCampaignInput,
  ): Promise<typeof ArchiveCampaignResult> {
    return archiveCampaign(ctx, input);
  }
}

@Resolver(() => Community)
export class CommunityCampaignResolver {
  @Scopes('money:read')
  @FieldResolver(() => CampaignConnection, {
    nullable: true,
    description: 'Newest first; for who manages its catalogue.',
  })
  async campaigns(
    @Root() { id }: Community,
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<Campaign>> {
    requireUser(ctx);
    if (!canManageCatalogue(await ownMembership(ctx, id)))
      throw forbidden("Only the community's owner and administrators see its campaigns.");
    return campaignsOfCommunity(ctx.db, id, page);
  }
}

@Resolver(() => Order)
export class OrderCampaignResolver {
  @Scopes('money:read')
  @FieldResolver(() => Campaign, {
    nullable: true,
    description: 'By which it came, for good; for who manages the catalogue, null for others.',
  })
  async campaign(
    @Root() { campaignId, communityId }: Order,
    @Context() ctx: Ctx,
  ): Promise<Campaign | null> {
    if (campaignId === null || !canManageCatalogue(await ownMembership(ctx, communityId)))
      return null;
    return load(ctx, campaignsById, campaignId);
  }
}
