import { importedId, type MemberId } from '@lyceum/contracts';
import fc from 'fast-check';
import { aLog, aMemberId, anActivity } from './activity.arbitrary';
import { byOccurrence, utcDay, type Activity } from './activity';
import { entriesOf, totalsOf } from './entries';
import { inOrder } from './limits';
import { activate, type RuleBook } from './rule-set';
import { learning, stackExchange } from './presets';
import type { PointEntry } from './award';

const book: RuleBook = [activate(stackExchange, { version: 1, parameters: { questionUpvote: 5 } })];

/** Smaller limits, so that random logs run into them. */
const tight: RuleBook = [
  activate(
    {
      ...stackExchange,
      limits: [
        { name: 'daily', points: 25, per: 'day' },
        { name: 'edits', points: 5, per: 'member' },
      ],
    },
    { version: 3 },
  ),
];

/** Limits of one member and one post, worth that diminishes, and an era in the middle of the log. */
const eras: RuleBook = [
  activate(learning, { version: 1 }),
  activate(
    {
      ...stackExchange,
      startingPoints: 5,
      floor: 2,
      limits: [
        { name: 'daily', points: 15, per: 'pair' },
        { name: 'edits', points: 3, per: 'member' },
      ],
    },
    { version: 2, activeFrom: '2021-05-02' },
  ),
  activate({ ...learning, floor: null }, { version: 3, activeFrom: '2021-05-03' }),
];

const books = [book, tight];
const allBooks = [...books, eras];

const shuffledWithRepetitions = (log: readonly Activity[]): fc.Arbitrary<Activity[]> =>
  fc.shuffledSubarray([...log, ...log, ...log, ...log, ...log], {
    minLength: log.length * 5,
    maxLength: log.length * 5,
  });

const sumOf = (entries: readonly PointEntry[]): number =>
  entries.reduce((sum, entry) => sum + entry.points, 0);

it('is a function of the set of activities: order, repetition and lateness change nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...allBooks),
      aLog().chain((log) => fc.tuple(fc.constant(log), shuffledWithRepetitions(log))),
      (rules, [log, delivered]) => {
        expect(entriesOf(rules, delivered)).toEqual(entriesOf(rules, log));
      },
    ),
  );
});

it('forgets a withdrawn vote: every total and every limit is as if it had never been cast', () => {
  const withdrawn = fc.tuple(
    fc.constantFrom(1, -1),
    fc.integer({ min: 0, max: 71 }),
    fc.integer({ min: 0, max: 71 }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...books),
      aLog(),
      withdrawn,
      (rules, log, [value, castAt, undoneAt]) => {
        const cast = anActivity({
          key: 'vote:withdrawn',
          actorId: aMemberId('ada'),
          subjectAuthorId: aMemberId('bob'),
          value,
          occurredAt: new Date(Date.UTC(2021, 4, 1, castAt)),
        });
        const undone = anActivity({
          ...cast,
          version: 2,
          value: 0,
          eventId: importedId('undo'),
          occurredAt: new Date(Date.UTC(2021, 4, 1, undoneAt)),
        });

        const without = entriesOf(rules, log);
        const withBoth = entriesOf(rules, [...log, cast, undone]);

        const own = withBoth.filter((entry) => entry.activityId === cast.eventId);
        expect(sumOf(own)).toBe(0);
        expect(own.map((entry) => entry.kind).sort()).toEqual(
          value === 1 ? ['award', 'reversal'] : ['award', 'award', 'reversal', 'reversal'],
        );
        expect(totalsOf(withBoth)).toEqual(totalsOf(without));
      },
    ),
  );
});

it('agrees with a walk through the log, one event after the other', () => {
  fc.assert(
    fc.property(aLog(), (log) => {
      expect(totalsOf(entriesOf(book, log))).toEqual(walk(log, { questionUpvote: 5, daily: 200 }));
    }),
  );
});

it('agrees with the walk when the limits are tight', () => {
  const noEdits = (log: readonly Activity[]) => log.filter(({ kind }) => kind !== 'edit-approved');
  fc.assert(
    fc.property(aLog(), (log) => {
      expect(totalsOf(entriesOf(tight, noEdits(log)))).toEqual(
        walk(noEdits(log), { questionUpvote: 10, daily: 25 }),
      );
    }),
  );
});

it('never lets a day gain more than the limit, nor a total fall below the floor', () => {
  fc.assert(
    fc.property(aLog(), (log) => {
      const entries = entriesOf(tight, log);
      for (const [, own] of membersOf(entries)) {
        expect(sumOf(own)).toBeGreaterThanOrEqual(1);
        for (const [, day] of daysOf(own)) {
          const limited = day.filter(({ rule }) =>
            ['question-upvoted', 'post-upvoted', 'post-downvoted', 'edit-approved'].includes(rule),
          );
          expect(sumOf(limited)).toBeLessThanOrEqual(25);
        }
        expect(sumOf(own.filter(({ rule }) => rule === 'edit-approved'))).toBeLessThanOrEqual(5);
      }
    }),
  );
});

it('names its entries for ever: the same activity under the same rule has the same id', () => {
  const vote = anActivity({ key: 'vote:1' });
  expect(entriesOf(book, [vote])).toEqual([
    {
      id: importedId(vote.eventId, 'post-upvoted', aMemberId('author'), 'award'),
      memberId: aMemberId('author'),
      counterpartId: null,
      kind: 'award',
      rule: 'post-upvoted',
      ruleSetVersion: 1,
      activityId: vote.eventId,
      subjectType: 'answer',
      subjectId: vote.subjectId,
      occurredAt: vote.occurredAt,
      reversedAt: null,
      weight: 100,
      nominal: 10,
      allowed: 10,
      points: 10,
    },
  ]);
});

/** The rules again, told as a walk: the oracle for the bucketed computation. */
const walk = (
  log: readonly Activity[],
  rules: { questionUpvote: number; daily: number },
): Map<MemberId, number> => {
  const totals = new Map<MemberId, number>();
  const gained = new Map<string, number>();
  const started = new Set(
    log.filter(({ kind }) => kind === 'member-joined').map(({ actorId }) => actorId),
  );
  const inForce = log.filter(
    (one) => !log.some((other) => other.key === one.key && other.version > one.version),
  );

  const give = (member: MemberId | null, points: number): void => {
    if (member === null) return;
    totals.set(member, Math.max(1, (totals.get(member) ?? 1) + points));
  };
  const giveLimited = (member: MemberId | null, points: number, at: Date): void => {
    const key = `${String(member)} ${utcDay(at)}`;
    const before = gained.get(key) ?? 0;
    const granted = points < 0 ? points : Math.max(0, Math.min(points, rules.daily - before));
    gained.set(key, before + granted);
    give(member, granted);
  };

  for (const one of inForce.toSorted(byOccurrence)) {
    const { actorId, subjectAuthorId: author, occurredAt: at } = one;
    const isSelf = actorId !== null && actorId === author;
    if (!one.earnsPoints) continue;
    if (one.kind === 'vote' && !isSelf && one.subjectType !== 'comment') {
      if (one.value === 1)
        giveLimited(author, one.subjectType === 'question' ? rules.questionUpvote : 10, at);
      if (one.value === -1) {
        giveLimited(author, -2, at);
        if (one.subjectType === 'answer') give(actorId, -1);
      }
    }
    if (one.kind === 'acceptance' && one.value === 1 && !isSelf) {
      give(author, 15);
      give(actorId, 2);
    }
    if (one.kind === 'edit-approved') giveLimited(actorId, 2, at);
    if (one.kind === 'bounty-offered') give(actorId, -one.value);
    if (one.kind === 'grant') give(author, one.value);
    if (one.kind === 'bounty-awarded') give(author, one.value);
  }
  for (const member of started) give(member, 0);
  return totals;
};

const membersOf = (entries: readonly PointEntry[]) => split(entries, ({ memberId }) => memberId);
const daysOf = (entries: readonly PointEntry[]) =>
  split(entries, (entry) => utcDay(entry.occurredAt));

const split = (entries: readonly PointEntry[], keyOf: (entry: PointEntry) => string) => {
  const groups = new Map<string, PointEntry[]>();
  for (const entry of inOrder(entries))
    groups.set(keyOf(entry), [...(groups.get(keyOf(entry)) ?? []), entry]);
  return groups;
};
