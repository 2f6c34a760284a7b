import { newId } from '@lyceum/contracts';
import { negate } from '@lyceum/money';
import { requireUser, useCase, UserError } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { NotCatalogueManager, ProductNotFound } from '../catalogue/catalogue.errors';
import { lockProduct } from '../catalogue/product.queries';
import { membershipOf } from '../communities/membership.queries';
import { MoneyInput, parseMoneyInput } from '../graph/money.type';
import { canSeeReturns } from './cost.policy';
import { isDay } from './day';
import { CostCategory, ProductCost, type ProductCostId } from './product-cost.entity';

@InputType()
export class RecordCostInput {
  @Field(() => ID) productId!: string;
  @Field(() => CostCategory) category!: CostCategory;
  @Field(() => MoneyInput, { description: 'More than nothing.' }) amount!: MoneyInput;
  @Field(() => String, { description: 'The day, `YYYY-MM-DD`.' }) incurredOn!: string;
  @Field(() => String, { nullable: true, description: 'At most 500 characters.' })
  note?: string | null;
  @Field(() => String, { description: 'The same key records once, 1 to 100 characters.' })
  idempotencyKey!: string;
}

@InputType()
export class VoidCostInput {
  @Field(() => ID) costId!: string;
}

@ObjectType({ implements: UserError })
export class InvalidCost extends UserError {
  readonly code = 'INVALID_COST' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

@ObjectType({ implements: UserError })
export class CostNotFound extends UserError {
  readonly code = 'COST_NOT_FOUND' as const;
  readonly message = 'There is no such cost.';
}

@ObjectType({ implements: UserError })
export class CostIsVoid extends UserError {
  readonly code = 'COST_IS_VOID' as const;
  readonly message = 'It was taken back before, or takes another one back.';
}

export const RecordCostResult = createUnionType({
  name: 'RecordCostResult',
  types: () => [ProductCost, ProductNotFound, NotCatalogueManager, InvalidCost] as const,
});

export const VoidCostResult = createUnionType({
  name: 'VoidCostResult',
  types: () => [ProductCost, CostNotFound, NotCatalogueManager, CostIsVoid] as const,
});

const maxAmountMinor = 1_000_000_000_000n;

/** Notes what a product cost, by who sells it. The same key again answers the same cost. */
export const recordCost = useCase(
  async (tx, input: RecordCostInput): Promise<typeof RecordCostResult> => {
    const { accountId } = requireUser(tx);
    const product = await lockProduct(tx.db, input.productId);
    if (product === null) return new ProductNotFound();
    const membership = await membershipOf(tx.db, { communityId: product.communityId, accountId });
    if (membership === null || !canSeeReturns(membership, product))
      return new NotCatalogueManager();
    const { memberId: recordedById } = membership;
    const { idempotencyKey } = input;
    const known = await tx.db.findOneBy(ProductCost, { recordedById, idempotencyKey });
    if (known !== null) return known;
    const amount = parseMoneyInput(input.amount);
    if (amount === null || amount.amountMinor <= 0n || amount.amountMinor > maxAmountMinor)
      return new InvalidCost('A cost is more than nothing, and not astronomical.');
    if (!isDay(input.incurredOn)) return new InvalidCost('The day is YYYY-MM-DD.');
    if (!/^.{1,100}$/s.test(idempotencyKey))
      return new InvalidCost('A key has 1 to 100 characters.');
    if ((input.note?.length ?? 0) > 500)
      return new InvalidCost('A note has at most 500 characters.');

    const cost = tx.db.create(ProductCost, {
      id: newId<'ProductCost'>(),
      productId: product.id,
      category: input.category,
      ...amount,
      incurredOn: input.incurredOn,
      note: input.note ?? null,
      voidsId: null,
      recordedById,
      recordedAt: tx.now,
      idempotencyKey,
    });
    await tx.db.insert(ProductCost, cost);
    return cost;
  },
);

/** Takes a cost back by its mirror image; both stay readable. */
export const voidCost = useCase(
  async (tx, { costId }: VoidCostInput): Promise<typeof VoidCostResult> => {
    const { accountId } = requireUser(tx);
    const cost = await tx.db.findOneBy(ProductCost, { id: costId as ProductCostId });
    const product = cost === null ? null : await lockProduct(tx.db, cost.productId);
    if (cost === null || product === null) return new CostNotFound();
    const membership = await membershipOf(tx.db, { communityId: product.communityId, accountId });
    if (membership === null || !canSeeReturns(membership, product))
      return new NotCatalogueManager();
    if (cost.voidsId !== null) return new CostIsVoid();
    if (await tx.db.existsBy(ProductCost, { voidsId: cost.id })) return new CostIsVoid();

    const mirror = tx.db.create(ProductCost, {
      id: newId<'ProductCost'>(),
      productId: cost.productId,
      category: cost.category,
      ...negate(cost.amount),
      incurredOn: cost.incurredOn,
      note: cost.note,
      voidsId: cost.id,
      recordedById: membership.memberId,
      recordedAt: tx.now,
      idempotencyKey: `void ${cost.id}`,
    });
    await tx.db.insert(ProductCost, mirror);
    return mirror;
  },
);
