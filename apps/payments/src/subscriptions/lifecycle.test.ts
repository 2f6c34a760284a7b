import fc from 'fast-check';
import { addDays, dayMs, periodStart } from './calendar';
import {
  accessEndsAt,
  advance,
  begin,
  cancel,
  declined,
  keep,
  moves,
  paid,
  resume,
  type Lifecycle,
  type Status,
} from './lifecycle';

const at = (text: string) => new Date(`${text}${text.length === 10 ? 'T00:00:00.000Z' : ''}`);
const terms = { interval: 'month' as const, trialDays: 0, graceDays: 7 };
const active = (start = '2026-01-31') => paid(begin(terms, at(start)), at(start));

describe('a period', () => {
  it.each([
    ['2026-01-31T10:20:30.456Z', 'month', 1, '2026-02-28T10:20:30.456Z'],
    ['2026-01-31T10:20:30.456Z', 'month', 2, '2026-03-31T10:20:30.456Z'],
    ['2024-02-29T00:00:00.000Z', 'year', 1, '2025-02-28T00:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', 'year', 4, '2028-02-29T00:00:00.000Z'],
    ['2026-12-15T23:59:59.999Z', 'month', 1, '2027-01-15T23:59:59.999Z'],
  ] as const)('of %s by the %s begins, the %i. time, %s', (anchor, interval, n, expected) => {
    expect(periodStart(at(anchor), interval, n)).toEqual(at(expected));
  });
});

describe('a subscription', () => {
  it('begins when it is paid for, and not before', () => {
    const waiting = begin(terms, at('2026-01-31'));
    expect(waiting).toMatchObject({ status: 'incomplete', paidThrough: null });
    expect(accessEndsAt(waiting)).toBeNull();
    const begun = paid(waiting, at('2026-01-31'));
    expect(begun).toMatchObject({ status: 'active', periodEnd: at('2026-02-28'), periodNumber: 1 });
    const { state, notices } = advance(waiting, at('2026-02-01'));
    expect([state.status, notices]).toEqual(['canceled', ['ended']]);
  });

  it('begins its next period before that is charged, and waits for the outcome', () => {
    const { state, isBilled } = advance(active(), at('2026-02-28'));
    expect(isBilled).toBe(true);
    expect(state).toMatchObject({
      status: 'active',
      periodStart: at('2026-02-28'),
      periodEnd: at('2026-03-31'),
      paidThrough: at('2026-02-28'),
      nextActionAt: null,
    });
    expect(accessEndsAt(state)).toEqual(at('2026-03-07'));
    expect(accessEndsAt(paid(state, at('2026-02-28')))).toEqual(at('2026-04-07'));
  });

  it('is tried again 2, 7, 14 and 21 days after the first failure, and then over', () => {
    let { state } = advance(active(), at('2026-02-28'));
    const first = at('2026-02-28T00:00:05.000Z');
    let now = first;
    for (const days of [2, 7, 14, 21]) {
      const outcome = declined(state, now, { isHard: false });
      expect(outcome.state).toMatchObject({ status: 'past_due', pastDueSince: first });
      expect(outcome.retryAt).toEqual(addDays(first, days));
      state = outcome.state;
      now = outcome.retryAt ?? now;
    }
    const last = declined(state, now, { isHard: false });
    expect(last).toMatchObject({ retryAt: null, notices: ['payment-failed', 'ended'] });
    expect(last.state).toMatchObject({ status: 'canceled', endedAt: now });
    expect(accessEndsAt(last.state)).toEqual(at('2026-02-28')); // what was paid for, long ago
  });

  it('is over at once after a hard decline', () => {
    const { state } = advance(active(), at('2026-02-28'));
    expect(declined(state, at('2026-02-28'), { isHard: true }).state.status).toBe('canceled');
  });

  it('is as before once it is paid late, in its own rhythm', () => {
    const { state } = advance(active(), at('2026-02-28'));
    const due = declined(state, at('2026-02-28'), { isHard: false }).state;
    const back = paid(due, at('2026-03-07'));
    expect(back).toMatchObject({
      status: 'active',
      pastDueSince: null,
      declines: 0,
      periodEnd: at('2026-03-31'),
    });
  });

  it.each([0, 2, 7, 14, 21])('keeps its benefits %i days after it is due', (graceDays) => {
    const { state } = advance({ ...active(), graceDays }, at('2026-02-28'));
    const due = declined(state, at('2026-02-28'), { isHard: false }).state;
    const graceMs = graceDays === 0 ? 3_600_000 : graceDays * dayMs;
    expect(accessEndsAt(due)).toEqual(new Date(at('2026-02-28').getTime() + graceMs));
  });

  it('keeps what is paid when it is canceled, and is not charged again', () => {
    const canceled = cancel(active(), at('2026-02-10'), { isAtOnce: false }).state;
    expect(canceled).toMatchObject({ status: 'active', cancelAtPeriodEnd: true });
    expect(accessEndsAt(canceled)).toEqual(at('2026-02-28'));
    const over = advance(canceled, at('2026-02-28'));
    expect(over).toMatchObject({ isBilled: false, notices: ['ended'] });
    expect(over.state).toMatchObject({ status: 'canceled', endedAt: at('2026-02-28') });
    expect(accessEndsAt(over.state)).toEqual(at('2026-02-28'));
  });

  it('can be kept until it has ended', () => {
    const kept = keep(cancel(active(), at('2026-02-10'), { isAtOnce: false }).state);
    expect(advance(kept, at('2026-02-28'))).toMatchObject({ isBilled: true });
  });

  it('is over at once when it is canceled while it is due, or at once', () => {
    const { state } = advance(active(), at('2026-02-28'));
    const due = declined(state, at('2026-02-28'), { isHard: false }).state;
    expect(cancel(due, at('2026-03-01'), { isAtOnce: false }).state.status).toBe('canceled');
    const now = at('2026-02-10');
    const gone = cancel(active(), now, { isAtOnce: true }).state;
    expect(accessEndsAt(gone)).toEqual(now);
  });

  it('pauses at the end of its period, and goes on with a new one', () => {
    const resumesAt = at('2026-05-15');
    const pausing = { ...active(), pauseAtPeriodEnd: true, resumesAt };
    expect(accessEndsAt(pausing)).toEqual(at('2026-02-28'));
    const { state: pausedState } = advance(pausing, at('2026-02-28'));
    expect(pausedState).toMatchObject({ status: 'paused', nextActionAt: resumesAt });
    expect(accessEndsAt(pausedState)).toEqual(at('2026-02-28'));
    const again = advance(pausedState, at('2026-05-15T00:01:00.000Z'));
    expect(again.isBilled).toBe(true);
    expect(again.state).toMatchObject({ status: 'active', periodEnd: at('2026-06-15') });
    expect(resume(pausedState, at('2026-04-01')).state.periodEnd).toEqual(at('2026-05-01'));
  });

  it.each([
    [1, '2026-01-01', '2026-01-02'],
    [2, '2026-01-02', '2026-01-03'],
    [3, '2026-01-01', '2026-01-04'],
    [14, '2026-01-12', '2026-01-15'],
  ])('of %i days of trial reminds on %s and begins to cost on %s', (trialDays, reminder, end) => {
    const trial = begin({ ...terms, trialDays }, at('2026-01-01'));
    expect(trial).toMatchObject({ status: 'trialing', nextActionAt: at(reminder) });
    const reminded = advance(trial, at(reminder));
    expect(reminded.notices).toEqual(['trial-ending']);
    const billed = advance(reminded.state, at(end));
    expect(billed.isBilled).toBe(true);
    expect(billed.state).toMatchObject({ status: 'active', periodStart: at(end) });
  });

  it('on trial costs nothing when it is canceled in time', () => {
    const trial = begin({ ...terms, trialDays: 14 }, at('2026-01-01'));
    const canceled = cancel(trial, at('2026-01-05'), { isAtOnce: false }).state;
    expect(accessEndsAt(canceled)).toEqual(at('2026-01-15'));
    expect(advance(canceled, at('2026-01-15'))).toMatchObject({ isBilled: false });
  });

  it('by the year reminds a week before', () => {
    const yearly = { ...terms, interval: 'year' as const };
    const begun = paid(begin(yearly, at('2026-01-01')), at('2026-01-01'));
    const reminded = advance(begun, at('2026-12-25'));
    expect(reminded.notices).toEqual(['renewal-upcoming']);
    expect(reminded.state.nextActionAt).toEqual(at('2027-01-01'));
  });

  it('never gives more than what is paid for and its grace, whatever happens in whatever order', () => {
    const act = fc.constantFrom(
      'pay',
      'decline',
      'hard',
      'cancel',
      'cancel-now',
      'keep',
      'pause',
      'wait',
    );
    const anyStory = fc.array(fc.record({ act, days: fc.integer({ min: 0, max: 40 }) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(anyStory, fc.constantFrom(0, 2, 7, 14, 21), (story, graceDays) => {
        let now = at('2026-01-31');
        let state: Lifecycle = begin({ ...terms, graceDays }, now);
        let isOpen = true; // whether an invoice waits
        let isOver = false;
        for (const { act: what, days } of story) {
          const before: Status = state.status;
          now = addDays(now, days);
          const step = advance(state, now);
          state = step.state;
          isOpen = (isOpen || step.isBilled) && state.status !== 'canceled';
          if (what === 'pay' && isOpen) [state, isOpen] = [paid(state, now), false];
          if ((what === 'decline' || what === 'hard') && isOpen)
            state = declined(state, now, { isHard: what === 'hard' }).state;
          if (what.startsWith('cancel') && state.status !== 'canceled')
            state = cancel(state, now, { isAtOnce: what === 'cancel-now' }).state;
          if (what === 'keep' && state.cancelAtPeriodEnd) state = keep(state);
          if (what === 'pause' && state.status === 'active' && !isOpen && !state.cancelAtPeriodEnd)
            state = { ...state, pauseAtPeriodEnd: true };
          if (state.status === 'canceled') isOpen = false;

          const access = accessEndsAt(state);
          const limit = Math.max(graceDays * dayMs, 3_600_000);
          if (access !== null)
            expect(access.getTime()).toBeLessThanOrEqual(
              (state.paidThrough?.getTime() ?? 0) + limit,
            );
          if (isOver) expect(state.status).toBe('canceled');
          if (state.status !== before && moves[before].length > 0)
            expect(isReachable(before, state.status)).toBe(true);
          isOver = state.status === 'canceled';
          expect(state.nextActionAt !== null || isOpen || isOver || state.status === 'paused').toBe(
            true,
          );
        }
      }),
    );
  });
});

/** Through any number of legal moves: a step and an act may each make one. */
const isReachable = (from: Status, to: Status, seen: readonly Status[] = []): boolean =>
  from === to ||
  moves[from].some((next) => !seen.includes(next) && isReachable(next, to, [...seen, from]));
