import { newId } from '@lyceum/contracts';
import { isZero, money, sum, zero, type Money } from '@lyceum/money';
import { requireUser, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { Field, ObjectType } from 'type-graphql';
import { MoneyType, toMoneyType } from '../graph/money.type';
import type { Credit } from '../orders/fulfilment';
import type { Order } from '../orders/order.type';
import { planByRule, type RefundPlan } from '../refunds/plan-refund';
import { carryOut, sendSoon } from '../refunds/refund-order';
import type { NotRefundable } from '../refunds/refund-terms';
import type { RefundId } from '../refunds/write-refund';
import { heldNow, settleHeld, sharesOfHeld } from './held-money';

/** How money that is held will be divided between who paid it and who was to have it. */
export interface EndingPlan {
  readonly order: Order;
  readonly heldId: string;
  /** Null when nothing goes back. */
  readonly refund: RefundPlan | null;
  readonly shares: readonly Credit[];
}

@ObjectType({
  description: 'What happens to the money, to the smallest unit, before anything does.',
})
export class EndingPreview {
  @Field(() => MoneyType, { description: 'The buyer gets this back.' }) buyerGets!: MoneyType;
  @Field(() => MoneyType, { description: 'All who have a share of the rest get this.' })
  creatorsGet!: MoneyType;
  @Field(() => MoneyType, {
    description: 'The platform gets this; below zero it bears the fee that its provider keeps.',
  })
  platformGets!: MoneyType;
}

/**
 * Works out what becomes of the money when `back` of what was paid goes back, and who was to have it gets the rest.
 * Reads alone: a preview and the thing itself are the same code.
 */
export const planEnding = async (
  ctx: Pick<Ctx | Tx, 'db' | 'actor'>,
  { order, heldId, back }: { readonly order: Order; readonly heldId: string; readonly back: Money },
  now: Date,
): Promise<EndingPlan | NotRefundable> => {
  const held = (await heldNow(ctx.db, heldId)) ?? zero(order.currency);
  const amount = leastOf(back, order.refundable);
  const refund = isZero(amount) ? null : await planByRule(ctx, { order, amount }, now);
  if (refund instanceof UserError) return refund;
  const gone = sum(
    (refund?.taken ?? []).filter(({ ownerId }) => ownerId === heldId).map((part) => part.amount),
    order.currency,
  );
  const rest = money(held.amountMinor - gone.amountMinor, order.currency);
  const shares = isZero(rest) ? [] : await sharesOfHeld(ctx, order, rest);
  return { order, heldId, refund, shares };
};

const leastOf = (left: Money, right: Money): Money =>
  left.amountMinor < right.amountMinor ? left : right;

/** Does what the plan says; the order is locked. Null when nothing goes back. */
export const endHeld = async (
  tx: Tx,
  { order, heldId, refund }: EndingPlan,
  reason: string,
): Promise<RefundId | null> => {
  const id = refund === null ? null : newId<'Refund'>();
  const accountId = tx.actor.kind === 'user' ? requireUser(tx).accountId : null;
  if (refund !== null && id !== null) await carryOut(tx, refund, { id, reason, accountId });
  await settleHeld(tx, order, heldId);
  return id;
};

/** After the commit: has the provider asked for what goes back, if anything does. */
export const sendBack = (ctx: Ctx, refundId: RefundId | null): Promise<void> =>
  refundId === null ? Promise.resolve() : sendSoon(ctx, refundId);

export const toEndingPreview = ({ order, refund, shares }: EndingPlan): EndingPreview => {
  const total = (parts: readonly Credit[], code: string): bigint =>
    parts
      .filter((part) => part.code === code)
      .reduce((all, part) => all + part.amount.amountMinor, 0n);
  const taken = refund?.taken ?? [];
  const platform = total(shares, 'platform-fee') - total(taken, 'platform-fee');
  const creators = total(shares, 'creator-earnings');
  return Object.assign(new EndingPreview(), {
    buyerGets: toMoneyType(refund?.amount ?? zero(order.currency)),
    creatorsGet: toMoneyType(money(creators, order.currency)),
    platformGets: toMoneyType(money(platform, order.currency)),
  });
};
