import {
  changeEntitlements,
  endPastTerms,
  grantEntitlement,
  ownsProduct,
} from '../entitlements/grant-entitlement';
import { termDaysOf } from '../sponsors/sponsoring';
import { addDays } from '../subscriptions/calendar';
import type { Fulfilment } from './fulfilment';
import { piecesOf, returnStock } from './stock';

/** A product of the catalogue: who paid for it may use it. */
export const productFulfilment: Fulfilment = {
  isAvailable: async (tx, { order, line }) =>
    line.productId === null ||
    !(await ownsProduct(tx.db, {
      accountId: order.buyerId,
      productId: line.productId,
      at: tx.now,
    })),
  settled: async (tx, { order, line }) => {
    if (line.productId === null) return;
    const days = await termDaysOf(tx.db, line.productId);
    // What was bought for a term before, and is over, makes room for the same again.
    if (days !== null)
      await endPastTerms(tx, { accountId: order.buyerId, productId: line.productId });
    await grantEntitlement(tx, {
      accountId: order.buyerId,
      communityId: order.communityId,
      productId: line.productId,
      source: { type: 'order', id: order.id },
      startsAt: tx.now,
      endsAt: days === null ? null : addDays(tx.now, days),
    });
  },
  refunded: async (tx, { order, line, isFull, endsAccess }) => {
    const pieces = piecesOf(line);
    if (isFull && pieces !== null) await returnStock(tx.db, pieces);
    if (endsAccess)
      await changeEntitlements(tx, { source: { type: 'order', id: order.id }, status: 'revoked' });
  },
  frozen: (tx, { order, isFrozen }) =>
    changeEntitlements(tx, {
      source: { type: 'order', id: order.id },
      status: isFrozen ? 'suspended' : 'active',
    }),
};
