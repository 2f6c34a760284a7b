import { isId } from '@lyceum/contracts';
import { requireUser, useCase, UserError, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { NotCatalogueManager } from '../catalogue/catalogue.errors';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { membershipOf } from '../communities/membership.queries';
import { lockOrder } from '../orders/order.type';
import { selectPayments } from '../orders/payment.type';
import { writeRefund } from '../refunds/write-refund';
import { PlacementIsDisputed, PlacementNotFound, PlacementNotInReview } from './ad.errors';
import { AdPlacement, lockPlacement, selectPlacements } from './ad.type';
import { chargePlacement } from './charge-ads.job';
import { withdraw } from './budget';

@InputType()
export class ReviewPlacementInput {
  @Field(() => ID) placementId!: string;
  @Field(() => Boolean, { description: 'Whether it is shown; if not, what was paid goes back.' })
  isAccepted!: boolean;
}

@InputType()
export class EndPlacementInput {
  @Field(() => ID) placementId!: string;
}

export const ReviewPlacementResult = createUnionType({
  name: 'ReviewPlacementResult',
  types: () => [AdPlacement, PlacementNotFound, NotCatalogueManager, PlacementNotInReview] as const,
});

export const EndPlacementResult = createUnionType({
  name: 'EndPlacementResult',
  types: () => [AdPlacement, PlacementNotFound, PlacementIsDisputed] as const,
});

interface Looked {
  readonly placement: AdPlacement;
  readonly isManager: boolean;
}

/** The placement, locked after its order, as everywhere; for its advertiser and who manages the catalogue. */
const look = async (tx: Tx, id: string): Promise<Looked | PlacementNotFound> => {
  const { accountId } = requireUser(tx);
  const [found] = isId(id) ? await selectPlacements(tx.db, 'id = $1', [id]) : [];
  if (found === undefined) return new PlacementNotFound();
  const { communityId } = found;
  const isManager = canManageCatalogue(await membershipOf(tx.db, { communityId, accountId }));
  if (!isManager && found.accountId !== accountId) return new PlacementNotFound();
  await lockOrder(tx.db, found.orderId);
  const placement = await lockPlacement(tx.db, found.id);
  return placement === null ? new PlacementNotFound() : { placement, isManager };
};

const decide = async (tx: Tx, { id }: AdPlacement, status: string): Promise<AdPlacement> => {
  await tx.db.query('UPDATE ad_placement SET status = $2 WHERE id = $1', [id, status]);
  const decided = await lockPlacement(tx.db, id);
  if (decided === null) throw new Error('placements are never deleted');
  return decided;
};

/** Whether a placement is shown, by who manages the catalogue. */
export const reviewPlacement = useCase(
  async (
    tx,
    { placementId, isAccepted }: ReviewPlacementInput,
  ): Promise<typeof ReviewPlacementResult> => {
    const looked = await look(tx, placementId);
    if (looked instanceof UserError) return looked;
    if (!looked.isManager) return new NotCatalogueManager();
    const { placement } = looked;
    if (placement.status === (isAccepted ? 'running' : 'refused')) return placement;
    if (placement.status !== 'in-review') return new PlacementNotInReview();
    if (!isAccepted) await giveBack(tx, placement);
    return decide(tx, placement, isAccepted ? 'running' : 'refused');
  },
);

/** Shows it no more, by its advertiser or who manages the catalogue; what was not used goes back. Again it is over still. */
export const endPlacement = useCase(
  async (tx, { placementId }: EndPlacementInput): Promise<typeof EndPlacementResult> => {
    const looked = await look(tx, placementId);
    if (looked instanceof UserError) return looked;
    const { placement } = looked;
    if (placement.status !== 'running' && placement.status !== 'in-review') return placement;
    if (placement.isFrozen) return new PlacementIsDisputed();
    await chargePlacement(tx, placement.id); // what was seen before counts
    await giveBack(tx, placement);
    return decide(tx, placement, 'ended');
  },
);

/** What is left of the budget, to who has paid it. */
const giveBack = async (tx: Tx, placement: AdPlacement): Promise<void> => {
  const order = await lockOrder(tx.db, placement.orderId);
  const [payment] = await selectPayments(tx.db, `order_id = $1 AND status = 'settled'`, [
    placement.orderId,
  ]);
  if (order?.status !== 'paid' || payment === undefined) return;
  const amount = await withdraw(tx, placement);
  if (amount.amountMinor === 0n) return;
  await writeRefund(tx, {
    order,
    payment,
    origin: 'order',
    amount,
    taken: [{ code: 'platform-fee', ownerId: null, amount }],
    endsAccess: false,
    reason: 'What was not used of a budget',
    requestedBy: null,
  });
  await tx.db.query('UPDATE sales_order SET refunded_minor = refunded_minor + $2 WHERE id = $1', [
    order.id,
    amount.amountMinor.toString(),
  ]);
};
