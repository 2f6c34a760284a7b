import assert from 'node:assert/strict';
import { requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, InputType, Int } from 'type-graphql';
import {
  endHeld,
  EndingPreview,
  planEnding,
  toEndingPreview,
  type EndingPlan,
} from '../holds/end-held';
import { isDisputed, partOf } from '../holds/held-money';
import { NotNow } from '../holds/not-now';
import { selectOrders, type Order } from '../orders/order.type';
import { NotRefundable } from '../refunds/refund-terms';
import { addDays } from '../subscriptions/calendar';
import {
  CommissionNotFound,
  InvalidCommission,
  sideOf,
  visibleCommission,
  type Commission,
} from './commission.type';
import {
  CommissionInput,
  isText,
  lockWithOrder,
  moveCommission,
  onCommission,
  type Done,
  type Refusal,
} from './on-commission';

@InputType()
export class DeliverCommissionInput extends CommissionInput {
  @Field(() => String, { description: 'Where it is, or the work itself: 1 to 5000 characters.' })
  delivery!: string;
}

@InputType()
export class ObjectToDeliveryInput extends CommissionInput {
  @Field(() => String, { description: 'What should be otherwise: 1 to 2000 characters.' })
  objection!: string;
}

@InputType()
export class DecideCommissionInput extends CommissionInput {
  @Field(() => Int, {
    description: 'What goes back to the client, in hundredths of a percent: 0 to 10000.',
  })
  backBasisPoints!: number;
}

export const CommissionCancelPreview = createUnionType({
  name: 'CommissionCancelPreview',
  types: () => [EndingPreview, CommissionNotFound, NotNow, NotRefundable] as const,
});

const whole = 10_000;

/** The creator has done it. From now on the days run after which it is accepted by itself. */
export const deliverCommission = onCommission(
  async (tx, { commission, side }, { delivery }: DeliverCommissionInput) => {
    if (side !== 'creator') return new NotNow('The creator delivers.');
    if (commission.status !== 'working') return new NotNow('There is nothing to deliver.');
    if (!isText(delivery, 5_000))
      return new InvalidCommission('A delivery has 1 to 5000 characters.');
    const dueAt = addDays(tx.now, commission.acceptDays ?? 0);
    const next = { status: 'delivered', delivery: delivery.trim(), dueAt } as const;
    return { commission: await moveCommission(tx, commission, next), refundId: null };
  },
);

/** The client takes it; what is held is divided. Again it changes nothing. */
export const acceptDelivery = onCommission(async (tx, { commission, order, side }) => {
  if (side !== 'client') return new NotNow('The client accepts.');
  if (commission.status === 'accepted') return { commission, refundId: null };
  if (commission.status !== 'delivered') return new NotNow('Nothing was delivered.');
  return end(tx, { commission, order, share: 0, outcome: 'Accepted by the client.' });
});

/** The client wants it otherwise, as often as was agreed. The creator has as long as at first. */
export const requestRevision = onCommission(
  async (tx, { commission, side }, { objection }: ObjectToDeliveryInput) => {
    if (side !== 'client') return new NotNow('The client says what should be otherwise.');
    if (commission.status !== 'delivered') return new NotNow('Nothing was delivered.');
    if (!isText(objection, 2_000))
      return new InvalidCommission('Say in 1 to 2000 characters what should be otherwise.');
    if (commission.revised >= (commission.revisions ?? 0))
      return new NotNow('It was revised as often as was agreed: accept it, or contest it.');
    const next = {
      status: 'working',
      objection: objection.trim(),
      revised: commission.revised + 1,
      dueAt: addDays(tx.now, commission.deliverDays ?? 0),
    } as const;
    return { commission: await moveCommission(tx, commission, next), refundId: null };
  },
);

/** The client does not take it: who manages the catalogue decides. */
export const contestDelivery = onCommission(
  async (tx, { commission, side }, { objection }: ObjectToDeliveryInput) => {
    if (side !== 'client') return new NotNow('The client contests.');
    if (commission.status !== 'delivered') return new NotNow('Nothing was delivered.');
    if (!isText(objection, 2_000))
      return new InvalidCommission('Say in 1 to 2000 characters what is wrong.');
    const next = { status: 'contested', objection: objection.trim() } as const;
    return { commission: await moveCommission(tx, commission, next), refundId: null };
  },
);

/** Decides on what is contested: any part goes back, and the creator gets the rest. */
export const decideCommission = onCommission(
  async (tx, { commission, order, side }, { backBasisPoints: share }: DecideCommissionInput) => {
    // Nobody judges their own case, whatever their role.
    if (side !== 'manager') return new NotNow('Somebody who manages the catalogue decides.');
    if (commission.status !== 'contested') return new NotNow('Nothing is contested.');
    if (share < 0 || share > whole) return new InvalidCommission('A part is 0 to 10000.');
    return end(tx, { commission, order, share, outcome: 'Decided by the community.' });
  },
);

/**
 * Calls paid work off before it is delivered: the client on the terms of the quote, and for nothing when it is late;
 * the creator, or who manages the catalogue, with all of the money going back.
 */
export const cancelCommission = onCommission(async (tx, { commission, order, side }) => {
  if (commission.status === 'canceled') return { commission, refundId: null };
  const share = shareOfCancel(commission, side, tx.now);
  if (share === null) return new NotNow('Only work that is paid and not delivered is canceled.');
  const outcome = `Canceled by the ${side === 'manager' ? 'community' : side}.`;
  return end(tx, { commission, order, share, outcome });
});

const shareOfCancel = (
  { status, dueAt, keptBasisPoints }: Commission,
  side: 'client' | 'creator' | 'manager',
  now: Date,
): number | null => {
  if (status !== 'working') return null;
  const isLate = dueAt !== null && now > dueAt;
  return side === 'client' && !isLate ? whole - (keptBasisPoints ?? 0) : whole;
};

/** What canceling now would do with the money. Changes nothing. */
export const commissionCancelPreview = async (
  ctx: Ctx,
  commissionId: string,
): Promise<typeof CommissionCancelPreview> => {
  requireUser(ctx);
  const commission = await visibleCommission(ctx, commissionId);
  const side = commission === null ? null : await sideOf(ctx, commission);
  if (commission === null || side === null) return new CommissionNotFound();
  const share = shareOfCancel(commission, side, ctx.deps.now());
  if (share === null) return new NotNow('Only work that is paid and not delivered is canceled.');
  const [order] = await selectOrders(ctx.db, 'id = $1', [commission.orderId]);
  const plan = await planEnd(ctx, { commission, order: order ?? null, share }, ctx.deps.now());
  return plan instanceof UserError ? plan : toEndingPreview(plan);
};

/** Nobody complained in time: it is accepted. */
export const acceptDue = useCase(async (tx, commissionId: string): Promise<Done | Refusal> => {
  const locked = await lockWithOrder(tx, commissionId);
  if (locked === null) return new CommissionNotFound();
  const { status, dueAt } = locked.commission;
  if (status !== 'delivered' || dueAt === null || dueAt > tx.now)
    return new NotNow('It is not due.');
  return end(tx, { ...locked, share: 0, outcome: 'Nobody complained.' });
});

interface End {
  readonly commission: Commission;
  readonly order: Order | null;
  /** What goes back, in hundredths of a percent. */
  readonly share: number;
}

const planEnd = (
  ctx: Pick<Ctx | Tx, 'db' | 'actor'>,
  { commission, order, share }: End,
  now: Date,
): Promise<EndingPlan | NotRefundable> => {
  assert(order !== null, 'what was paid has an order');
  const back = partOf(order.total, share);
  return planEnding(ctx, { order, heldId: commission.id, back }, now);
};

const end = async (
  tx: Tx,
  { outcome, ...of }: End & { readonly outcome: string },
): Promise<Done | Refusal> => {
  if (of.order !== null && (await isDisputed(tx.db, of.order.id)))
    return new NotNow('The payment is disputed: the bank decides first.');
  const plan = await planEnd(tx, of, tx.now);
  if (plan instanceof UserError) return plan;
  const isWork = of.commission.status === 'delivered' || of.commission.status === 'contested';
  const status = isWork && of.share < whole ? 'accepted' : 'canceled';
  const commission = await moveCommission(tx, of.commission, { status, outcome, endedAt: tx.now });
  return { commission, refundId: await endHeld(tx, plan, outcome) };
};
