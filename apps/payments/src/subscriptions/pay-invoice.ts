import assert from 'node:assert/strict';
import { requireUser, useCase, UserError, type Ctx } from '@lyceum/platform';
import { Product } from '../catalogue/product.entity';
import {
  startOrderPayment,
  type PaymentRefusal,
  type PaymentSession,
  type PayWithInput,
} from '../income/start-order-payment';
import { refundPolicyOf } from '../orders/line-of-product';
import { SoldOut } from '../orders/order.errors';
import { lockOrder, type Order } from '../orders/order.type';
import { placeOrder } from '../orders/place-order';
import { IncomeStream } from '../splits/split-table.entity';
import { splitInForce } from '../splits/split.queries';
import { changed } from './advance-due';
import { lockOpenInvoice, lockOwn, type ById } from './control';
import { updateInvoices } from './rows';
import { NothingToPay, PaymentUnderWay, type SubscriptionNotFound } from './subscription.errors';

export type PayInvoiceRefusal =
  SubscriptionNotFound | NothingToPay | PaymentUnderWay | PaymentRefusal;

/** Pays what a subscription asks for on a provider's page: for its first payment, or when its card is declined. */
export const payInvoice = async (
  ctx: Ctx,
  input: ById & PayWithInput,
): Promise<PaymentSession | PayInvoiceRefusal> => {
  requireUser(ctx);
  const order = await orderFor(ctx, input);
  return order instanceof UserError ? order : startOrderPayment(ctx, order, input);
};

/** The order that pays the open invoice; the same one until it is closed. It is not charged by itself meanwhile. */
const orderFor = useCase(
  async (
    tx,
    { subscriptionId }: ById,
  ): Promise<Order | SubscriptionNotFound | NothingToPay | PaymentUnderWay> => {
    const { accountId } = requireUser(tx);
    const subscription = await lockOwn(tx, subscriptionId);
    if (subscription instanceof UserError) return subscription;
    const invoice = await lockOpenInvoice(tx, subscription.id);
    if (invoice === null) return new NothingToPay();
    if (invoice.chargingSince !== null) return new PaymentUnderWay();
    const known = invoice.orderId === null ? null : await lockOrder(tx.db, invoice.orderId);
    if (known?.status === 'awaiting-payment' && known.expiresAt > tx.now) return known;

    const product = await tx.db.findOneByOrFail(Product, { id: invoice.productId });
    const { communityId, id: productId } = product;
    const scope = { communityId, productId, stream: IncomeStream.SALES };
    const order = await placeOrder(tx, {
      communityId,
      buyerId: accountId,
      buyerMemberId: subscription.memberId,
      lines: [
        {
          purpose: 'subscription',
          referenceId: invoice.id,
          productId,
          priceId: invoice.priceId,
          title: product.title,
          amount: invoice.total,
          splitId: (await splitInForce(tx.db, scope, tx.now)).id,
          earnerId: product.earnerId ?? product.createdById,
        },
      ],
      refundPolicy: await refundPolicyOf(tx, product),
      campaignId: subscription.campaignId,
    });
    assert(!(order instanceof SoldOut), 'subscriptions do not sell out');
    await updateInvoices(tx.db, [changed(invoice, { orderId: order.id, nextAttemptAt: null })]);
    return order;
  },
);
