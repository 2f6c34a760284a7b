import { newId, type MemberId } from '@lyceum/contracts';
import fc from 'fast-check';
import { dividePool } from './divide-pool';
import { scoreQuiz } from './quiz';
import { rankEntries, type Judged, type Terms } from './rank-entries';

const terms: Terms = {
  kind: 'content',
  criteria: [
    { name: 'idea', weight: 2 },
    { name: 'craft', weight: 1 },
  ],
  juryWeight: 3,
  votesWeight: 1,
};

const entry = (told: Partial<Judged> & { idea?: number; craft?: number } = {}): Judged => {
  const { idea, craft, ...rest } = told;
  const scores = Object.entries({ idea, craft }).flatMap(([criterion, score]) =>
    score === undefined ? [] : [{ criterion, score }],
  );
  return {
    ...{ id: newId<'ContestEntry'>(), memberId: newId<'Member'>(), submittedAt: new Date(0) },
    ...{ scores, votes: 0, quiz: null, ...rest },
  };
};

it('weighs criteria, then jury against votes, and says so', () => {
  const [good, liked] = [entry({ idea: 9, craft: 6, votes: 1 }), entry({ idea: 2, votes: 4 })];
  expect(rankEntries(terms, [liked, good])).toEqual([
    expect.objectContaining({
      id: good.id,
      place: 1,
      // jury (2·90 + 60) / 3 = 80 %, votes 1 of 4; 3 : 1 makes 66.25 %
      why: {
        ...{ total: 6625, jury: 8000, votesShare: 2500, votes: 1, quiz: null, tieDecidedBy: null },
        criteria: [
          { name: 'idea', weight: 2, mean: 9000, jurors: 1 },
          { name: 'craft', weight: 1, mean: 6000, jurors: 1 },
        ],
      },
    }),
    expect.objectContaining({ id: liked.id, place: 2 }),
  ]);
});

it('tells equals apart by jury, then votes, then time', () => {
  const even = { ...terms, juryWeight: 1, votesWeight: 1 };
  const byJury = entry({ idea: 10, craft: 10, votes: 0 });
  const byVotes = entry({ votes: 5 });
  expect(rankEntries(even, [byVotes, byJury]).map(({ id, why }) => [id, why.tieDecidedBy])).toEqual(
    [
      [byJury.id, 'jury'],
      [byVotes.id, 'jury'],
    ],
  );
  const votesAreNothing = { ...terms, votesWeight: 0 };
  const [few, many] = [entry({ idea: 5, votes: 1 }), entry({ idea: 5, votes: 2 })];
  expect(rankEntries(votesAreNothing, [few, many])[0]).toMatchObject({
    ...{ id: many.id, why: { tieDecidedBy: 'votes' } },
  });
  const [early, late] = [entry({ submittedAt: new Date(1) }), entry({ submittedAt: new Date(2) })];
  expect(rankEntries(terms, [late, early])[0]).toMatchObject({
    ...{ id: early.id, why: { tieDecidedBy: 'time' } },
  });
});

it('does not depend on the order in which entries are told', () => {
  const some = fc.array(
    fc.record({
      idea: fc.integer({ min: 0, max: 10 }),
      votes: fc.nat(3),
      submittedAt: fc.nat(2).map((ms) => new Date(ms)),
    }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(
      some.chain((told) => {
        const entries = told.map(entry);
        return fc.tuple(
          fc.constant(entries),
          fc.shuffledSubarray(entries, { minLength: entries.length }),
        );
      }),
      ([entries, shuffled]) => {
        expect(rankEntries(terms, shuffled)).toEqual(rankEntries(terms, entries));
      },
    ),
  );
});

it('never gives more than the pool, nor two prizes to a member, nor one for nothing', () => {
  const members = Array.from({ length: 4 }, () => newId<'Member'>());
  const pool = fc.record({
    budget: fc.bigInt({ min: 0n, max: 10_000n }),
    staked: fc.bigInt({ min: 0n, max: 10_000n }),
    shares: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
  });
  const entries = fc.array(
    fc.record({ votes: fc.nat(3), member: fc.nat(3), submittedAt: fc.constant(new Date(0)) }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(pool, entries, (funds, told) => {
      const ranking = rankEntries(
        { ...terms, juryWeight: 0 },
        told.map(({ member, ...rest }) =>
          entry({ ...rest, memberId: members[member] as MemberId }),
        ),
      );
      const wins = dividePool(funds, ranking);
      const given = wins.reduce((sum, { amount }) => sum + amount, 0n);
      expect(given <= funds.budget + funds.staked).toBe(true);
      if (wins.length === funds.shares.length) expect(given).toBe(funds.budget + funds.staked);
      if (wins.length > 0) expect(given >= funds.staked).toBe(true);
      expect(new Set(wins.map(({ memberId }) => memberId)).size).toBe(wins.length);
      expect(wins.every(({ why, amount }) => why.total > 0 && amount > 0n)).toBe(true);
    }),
  );
});

it('counts a question of a quiz when exactly the right choices were chosen', () => {
  const questions = [
    { choices: ['a', 'b', 'c'], points: 2 },
    { choices: ['a', 'b'], points: 3 },
  ];
  const key = [[0, 2], [1]];
  const score = (answers: number[][]) => scoreQuiz(questions, { key, answers }).got;
  expect(score([[2, 0], [1]])).toBe(5);
  expect(score([[0, 1, 2], [1]])).toBe(3);
  expect(score([[0], []])).toBe(0);
});
