import assert from 'node:assert/strict';
import { addDays, dayMs, periodStart } from './calendar';

/*
 * What a subscription is and becomes, as pure functions of its state and the time: no clock, no database, no
 * provider. Rules: access is what is paid for, and the grace; a period begins before it is charged; whoever
 * cancels is not charged again.
 */

export type Interval = 'month' | 'year';
export type Status = 'incomplete' | 'trialing' | 'active' | 'past_due' | 'paused' | 'canceled';

/** Where each state may lead. */
export const moves: Readonly<Record<Status, readonly Status[]>> = {
  incomplete: ['active', 'canceled'],
  trialing: ['active', 'canceled'],
  active: ['past_due', 'paused', 'canceled'],
  past_due: ['active', 'canceled'],
  paused: ['active', 'canceled'],
  canceled: [],
};

/** Days after the first failure on which a payment is tried again; the last failure ends the subscription. */
export const dunningDays = [2, 7, 14, 21] as const;

/** Access goes on for so long while a renewal is on its way, also where there is no grace. */
const settlingMs = 3_600_000;

/** How long a subscription waits for its first payment. */
const incompleteDays = 1;

export interface Lifecycle {
  readonly status: Status;
  readonly interval: Interval;
  /** From which periods are reckoned. */
  readonly anchorAt: Date;
  /** The period since the anchor: 0 before the first one. */
  readonly periodNumber: number;
  readonly periodStart: Date;
  /** The end of the period, of the trial, or of the wait for the first payment. */
  readonly periodEnd: Date;
  /** Until when it is paid for, or on trial; null before that. */
  readonly paidThrough: Date | null;
  readonly trialEndsAt: Date | null;
  readonly graceDays: number;
  readonly cancelAtPeriodEnd: boolean;
  readonly pauseAtPeriodEnd: boolean;
  readonly resumesAt: Date | null;
  readonly pastDueSince: Date | null;
  /** How often the open invoice was declined. */
  readonly declines: number;
  readonly reminderAt: Date | null;
  /** When the clock has to look again; null while only an event from outside can change anything. */
  readonly nextActionAt: Date | null;
  readonly endedAt: Date | null;
}

/** Something to tell: the buyer's mail program, the community's dashboards. */
export type Notice =
  'trial-ending' | 'renewal-upcoming' | 'payment-failed' | 'ended' | 'paused' | 'resumed';

export interface Step<State extends Lifecycle> {
  readonly state: State;
  /** Whether the period that begins is to be charged. */
  readonly isBilled: boolean;
  readonly notices: readonly Notice[];
}

const move = <State extends Lifecycle>(
  state: State,
  to: Status,
  changes: Partial<Lifecycle>,
): State => {
  assert(
    state.status === to || moves[state.status].includes(to),
    `a subscription does not go from ${state.status} to ${to}`,
  );
  return { ...state, ...changes, status: to };
};

/** A subscription that begins: on trial, or waiting for its first payment. */
export const begin = (
  terms: { readonly interval: Interval; readonly trialDays: number; readonly graceDays: number },
  now: Date,
): Lifecycle => {
  const isTrial = terms.trialDays > 0;
  const periodEnd = addDays(now, isTrial ? terms.trialDays : incompleteDays);
  const reminderAt = isTrial ? trialReminderAt(periodEnd, terms.trialDays) : null;
  return {
    status: isTrial ? 'trialing' : 'incomplete',
    interval: terms.interval,
    anchorAt: now,
    periodNumber: 0,
    periodStart: now,
    periodEnd,
    paidThrough: isTrial ? periodEnd : null,
    trialEndsAt: isTrial ? periodEnd : null,
    graceDays: terms.graceDays,
    cancelAtPeriodEnd: false,
    pauseAtPeriodEnd: false,
    resumesAt: null,
    pastDueSince: null,
    declines: 0,
    reminderAt,
    nextActionAt: reminderAt ?? periodEnd,
    endedAt: null,
  };
};

/** Three days before a trial ends, one day where it is shorter than three, never where it is shorter than one. */
const trialReminderAt = (end: Date, days: number): Date | null =>
  days < 1 ? null : addDays(end, days < 3 ? -1 : -3);

/** A year is long enough to forget what one pays for: a week before it is due. */
const renewalReminderAt = (interval: Interval, end: Date): Date | null =>
  interval === 'year' ? addDays(end, -7) : null;

/** Until when there is access. Never later than what was paid for once it is clear that it ends. */
export const accessEndsAt = (state: Lifecycle): Date | null => {
  if (state.paidThrough === null) return null;
  if (state.status === 'canceled') {
    const ended = state.endedAt ?? state.paidThrough;
    return ended < state.paidThrough ? ended : state.paidThrough;
  }
  const isLast = state.cancelAtPeriodEnd || state.pauseAtPeriodEnd || state.status === 'paused';
  if (isLast) return state.paidThrough;
  const graceMs = Math.max(state.graceDays * dayMs, settlingMs);
  return new Date(state.paidThrough.getTime() + graceMs);
};

/** What the clock makes of a subscription whose time has come. One thing at a time: call it until nothing is due. */
export const advance = <State extends Lifecycle>(state: State, now: Date): Step<State> => {
  if (state.nextActionAt === null || state.nextActionAt > now)
    return { state, isBilled: false, notices: [] };
  if (state.reminderAt !== null && state.reminderAt <= now && now < state.periodEnd) {
    const notice = state.status === 'trialing' ? 'trial-ending' : 'renewal-upcoming';
    const reminded = { ...state, reminderAt: null, nextActionAt: state.periodEnd };
    return { state: reminded, isBilled: false, notices: [notice] };
  }
  switch (state.status) {
    case 'incomplete':
      return end(state, now);
    case 'trialing':
      if (state.cancelAtPeriodEnd) return end(state, state.periodEnd);
      return bill(move(state, 'active', { anchorAt: state.periodEnd, periodNumber: 0 }));
    case 'active':
      if (state.cancelAtPeriodEnd) return end(state, state.periodEnd);
      if (state.pauseAtPeriodEnd) return stop(state);
      return bill(state);
    case 'paused':
      return resume(state, state.resumesAt ?? now);
    case 'past_due':
    case 'canceled':
      return { state: { ...state, nextActionAt: null }, isBilled: false, notices: [] };
  }
};

/** The next period begins; it is charged afterwards, and until then nothing else happens. */
const bill = <State extends Lifecycle>(state: State): Step<State> => {
  const periodNumber = state.periodNumber + 1;
  const start = periodStart(state.anchorAt, state.interval, state.periodNumber);
  const next = periodStart(state.anchorAt, state.interval, periodNumber);
  return {
    state: {
      ...state,
      periodNumber,
      periodStart: start,
      periodEnd: next,
      reminderAt: null,
      nextActionAt: null,
    },
    isBilled: true,
    notices: [],
  };
};

const stop = <State extends Lifecycle>(state: State): Step<State> => ({
  state: move(state, 'paused', {
    pauseAtPeriodEnd: false,
    reminderAt: null,
    nextActionAt: state.resumesAt,
  }),
  isBilled: false,
  notices: ['paused'],
});

/** The subscription is over, and so is everything that was to come of it. */
export const end = <State extends Lifecycle>(state: State, at: Date): Step<State> => ({
  state: move(state, 'canceled', {
    endedAt: at,
    cancelAtPeriodEnd: false,
    pauseAtPeriodEnd: false,
    resumesAt: null,
    reminderAt: null,
    nextActionAt: null,
  }),
  isBilled: false,
  notices: ['ended'],
});

/** A paused subscription goes on, with a new period from that moment. */
export const resume = <State extends Lifecycle>(state: State, at: Date): Step<State> => {
  const active = move(state, 'active', { anchorAt: at, periodNumber: 0, resumesAt: null });
  return { ...bill(active), notices: ['resumed'] };
};

/** The invoice of the present period is paid; the first one begins the subscription. */
export const paid = <State extends Lifecycle>(state: State, now: Date): State => {
  const begun =
    state.status === 'incomplete'
      ? bill({ ...state, anchorAt: now, periodNumber: 0 }).state
      : state;
  const reminderAt = renewalReminderAt(begun.interval, begun.periodEnd);
  return move(begun, 'active', {
    paidThrough: begun.periodEnd,
    pastDueSince: null,
    declines: 0,
    reminderAt,
    nextActionAt: reminderAt ?? begun.periodEnd,
  });
};

export interface Declined<State extends Lifecycle> extends Step<State> {
  /** When the payment is tried again; null when it is not. */
  readonly retryAt: Date | null;
}

/**
 * The provider declined. Tried again 2, 7, 14 and 21 days after the first time; a hard decline (no such card,
 * stolen …) and the last one end the subscription at once, as they end one that was to end anyway.
 */
export const declined = <State extends Lifecycle>(
  state: State,
  now: Date,
  { isHard }: { readonly isHard: boolean },
): Declined<State> => {
  // Its buyer is there and may use another card until it expires.
  if (state.status === 'incomplete')
    return { state, isBilled: false, notices: ['payment-failed'], retryAt: null };
  const pastDueSince = state.pastDueSince ?? now;
  const days = dunningDays[state.declines];
  if (isHard || days === undefined || state.cancelAtPeriodEnd) {
    const { state: ended } = end(state, now);
    return { state: ended, isBilled: false, notices: ['payment-failed', 'ended'], retryAt: null };
  }
  const due = move(state, 'past_due', {
    pastDueSince,
    declines: state.declines + 1,
    nextActionAt: null,
  });
  const retryAt = addDays(pastDueSince, days);
  return { state: due, isBilled: false, notices: ['payment-failed'], retryAt };
};

/**
 * Its subscriber wants no more. What is paid for stays until its end; what is not is over at once, and nothing is
 * charged for it any more.
 */
export const cancel = <State extends Lifecycle>(
  state: State,
  now: Date,
  { isAtOnce }: { readonly isAtOnce: boolean },
): Step<State> => {
  const isUnpaid = state.paidThrough === null || state.paidThrough <= now;
  if (isAtOnce || isUnpaid || state.status === 'paused' || state.status === 'past_due')
    return end(state, now);
  return {
    state: {
      ...state,
      cancelAtPeriodEnd: true,
      pauseAtPeriodEnd: false,
      resumesAt: null,
      reminderAt: null,
      nextActionAt: state.periodEnd,
    },
    isBilled: false,
    notices: [],
  };
};

/** Taken back in time, it goes on as if nothing had been. */
export const keep = <State extends Lifecycle>(state: State): State => ({
  ...state,
  cancelAtPeriodEnd: false,
  pauseAtPeriodEnd: false,
  resumesAt: null,
});
