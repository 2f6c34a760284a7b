import { isId, newId, type CommunityId } from '@lyceum/contracts';
import { requireUser, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { In } from 'typeorm';
import { NotCatalogueManager } from '../catalogue/catalogue.errors';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { Product, type ProductId } from '../catalogue/product.entity';
import { parseTitle } from '../catalogue/title';
import { membershipOf } from '../communities/membership.queries';
import { Campaign, parseCampaignCode, type CampaignId } from './campaign.entity';
import { CampaignCodeTaken, CampaignNotFound, InvalidCampaign } from './campaign.errors';

@InputType()
export class CreateCampaignInput {
  @Field(() => ID) communityId!: string;
  @Field(() => String, {
    description: '1 to 40 letters of a to z, digits and `-`. A code is used once, for good.',
  })
  code!: string;
  @Field(() => String, { description: '1 to 200 characters, for who manages the catalogue.' })
  name!: string;
  @Field(() => [ID], { defaultValue: [], description: 'None are all that the community sells.' })
  productIds!: string[];
  @Field(() => Date, { nullable: true }) startsAt?: Date | null;
  @Field(() => Date, { nullable: true }) endsAt?: Date | null;
}

@InputType()
export class ArchiveCampaignInput {
  @Field(() => ID) campaignId!: string;
}

export const CreateCampaignResult = createUnionType({
  name: 'CreateCampaignResult',
  types: () => [Campaign, NotCatalogueManager, InvalidCampaign, CampaignCodeTaken] as const,
});

export const ArchiveCampaignResult = createUnionType({
  name: 'ArchiveCampaignResult',
  types: () => [Campaign, CampaignNotFound, NotCatalogueManager] as const,
});

/** Makes a link whose buyers are counted, by the community's owner or an administrator. */
export const createCampaign = useCase(
  async (tx, input: CreateCampaignInput): Promise<typeof CreateCampaignResult> => {
    const { accountId } = requireUser(tx);
    if (!isId(input.communityId)) return new NotCatalogueManager();
    const communityId = input.communityId as CommunityId; // has the form of one
    const membership = await membershipOf(tx.db, { communityId, accountId });
    if (membership === null || !canManageCatalogue(membership)) return new NotCatalogueManager();
    const terms = parseTerms(input);
    if (terms instanceof InvalidCampaign) return terms;
    const { productIds } = terms;
    const known =
      productIds.length === 0
        ? 0
        : await tx.db.countBy(Product, { id: In([...productIds]), communityId });
    if (known !== productIds.length) return new InvalidCampaign('There is no such product here.');

    const campaign = tx.db.create(Campaign, {
      ...{ id: newId<'Campaign'>(), communityId, ...terms },
      ...{ createdById: membership.memberId, createdAt: tx.now, archivedAt: null },
    });
    const inserted = await tx.db
      .createQueryBuilder()
      .insert()
      .into(Campaign)
      .values(campaign)
      .orIgnore()
      .returning('id')
      .execute();
    // PostgreSQL returns the rows it has inserted.
    return (inserted.raw as unknown[]).length === 0 ? new CampaignCodeTaken() : campaign;
  },
);

/** Nobody comes by it any more; who came is counted on. Again, it changes nothing. */
export const archiveCampaign = useCase(
  async (tx, { campaignId }: ArchiveCampaignInput): Promise<typeof ArchiveCampaignResult> => {
    const { accountId } = requireUser(tx);
    const campaign = isId(campaignId)
      ? await tx.db.findOne(Campaign, {
          where: { id: campaignId as CampaignId },
          lock: { mode: 'pessimistic_write' },
        })
      : null;
    if (campaign === null) return new CampaignNotFound();
    const { communityId } = campaign;
    const membership = await membershipOf(tx.db, { communityId, accountId });
    if (membership === null) return new CampaignNotFound();
    if (!canManageCatalogue(membership)) return new NotCatalogueManager();

    campaign.archivedAt ??= tx.now;
    await tx.db.update(Campaign, campaign.id, { archivedAt: campaign.archivedAt });
    return campaign;
  },
);

type Terms = Pick<Campaign, 'code' | 'name' | 'productIds' | 'startsAt' | 'endsAt'>;

const maxProducts = 100;

const parseTerms = (input: CreateCampaignInput): Terms | InvalidCampaign => {
  const { startsAt = null, endsAt = null } = input;
  const code = parseCampaignCode(input.code);
  if (code === null)
    return new InvalidCampaign('A code is 1 to 40 letters of a to z, digits and "-" between them.');
  const name = parseTitle(input.name);
  if (name === null) return new InvalidCampaign('A name has 1 to 200 characters.');
  const productIds = [...new Set(input.productIds)] as ProductId[]; // compared with real ones next
  if (productIds.length > maxProducts || !productIds.every(isId))
    return new InvalidCampaign("It is for at most 100 of the community's products.");
  if (startsAt !== null && endsAt !== null && endsAt <= startsAt)
    return new InvalidCampaign('It ends after it starts.');
  return { code, name, productIds, startsAt, endsAt };
};
