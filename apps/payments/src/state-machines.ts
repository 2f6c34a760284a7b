import assert from 'node:assert/strict';

/** Where each state may lead; `''` is before the row exists. Migrations write the same moves into `state_move`. */
export const machines = {
  order: {
    '': ['awaiting-payment', 'paid'],
    'awaiting-payment': ['paid', 'canceled'],
    canceled: ['paid'], // money that arrives late is taken: the buyer gets what was paid for
    paid: ['refunded', 'charged-back'],
    refunded: [],
    'charged-back': [],
  },
  /*
   * Only ever towards a state that outranks the present one: whatever order a provider's messages arrive in,
   * the last state is the same.
   */
  payment: {
    '': ['created'],
    created: ['pending', 'declined', 'canceled', 'settled'],
    pending: ['declined', 'canceled', 'settled'],
    declined: ['canceled', 'settled'],
    canceled: ['settled'],
    settled: [],
  },
  entitlement: {
    '': ['active'],
    active: ['suspended', 'revoked'],
    suspended: ['active', 'revoked'],
    revoked: ['active'],
  },
  refund: {
    '': ['requested'],
    requested: ['pending', 'settled', 'failed'],
    pending: ['settled', 'failed'],
    settled: [],
    failed: [],
  },
  'held-money': {
    '': ['held'],
    held: ['released', 'returned'],
    released: [],
    returned: ['held'], // it could not be paid back
  },
  booking: {
    '': ['held'],
    held: ['booked', 'given-up'],
    'given-up': ['booked'], // money that arrives late, while nobody else has the slot
    booked: ['completed', 'canceled', 'claimed'],
    claimed: ['completed', 'canceled', 'contested'],
    contested: ['completed', 'canceled'],
    completed: [],
    canceled: [],
  },
  'seat-pack': {
    '': ['waiting'],
    waiting: ['active', 'given-up'],
    'given-up': ['active'],
    active: ['suspended', 'ended'],
    suspended: ['active', 'ended'],
    ended: ['active'], // its refund could not be paid
  },
  gift: {
    '': ['waiting'],
    waiting: ['open', 'given-up'],
    'given-up': ['open'],
    open: ['redeemed', 'returned'],
    redeemed: [],
    returned: ['open'], // its refund could not be paid
  },
  commission: {
    '': ['requested'],
    requested: ['quoted', 'declined', 'withdrawn'],
    quoted: ['ordered', 'working', 'declined', 'withdrawn'],
    ordered: ['quoted', 'working'],
    working: ['delivered', 'canceled'],
    delivered: ['working', 'accepted', 'contested', 'canceled'],
    contested: ['accepted', 'canceled'],
    accepted: [],
    canceled: [],
    declined: [],
    withdrawn: [],
  },
  dispute: {
    '': ['open', 'won', 'lost'],
    open: ['won', 'lost'],
    won: [],
    lost: [],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

type Machines = typeof machines;
export type Machine = keyof Machines;
export type StateOf<M extends Machine> = Exclude<keyof Machines[M], ''> & string;

/** Whether the machine may go from one state to another. Staying is not a move. */
export const canMove = <M extends Machine>(
  machine: M,
  from: StateOf<M> | '',
  to: StateOf<M>,
): boolean => {
  const moves: Readonly<Record<string, readonly string[]>> = machines[machine];
  return moves[from]?.includes(to) ?? false;
};

/** Throws for an illegal move, which is a bug of the caller; the database would refuse it, too. */
export const assertMove = <M extends Machine>(
  machine: M,
  from: StateOf<M> | '',
  to: StateOf<M>,
): void => {
  assert(canMove(machine, from, to), `${machine} cannot move from "${from}" to "${to}"`);
};
