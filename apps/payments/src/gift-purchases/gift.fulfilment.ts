import assert from 'node:assert/strict';
import type { Tx } from '@lyceum/platform';
import { changeEntitlements } from '../entitlements/grant-entitlement';
import { holdNet, reopenHeld, settleHeld } from '../holds/held-money';
import type { Fulfilment, LineOf } from '../orders/fulfilment';
import { piecesOf, returnStock } from '../orders/stock';
import type { StateOf } from '../state-machines';
import { lockGift, selectGifts, type PurchasedGift } from './gift.type';

const giftOf = async (tx: Tx, { line }: LineOf): Promise<PurchasedGift> => {
  const gift = await lockGift(tx.db, line.referenceId ?? '');
  assert(gift !== null, 'a line of a gift is about it');
  return gift;
};

const move = (tx: Tx, { id }: PurchasedGift, status: StateOf<'gift'>): Promise<unknown> =>
  tx.db.query('UPDATE gift SET status = $2 WHERE id = $1', [id, status]);

/** A gift: who paid for it has no right to it, and whoever redeems it has. */
export const giftFulfilment: Fulfilment = {
  credits: (tx, { order, line, net }) => {
    assert(line.referenceId !== null, 'a line of a gift is about it');
    return holdNet(tx, { id: line.referenceId, code: 'gifts' }, { order, net });
  },
  settled: async (tx, of) => {
    await move(tx, await giftOf(tx, of), 'open');
  },
  closed: async (tx, of) => {
    const gift = await giftOf(tx, of);
    if (gift.status === 'waiting') await move(tx, gift, 'given-up');
  },
  whyNotReturned: async (db, { line }) => {
    const [gift] = await selectGifts(db, 'id = $1', [line.referenceId]);
    return gift?.status === 'redeemed' ? 'It was redeemed: it is somebody else’s now.' : null;
  },
  refunded: async (tx, { order, line, isFull, endsAccess }) => {
    const pieces = piecesOf(line);
    if (isFull && pieces !== null) await returnStock(tx.db, pieces);
    const gift = await giftOf(tx, { order, line });
    if (gift.status === 'redeemed') {
      const source = { type: 'gift', id: gift.id };
      if (endsAccess) await changeEntitlements(tx, { source, status: 'revoked' });
      return;
    }
    if (!isFull || gift.status !== 'open') return;
    await move(tx, gift, 'returned');
    await settleHeld(tx, order, gift.id);
  },
  restored: async (tx, of) => {
    const gift = await giftOf(tx, of);
    const source = { type: 'gift', id: gift.id };
    if (gift.status === 'redeemed')
      await changeEntitlements(tx, { source, status: 'active', revives: true });
    if (gift.status !== 'returned') return;
    await move(tx, gift, 'open');
    await reopenHeld(tx, gift.id);
  },
  frozen: async (tx, { isFrozen, ...of }) => {
    const { id } = await giftOf(tx, of);
    await changeEntitlements(tx, {
      source: { type: 'gift', id },
      status: isFrozen ? 'suspended' : 'active',
    });
  },
};
