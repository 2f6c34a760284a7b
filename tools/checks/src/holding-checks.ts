import { sqlCheck, type Check } from './check';

/** What an order's credits, refunds and disputes say should be on the account of something that money is held for. */
const held = `
  SELECT money.id, money.code, money.status, money.currency,
    coalesce((SELECT sum(amount_minor) FROM order_credit AS credit
      WHERE credit.order_id = money.order_id AND credit.code = money.code AND credit.owner_id = money.id), 0)
    - coalesce((SELECT sum((part ->> 2)::bigint) FROM (
        SELECT taken FROM refund WHERE refund.order_id = money.order_id AND origin = 'order' AND status <> 'failed'
        UNION ALL
        SELECT taken FROM dispute WHERE dispute.order_id = money.order_id AND status <> 'won'
      ) AS back, jsonb_array_elements(taken) AS part WHERE part ->> 1 = money.id::text), 0)
    + coalesce((SELECT sum((part ->> 2)::bigint) FROM held_release AS release, jsonb_array_elements(moves) AS part
      WHERE release.held_id = money.id AND part ->> 1 = money.id::text), 0) AS expected,
    coalesce((SELECT balance FROM ledger_account AS account WHERE account.code = money.code
      AND account.owner_id = money.id AND account.currency = money.currency), 0) AS balance
  FROM held_money AS money`;

/** Standing invariants of money that is held until something is delivered: every such account goes back to zero. */
export const holdingChecks: readonly Check[] = [
  sqlCheck({
    name: 'held-money.balance',
    in: 'payments',
    says: 'What is held is what was paid for it, less what went back and what was divided; afterwards it is nothing.',
    of: 'held_money',
    broken: `
      SELECT 'held_money ' || id AS "row",
        format('is %s and has %s of %s %s', status, balance, expected, currency) AS problem
      FROM (${held}) AS held WHERE balance <> expected OR status <> 'held' AND balance <> 0
      UNION ALL
      SELECT 'ledger_account ' || account.id, format('%s holds %s for nothing that is known', code, balance)
      FROM ledger_account AS account
      WHERE code IN ('escrow', 'gifts') AND balance <> 0
        AND NOT EXISTS (SELECT FROM held_money WHERE held_money.id = account.owner_id)`,
  }),
  sqlCheck({
    name: 'held-money.ends',
    in: 'payments',
    says: 'Nothing is held for what is over, and nothing over is late by a day.',
    of: 'held_money',
    broken: `
      SELECT 'held_money ' || held_money.id AS "row", 'its booking is ' || booking.status AS problem
      FROM held_money JOIN booking ON booking.id = held_money.id
      WHERE held_money.status = 'held' AND booking.status IN ('completed', 'canceled')
        AND NOT EXISTS (SELECT FROM dispute WHERE dispute.order_id = booking.order_id AND dispute.status = 'open')
      UNION ALL
      SELECT 'held_money ' || held_money.id, 'its commission is ' || commission.status
      FROM held_money JOIN commission ON commission.id = held_money.id
      WHERE held_money.status = 'held' AND commission.status NOT IN ('working', 'delivered', 'contested')
        AND NOT EXISTS (SELECT FROM dispute WHERE dispute.order_id = commission.order_id AND dispute.status = 'open')
      UNION ALL
      SELECT 'held_money ' || held_money.id, 'its gift is ' || gift.status
      FROM held_money JOIN gift ON gift.id = held_money.id
      WHERE held_money.status = 'held' AND gift.status <> 'open'
        AND NOT EXISTS (SELECT FROM dispute WHERE dispute.order_id = gift.order_id AND dispute.status = 'open')
      UNION ALL
      SELECT 'commission ' || id, 'should have been accepted at ' || due_at FROM commission
      WHERE status = 'delivered' AND due_at < now() - interval '1 day'
        AND NOT EXISTS (SELECT FROM dispute WHERE dispute.order_id = commission.order_id AND dispute.status = 'open')
      UNION ALL
      SELECT 'booking ' || id, 'should have ended at ' || due_at FROM booking
      WHERE due_at < now() - interval '1 day'
        AND NOT EXISTS (SELECT FROM dispute WHERE dispute.order_id = booking.order_id AND dispute.status = 'open')`,
  }),
  sqlCheck({
    name: 'seat.rights',
    in: 'payments',
    says: 'Whoever has a right from a seat has the seat, of a pack that was paid for and not given back.',
    of: `entitlement WHERE source_type = 'seat'`,
    broken: `
      SELECT 'entitlement ' || entitlement.id AS "row",
        coalesce('its pack is ' || seat_pack.status, 'nobody has the seat') AS problem
      FROM entitlement LEFT JOIN seat ON seat.grant_id = entitlement.source_id AND seat.holder_id = account_id
        LEFT JOIN seat_pack ON seat_pack.id = seat.pack_id
      WHERE source_type = 'seat' AND entitlement.status <> 'revoked'
        AND coalesce(seat_pack.status, '') NOT IN ('active', 'suspended')`,
  }),
];
