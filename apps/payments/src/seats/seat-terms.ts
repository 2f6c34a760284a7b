import { requireUser, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { NotCatalogueManager, ProductNotFound } from '../catalogue/catalogue.errors';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { ProductKind } from '../catalogue/product-kind';
import { lockProduct } from '../catalogue/product.queries';
import { InvalidTerms } from '../catalogue/product-terms';
import { membershipOf } from '../communities/membership.queries';

@ObjectType({ description: 'How seats of a product are sold.' })
export class SeatTerms {
  @Field(() => Int, {
    nullable: true,
    description: 'For how long they give access; null for good.',
  })
  accessDays!: number | null;
  @Field(() => Int, { description: 'How many one buys at least.' }) leastSeats!: number;
}

@InputType()
export class SetSeatTermsInput {
  @Field(() => ID) productId!: string;
  @Field(() => Int, { nullable: true, description: '1 to 3660 days; null for good.' })
  accessDays?: number | null;
  @Field(() => Int, { defaultValue: 1, description: '1 to 1000.' }) leastSeats!: number;
}

export const SetSeatTermsResult = createUnionType({
  name: 'SetSeatTermsResult',
  types: () => [SeatTerms, ProductNotFound, NotCatalogueManager, InvalidTerms] as const,
});

export const seatTermsOf = async (db: EntityManager, productId: string): Promise<SeatTerms> => {
  const [terms] = await db.query<SeatTerms[]>(
    'SELECT access_days AS "accessDays", least_seats AS "leastSeats" FROM seat_terms WHERE product_id = $1',
    [productId],
  );
  return Object.assign(new SeatTerms(), terms ?? { accessDays: null, leastSeats: 1 });
};

/** Says how seats are sold from now on; what was bought keeps the terms it was bought on. */
export const setSeatTerms = useCase(
  async (tx, input: SetSeatTermsInput): Promise<typeof SetSeatTermsResult> => {
    const { accountId } = requireUser(tx);
    const { accessDays = null, leastSeats } = input;
    const product = await lockProduct(tx.db, input.productId);
    if (product?.kind !== ProductKind.SEAT_PACK) return new ProductNotFound();
    const membership = await membershipOf(tx.db, { communityId: product.communityId, accountId });
    if (!canManageCatalogue(membership)) return new NotCatalogueManager();
    if (accessDays !== null && (accessDays < 1 || accessDays > 3_660))
      return new InvalidTerms('Access is for 1 to 3660 days, or for good.');
    if (leastSeats < 1 || leastSeats > 1_000) return new InvalidTerms('One buys 1 to 1000 seats.');
    await tx.db.query(
      `INSERT INTO seat_terms (product_id, access_days, least_seats) VALUES ($1, $2, $3)
       ON CONFLICT (product_id) DO UPDATE
         SET access_days = excluded.access_days, least_seats = excluded.least_seats`,
      [product.id, accessDays, leastSeats],
    );
    return Object.assign(new SeatTerms(), { accessDays, leastSeats });
  },
);
