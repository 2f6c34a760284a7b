import assert from 'node:assert/strict';
import { newId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import type { Entitlement } from '../entitlements/entitlement.type';
import { changeEntitlements } from '../entitlements/grant-entitlement';
import type { Fulfilment, LineOf } from '../orders/fulfilment';
import { piecesOf, returnStock } from '../orders/stock';
import type { StateOf } from '../state-machines';
import { addDays } from '../subscriptions/calendar';
import { lockPack, selectSeats, type SeatPack } from './seat-pack.type';

const packOf = async (tx: Tx, { line }: LineOf): Promise<SeatPack> => {
  const pack = await lockPack(tx.db, line.referenceId ?? '');
  assert(pack !== null, 'a line of seats is about a pack');
  return pack;
};

/** Moves the pack, and the rights of all who have its seats with it. */
const movePack = async (
  tx: Tx,
  { id }: SeatPack,
  to: { pack: StateOf<'seat-pack'>; rights: Entitlement['status'] },
): Promise<void> => {
  await tx.db.query('UPDATE seat_pack SET status = $2 WHERE id = $1', [id, to.pack]);
  for (const { grantId } of await selectSeats(tx.db, 'pack_id = $1 AND grant_id IS NOT NULL', [id]))
    await changeEntitlements(tx, {
      source: { type: 'seat', id: grantId ?? assert.fail() },
      status: to.rights,
      revives: to.pack === 'active',
    });
};

/** Seats: who paid for them gives them away, and has none unless they give one to themselves. */
export const seatsFulfilment: Fulfilment = {
  settled: async (tx, of) => {
    const { id, seats, accessDays } = await packOf(tx, of);
    const endsAt = accessDays === null ? null : addDays(tx.now, accessDays);
    await tx.db.query(
      `UPDATE seat_pack SET status = 'active', starts_at = $2, ends_at = $3 WHERE id = $1`,
      [id, tx.now, endsAt],
    );
    await tx.db.query(
      `INSERT INTO seat (id, pack_id, number)
       SELECT id, $1, number FROM unnest($2::uuid[]) WITH ORDINALITY AS made (id, number)`,
      [id, Array.from({ length: seats }, () => newId<'Seat'>())],
    );
  },
  closed: async (tx, of) => {
    const { id, status } = await packOf(tx, of);
    if (status === 'waiting')
      await tx.db.query(`UPDATE seat_pack SET status = 'given-up' WHERE id = $1`, [id]);
  },
  refunded: async (tx, { order, line, isFull, endsAccess }) => {
    const pieces = piecesOf(line);
    if (isFull && pieces !== null) await returnStock(tx.db, pieces);
    const pack = await packOf(tx, { order, line });
    if (endsAccess && pack.status !== 'ended')
      await movePack(tx, pack, { pack: 'ended', rights: 'revoked' });
  },
  restored: async (tx, of) => {
    const pack = await packOf(tx, of);
    if (pack.status === 'ended') await movePack(tx, pack, { pack: 'active', rights: 'active' });
  },
  frozen: async (tx, { isFrozen, ...of }) => {
    const pack = await packOf(tx, of);
    if (isFrozen && pack.status === 'active')
      await movePack(tx, pack, { pack: 'suspended', rights: 'suspended' });
    if (!isFrozen && pack.status === 'suspended')
      await movePack(tx, pack, { pack: 'active', rights: 'active' });
  },
};
