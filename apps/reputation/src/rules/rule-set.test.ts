import { importedId } from '@lyceum/contracts';
import { aMemberId, anActivity } from './activity.arbitrary';
import { entriesOf, totalsOf } from './entries';
import { oneLikeOnePoint, presets, stackExchange } from './presets';
import { reasonOf } from './reason';
import { activate, levelOf, ruleSetDefinition, UnknownParameter, type RuleBook } from './rule-set';
import type { Activity } from './activity';

const author = aMemberId('author');
const asker = aMemberId('asker');
const book: RuleBook = [activate(stackExchange, { version: 1 })];
const noon = (day: number, minute = 0) => new Date(Date.UTC(2021, 4, day, 12, minute));
const totalOf = (log: readonly Activity[], rules: RuleBook = book) =>
  totalsOf(entriesOf(rules, log)).get(author) ?? 0;

it.each(presets.map((preset) => [preset.name, preset] as const))(
  '%s is a valid definition',
  (_, preset) => {
    expect(ruleSetDefinition.parse(preset)).toEqual(preset);
    expect(JSON.parse(JSON.stringify(preset))).toEqual(preset);
  },
);

it('refuses definitions that contradict themselves', () => {
  const [first] = stackExchange.rules;
  const broken = (change: object) =>
    ruleSetDefinition.safeParse({ ...stackExchange, ...change }).success;
  expect(broken({ rules: [first, first] })).toBe(false);
  expect(broken({ rules: [{ ...first, limits: ['unknown'] }] })).toBe(false);
  expect(broken({ rules: [{ ...first, points: { parameter: 'unknown' } }] })).toBe(false);
  expect(broken({ levels: [...stackExchange.levels].reverse() })).toBe(false);
  expect(broken({ floor: 2 })).toBe(false);
  expect(broken({ rules: [{ ...first, on: 'sneezed' }] })).toBe(false);
  expect(broken({ surprise: 1 })).toBe(false);
});

it('takes the values of parameters, and refuses those it does not have', () => {
  const vote = anActivity({ key: 'vote:1', subjectType: 'question' });
  const old: RuleBook = [
    activate(stackExchange, { version: 1, parameters: { questionUpvote: 5 } }),
  ];
  expect(totalOf([vote])).toBe(10);
  expect(totalOf([vote], old)).toBe(5);
  expect(() => activate(stackExchange, { version: 1, parameters: { answerUpvote: 5 } })).toThrow(
    UnknownParameter,
  );
});

it('judges each day by the version in force on that day', () => {
  const changed: RuleBook = [
    activate(stackExchange, { version: 1, parameters: { questionUpvote: 5 } }),
    activate(stackExchange, { version: 2, activeFrom: '2021-05-03' }),
  ];
  const vote = (day: number) =>
    anActivity({ key: `vote:${String(day)}`, subjectType: 'question', occurredAt: noon(day) });
  const entries = entriesOf(changed, [vote(2), vote(3)]);
  expect(entries.map((entry) => [entry.ruleSetVersion, entry.points]).sort()).toEqual([
    [1, 5],
    [2, 10],
  ]);
});

describe('stack-exchange', () => {
  const acceptance = (told: Partial<Activity>) =>
    anActivity({ key: 'acceptance:1', kind: 'acceptance', actorId: asker, ...told });
  const upvotes = (n: number, day = 1) =>
    Array.from({ length: n }, (_, i) =>
      anActivity({ key: `vote:${String(day)}-${String(i)}`, occurredAt: noon(day, i) }),
    );

  it('accepting gives 15 to the author and 2 to the asker', () => {
    expect(totalsOf(entriesOf(book, [acceptance({})]))).toEqual(
      new Map([
        [author, 15],
        [asker, 2],
      ]),
    );
  });

  it('accepting an own answer gives nothing; an unknown asker does not keep the author from 15', () => {
    expect(entriesOf(book, [acceptance({ actorId: author })])).toEqual([]);
    expect(totalOf([acceptance({ actorId: null })])).toBe(15);
  });

  it('accepting another answer moves the points', () => {
    const other = aMemberId('other');
    const moved = acceptance({
      version: 2,
      subjectAuthorId: other,
      eventId: importedId('moved'),
      occurredAt: noon(2),
    });
    expect(totalsOf(entriesOf(book, [acceptance({}), moved]))).toEqual(
      new Map([
        [author, 0],
        [asker, 2],
        [other, 15],
      ]),
    );
  });

  it('stops at 200 a day, but not for accepted answers and bounties', () => {
    const bounty = anActivity({ key: 'bounty-award:1', kind: 'bounty-awarded', value: 500 });
    expect(totalOf(upvotes(30))).toBe(200);
    expect(totalOf([...upvotes(30), acceptance({}), bounty])).toBe(715);
    expect(totalOf([...upvotes(30, 1), ...upvotes(30, 2)])).toBe(400);
  });

  it('clips the vote that crosses the limit, says so, and gives room back for a downvote', () => {
    const late = (minute: number, value = 1) =>
      anActivity({ key: `vote:late-${String(minute)}`, occurredAt: noon(1, minute), value });
    const edit = anActivity({
      key: 'edit:1',
      kind: 'edit-approved',
      actorId: author,
      occurredAt: noon(1, 30),
    });
    const log = [...upvotes(19), edit, late(40)];
    const clipped = entriesOf(book, log).find((entry) => entry.nominal !== entry.points);
    expect(clipped && reasonOf(book, clipped)).toBe(
      'Upvote on your answer (8 of 10: limit of 200 points a day)',
    );
    expect(totalOf(log)).toBe(200);
    expect(totalOf([...log, late(50, -1)])).toBe(198);
    expect(totalOf([...log, late(50, -1), late(55)])).toBe(200);
  });

  it('withdrawing a vote frees its room under the limit', () => {
    const [first] = upvotes(1);
    const undo = anActivity({
      ...first,
      key: 'vote:1-0',
      version: 2,
      value: 0,
      eventId: importedId('undo'),
      occurredAt: noon(3),
    });
    expect(totalOf([...upvotes(21)])).toBe(200);
    expect(totalOf([...upvotes(21), undo])).toBe(200);
    expect(totalOf([...upvotes(20), undo])).toBe(190);
    const reversal = entriesOf(book, [...upvotes(20), undo]).find(
      ({ kind }) => kind === 'reversal',
    );
    expect(reversal).toMatchObject({ points: -10, occurredAt: noon(1) });
    expect(reversal && reasonOf(book, reversal)).toBe(
      'Upvote on your answer: taken back on 2021-05-03',
    );
  });

  it('pays for 500 approved edits, ever', () => {
    const edits = Array.from({ length: 520 }, (_, i) =>
      anActivity({
        key: `edit:${String(i)}`,
        kind: 'edit-approved',
        actorId: author,
        occurredAt: noon(1 + (i % 25), i % 60),
      }),
    );
    expect(totalOf(edits)).toBe(1000);
  });

  it('gives nothing for posts that the community owns, nor for votes on comments', () => {
    expect(entriesOf(book, [anActivity({ key: 'vote:1', earnsPoints: false })])).toEqual([]);
    expect(entriesOf(book, [anActivity({ key: 'vote:1', subjectType: 'comment' })])).toEqual([]);
  });

  it('casting a downvote costs 1 on answers, nothing on questions', () => {
    const down = (subjectType: string) =>
      anActivity({
        key: 'vote:1',
        value: -1,
        actorId: asker,
        subjectType,
        occurredAt: noon(2),
      });
    const rich = anActivity({
      key: 'bounty-award:2',
      kind: 'bounty-awarded',
      value: 50,
      subjectAuthorId: asker,
    });
    expect(totalsOf(entriesOf(book, [rich, down('answer')])).get(asker)).toBe(49);
    expect(totalsOf(entriesOf(book, [rich, down('question')])).get(asker)).toBe(50);
  });

  it('a loss that would go below 1 is forgotten, not owed', () => {
    const joined = anActivity({
      key: 'join:1',
      kind: 'member-joined',
      actorId: author,
      subjectAuthorId: null,
    });
    const down = anActivity({ key: 'vote:down', value: -1, occurredAt: noon(2) });
    const up = anActivity({ key: 'vote:up', occurredAt: noon(3) });
    expect(totalOf([joined, down])).toBe(1);
    expect(totalOf([joined, down, up])).toBe(11);
    const floor = entriesOf(book, [joined, down]).find(({ kind }) => kind === 'floor');
    expect(floor).toMatchObject({
      points: 2,
      rule: 'floor',
      activityId: null,
      occurredAt: noon(2),
    });
  });
});

it('one-like-one-point has the nine levels', () => {
  const { levels } = activate(oneLikeOnePoint, { version: 1 });
  expect([0, 4, 5, 19, 20, 33014, 33015].map((points) => levelOf(levels, points).number)).toEqual([
    1, 1, 2, 2, 3, 8, 9,
  ]);
});
