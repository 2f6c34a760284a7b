import type { AccountId, CommunityId, Id } from '@lyceum/contracts';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { ProductId } from '../catalogue/product.entity';
import type { StateOf } from '../state-machines';

export type EntitlementId = Id<'Entitlement'>;

export enum EntitlementStatus {
  ACTIVE = 'active',
  SUSPENDED = 'suspended',
  REVOKED = 'revoked',
}
registerEnumType(EntitlementStatus, {
  name: 'EntitlementStatus',
  valuesConfig: {
    ACTIVE: { description: 'From its start to its end, if it has one.' },
    SUSPENDED: { description: 'Withheld while a dispute lasts.' },
    REVOKED: { description: 'Ended by a refund, a lost dispute, or whoever gave it.' },
  },
});

@ObjectType({ description: 'The right of an account to use a product.' })
export class Entitlement {
  @Field(() => ID) id!: EntitlementId;
  accountId!: AccountId;
  communityId!: CommunityId;
  productId!: ProductId;
  sourceType!: string;
  sourceId!: string;
  @Field(() => EntitlementStatus) status!: StateOf<'entitlement'>;
  @Field(() => Date) startsAt!: Date;
  @Field(() => Date, { nullable: true, description: 'Null for good.' }) endsAt!: Date | null;
  version!: number;
}

export const entitlementColumns = `id, account_id AS "accountId", community_id AS "communityId",
  product_id AS "productId", source_type AS "sourceType", source_id AS "sourceId", status,
  starts_at AS "startsAt", ends_at AS "endsAt", version`;
