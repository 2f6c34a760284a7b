import { isId, newId, type CommunityId } from '@lyceum/contracts';
import { requireUser, useCase, type Tx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { NotCatalogueManager, ProductNotFound } from '../catalogue/catalogue.errors';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { ProductKind } from '../catalogue/product-kind';
import { Product } from '../catalogue/product.entity';
import { lockProduct } from '../catalogue/product.queries';
import { membershipOf } from '../communities/membership.queries';
import {
  InvalidSponsor,
  NotSponsoring,
  selectSponsors,
  Sponsor,
  SponsorNotFound,
} from './sponsor.type';

@InputType()
export class SetSponsorTierInput {
  @Field(() => ID, { description: 'A product that is a sponsorship.' }) productId!: string;
  @Field(() => Int, { description: 'What is paid once lasts so many days: 1 to 730.' })
  termDays!: number;
  @Field(() => Int, { description: '1 to 100; the lowest stands first.' }) rank!: number;
}

@InputType()
export class DescribeSponsorInput {
  @Field(() => ID) communityId!: string;
  @Field(() => String, { description: '1 to 80 characters.' }) name!: string;
  @Field(() => String, { description: 'Where it leads: an https address.' }) url!: string;
  @Field(() => String, { nullable: true, description: 'An https address.' })
  logoUrl?: string | null;
}

@InputType()
export class ReviewSponsorInput {
  @Field(() => ID) sponsorId!: string;
  @Field(() => Boolean) isAccepted!: boolean;
}

export const SetSponsorTierResult = createUnionType({
  name: 'SetSponsorTierResult',
  types: () => [Product, ProductNotFound, NotCatalogueManager, InvalidSponsor] as const,
});

export const DescribeSponsorResult = createUnionType({
  name: 'DescribeSponsorResult',
  types: () => [Sponsor, NotSponsoring, InvalidSponsor] as const,
});

export const ReviewSponsorResult = createUnionType({
  name: 'ReviewSponsorResult',
  types: () => [Sponsor, SponsorNotFound, NotCatalogueManager] as const,
});

/** Days for which something that is paid once lasts; null for good. */
export const termDaysOf = async (db: EntityManager, productId: string): Promise<number | null> => {
  const [tier] = await db.query<{ days: number }[]>(
    'SELECT term_days AS days FROM sponsor_tier WHERE product_id = $1',
    [productId],
  );
  return tier?.days ?? null;
};

/** How long a sponsorship lasts that is paid once, and where its sponsors stand; for those sold from now on. */
export const setSponsorTier = useCase(
  async (tx, input: SetSponsorTierInput): Promise<typeof SetSponsorTierResult> => {
    const { accountId } = requireUser(tx);
    const product = isId(input.productId) ? await lockProduct(tx.db, input.productId) : null;
    if (product === null) return new ProductNotFound();
    const membership = await membershipOf(tx.db, { communityId: product.communityId, accountId });
    if (!canManageCatalogue(membership)) return new NotCatalogueManager();
    if (product.kind !== ProductKind.SPONSORSHIP)
      return new InvalidSponsor('This product is no sponsorship.');
    if (input.termDays < 1 || input.termDays > 730)
      return new InvalidSponsor('A term is 1 to 730 days.');
    if (input.rank < 1 || input.rank > 100) return new InvalidSponsor('A rank is 1 to 100.');
    await tx.db.query(
      `INSERT INTO sponsor_tier (product_id, term_days, rank) VALUES ($1, $2, $3)
       ON CONFLICT (product_id) DO UPDATE SET term_days = excluded.term_days, rank = excluded.rank`,
      [product.id, input.termDays, input.rank],
    );
    return product;
  },
);

const isHttps = (url: string): boolean =>
  url.length <= 500 && URL.canParse(url) && new URL(url).protocol === 'https:';

/** Says who sponsors, by who has bought a tier. It is shown once who manages the catalogue has looked at it. */
export const describeSponsor = useCase(
  async (tx, input: DescribeSponsorInput): Promise<typeof DescribeSponsorResult> => {
    const { accountId } = requireUser(tx);
    if (!isId(input.communityId)) return new NotSponsoring();
    const name = input.name.trim();
    const length = Array.from(name).length;
    if (length < 1 || length > 80) return new InvalidSponsor('A name has 1 to 80 characters.');
    if (![input.url, input.logoUrl ?? input.url].every(isHttps))
      return new InvalidSponsor('An address is https, and has at most 500 characters.');

    const [written] = await tx.db.query<{ id: string }[]>(
      `INSERT INTO sponsor AS known (id, community_id, account_id, name, url, logo_url, status, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'in-review', $7)
       ON CONFLICT (community_id, account_id) DO UPDATE SET name = excluded.name, url = excluded.url,
         logo_url = excluded.logo_url, status = CASE
           WHEN (known.name, known.url, known.logo_url) IS NOT DISTINCT FROM (excluded.name, excluded.url, excluded.logo_url)
           THEN known.status ELSE 'in-review' END
       RETURNING id`,
      [
        newId<'Sponsor'>(),
        input.communityId,
        accountId,
        name,
        input.url,
        input.logoUrl ?? null,
        tx.now,
      ],
    );
    const sponsor = await sponsorById(tx, written?.id ?? '');
    return sponsor?.tierId == null ? new NotSponsoring() : sponsor;
  },
);

/** Whether a sponsor is shown as it has described itself, by who manages the catalogue. */
export const reviewSponsor = useCase(
  async (
    tx,
    { sponsorId, isAccepted }: ReviewSponsorInput,
  ): Promise<typeof ReviewSponsorResult> => {
    const { accountId } = requireUser(tx);
    const sponsor = isId(sponsorId) ? await sponsorById(tx, sponsorId) : null;
    if (sponsor === null) return new SponsorNotFound();
    const communityId: CommunityId = sponsor.communityId;
    const membership = await membershipOf(tx.db, { communityId, accountId });
    if (!canManageCatalogue(membership))
      return membership === null ? new SponsorNotFound() : new NotCatalogueManager();
    const status = isAccepted ? 'shown' : 'refused';
    await tx.db.query('UPDATE sponsor SET status = $2 WHERE id = $1', [sponsorId, status]);
    return (await sponsorById(tx, sponsorId)) ?? new SponsorNotFound();
  },
);

const sponsorById = async (tx: Tx, id: string): Promise<Sponsor | null> =>
  (await selectSponsors(tx.db, 'sponsor.id = $2', [tx.now, id]))[0] ?? null;
