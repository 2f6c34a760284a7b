import { isId, type CommunityId } from '@lyceum/contracts';
import { requireUser, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { NotCatalogueManager } from '../catalogue/catalogue.errors';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { membershipOf } from '../communities/membership.queries';
import { InvalidPayout } from './request-payout';
import { PayoutTerms } from './payout.type';

@InputType()
export class SetPayoutTermsInput {
  @Field(() => ID) communityId!: string;
  @Field(() => Int, { description: '0 to 120.' }) holdDays!: number;
  @Field(() => String, { description: 'Whole minor units, 1 to 1000000000.' })
  minimumMinor!: string;
}

export const SetPayoutTermsResult = createUnionType({
  name: 'SetPayoutTermsResult',
  types: () => [PayoutTerms, NotCatalogueManager, InvalidPayout] as const,
});

/** For payouts that are asked for from now on. */
export const setPayoutTerms = useCase(
  async (tx, input: SetPayoutTermsInput): Promise<typeof SetPayoutTermsResult> => {
    const { accountId } = requireUser(tx);
    if (!isId(input.communityId)) return new NotCatalogueManager();
    const communityId = input.communityId as CommunityId; // has the form of one
    const membership = await membershipOf(tx.db, { communityId, accountId });
    if (!canManageCatalogue(membership)) return new NotCatalogueManager();
    const { holdDays, minimumMinor } = input;
    if (holdDays < 0 || holdDays > 120)
      return new InvalidPayout('Earnings are held 0 to 120 days.');
    if (!/^[1-9]\d{0,8}$|^1000000000$/.test(minimumMinor))
      return new InvalidPayout('The minimum is 1 to 1000000000 minor units.');

    await tx.db.query(
      `INSERT INTO payout_terms (community_id, hold_days, minimum_minor) VALUES ($1, $2, $3)
       ON CONFLICT (community_id) DO UPDATE SET hold_days = excluded.hold_days, minimum_minor = excluded.minimum_minor`,
      [communityId, holdDays, minimumMinor],
    );
    return Object.assign(new PayoutTerms(), { holdDays, minimumMinor });
  },
);
