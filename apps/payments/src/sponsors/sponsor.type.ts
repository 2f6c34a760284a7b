import { UserError } from '@lyceum/platform';
import type { AccountId, CommunityId, Id } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { AdLabel } from '../ads/ad.type';
import type { ProductId } from '../catalogue/product.entity';

export type SponsorId = Id<'Sponsor'>;

export enum SponsorStatus {
  IN_REVIEW = 'in-review',
  SHOWN = 'shown',
  REFUSED = 'refused',
}
registerEnumType(SponsorStatus, {
  name: 'SponsorStatus',
  valuesConfig: {
    IN_REVIEW: { description: 'Who manages the catalogue has not looked at it yet.' },
    SHOWN: { description: 'Shown as a sponsor for as long as is paid for.' },
    REFUSED: { description: 'It is not shown as it is.' },
  },
});

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'Who supports a community, and is named for it.' })
export class Sponsor {
  @Field(() => ID) readonly id!: SponsorId;
  readonly communityId!: CommunityId;
  readonly accountId!: AccountId;
  @Field(() => String) readonly name!: string;
  @Field(() => String) readonly url!: string;
  @Field(() => String, { nullable: true }) readonly logoUrl!: string | null;
  @Field(() => SponsorStatus) readonly status!: string;
  /** The highest tier that is paid for now; null when none is. */
  readonly tierId!: ProductId | null;
  @Field(() => Date, { nullable: true, description: 'The end of what is paid for.' })
  readonly endsAt!: Date | null;

  @Field(() => AdLabel, { description: 'What has to stand beside it wherever it is shown.' })
  get label(): AdLabel {
    return AdLabel.SPONSORED;
  }
}

@ObjectType({ implements: UserError })
export class SponsorNotFound extends UserError {
  readonly code = 'SPONSOR_NOT_FOUND' as const;
  readonly message = 'There is no such sponsor.';
}

@ObjectType({ implements: UserError })
export class NotSponsoring extends UserError {
  readonly code = 'NOT_SPONSORING' as const;
  readonly message = 'You have bought none of the tiers of this community, or its term is over.';
}

@ObjectType({ implements: UserError })
export class InvalidSponsor extends UserError {
  readonly code = 'INVALID_SPONSOR' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

/**
 * Sponsors with the tier that they pay for at that moment ($1), the highest one where there are several; `where` is SQL of
 * ours about `sponsor` and `tier`, with its parameters from $2.
 */
export const selectSponsors = async (
  db: EntityManager,
  where: string,
  parameters: readonly [Date, ...unknown[]],
): Promise<Sponsor[]> => {
  const rows = await db.query<Sponsor[]>(
    `SELECT sponsor.id, sponsor.community_id AS "communityId", sponsor.account_id AS "accountId", sponsor.name,
       sponsor.url, sponsor.logo_url AS "logoUrl", sponsor.status, tier.product_id AS "tierId", tier.ends_at AS "endsAt"
     FROM sponsor LEFT JOIN LATERAL (${tierSql}) AS tier ON true WHERE ${where}`,
    [...parameters],
  );
  return rows.map((row) => Object.assign(new Sponsor(), row));
};

const tierSql = `
  SELECT entitlement.product_id, entitlement.ends_at, coalesce(sponsor_tier.rank, 100) AS rank
  FROM entitlement JOIN product ON product.id = entitlement.product_id AND product.kind = 'sponsorship'
    LEFT JOIN sponsor_tier ON sponsor_tier.product_id = product.id
  WHERE product.community_id = sponsor.community_id AND entitlement.account_id = sponsor.account_id
    AND entitlement.status = 'active' AND entitlement.starts_at <= $1
    AND (entitlement.ends_at IS NULL OR entitlement.ends_at > $1)
  ORDER BY rank, entitlement.ends_at DESC NULLS FIRST LIMIT 1`;
