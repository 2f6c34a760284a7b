import { requireUser, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { NotCatalogueManager, ProductNotFound } from '../catalogue/catalogue.errors';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { intervalsOf } from '../catalogue/product-kind';
import { Product } from '../catalogue/product.entity';
import { lockProduct } from '../catalogue/product.queries';
import { membershipOf } from '../communities/membership.queries';
import { InvalidSubscriptionTerms } from './subscription.errors';

/** How a product is subscribed to. */
export interface SubscriptionTerms {
  readonly trialDays: number;
  /** Days of access after a renewal failed. */
  readonly graceDays: number;
}

export const graceChoices: readonly number[] = [0, 2, 7, 14, 21];
const defaultTerms: SubscriptionTerms = { trialDays: 0, graceDays: 7 };

export const termsOf = async (db: EntityManager, productId: string): Promise<SubscriptionTerms> => {
  const [terms] = await db.query<SubscriptionTerms[]>(
    `SELECT trial_days AS "trialDays", grace_days AS "graceDays" FROM subscription_terms WHERE product_id = $1`,
    [productId],
  );
  return terms ?? defaultTerms;
};

@InputType()
export class SetSubscriptionTermsInput {
  @Field(() => ID) productId!: string;
  @Field(() => Int, { description: 'Days that cost nothing, once a person: 0 to 730.' })
  trialDays!: number;
  @Field(() => Int, { description: 'Days of access while a payment is late: 0, 2, 7, 14 or 21.' })
  graceDays!: number;
}

export const SetSubscriptionTermsResult = createUnionType({
  name: 'SetSubscriptionTermsResult',
  types: () => [Product, ProductNotFound, NotCatalogueManager, InvalidSubscriptionTerms] as const,
});

/** For subscriptions that begin from now on; those there are keep the terms they began with. */
export const setSubscriptionTerms = useCase(
  async (tx, input: SetSubscriptionTermsInput): Promise<typeof SetSubscriptionTermsResult> => {
    const { accountId } = requireUser(tx);
    const product = await lockProduct(tx.db, input.productId);
    if (product === null) return new ProductNotFound();
    const membership = await membershipOf(tx.db, { communityId: product.communityId, accountId });
    if (!canManageCatalogue(membership)) return new NotCatalogueManager();
    if (intervalsOf[product.kind].length === 1)
      return new InvalidSubscriptionTerms('This kind of product is paid once.');
    if (input.trialDays < 0 || input.trialDays > 730)
      return new InvalidSubscriptionTerms('A trial is 0 to 730 days.');
    if (!graceChoices.includes(input.graceDays))
      return new InvalidSubscriptionTerms('Grace is 0, 2, 7, 14 or 21 days.');

    await tx.db.query(
      `INSERT INTO subscription_terms (product_id, trial_days, grace_days) VALUES ($1, $2, $3)
       ON CONFLICT (product_id) DO UPDATE SET trial_days = excluded.trial_days, grace_days = excluded.grace_days`,
      [product.id, input.trialDays, input.graceDays],
    );
    return product;
  },
);
