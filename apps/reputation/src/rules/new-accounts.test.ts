import { entriesOf } from './entries';
import { aMemberId, anActivity } from './activity.arbitrary';
import { votersWeight, type NewAccounts } from './new-accounts';
import { oneLikeOnePoint, stackExchange } from './presets';
import { reasonOf } from './reason';
import { activate, ruleSetDefinition, type RuleBook } from './rule-set';

const newAccounts: NewAccounts = { fullAfterDays: 10, firstDay: 20, unverified: 50 };
const book: RuleBook = [activate({ ...stackExchange, newAccounts }, { version: 1 })];
const voter = aMemberId('voter');

const aVote = (told: { age?: number; isVerified?: boolean; value?: 1 | -1 }) =>
  anActivity({
    key: 'vote:1',
    actorId: voter,
    value: told.value ?? 1,
    actorAgeDays: told.age ?? null,
    actorIsVerified: told.isVerified ?? null,
  });

describe('votes of new accounts', () => {
  it.each([
    [0, true, 20],
    [1, true, 28],
    [5, true, 60],
    [10, true, 100],
    [5_000, true, 100],
    [5, false, 50],
    [0, false, 20],
    [5_000, false, 50],
    [undefined, false, 50],
    [undefined, undefined, 100],
  ])('at %s days, verified: %s, count %i %%', (age, isVerified, weight) => {
    const vote = aVote({
      ...(age === undefined ? {} : { age }),
      ...(isVerified === undefined ? {} : { isVerified }),
    });
    expect(votersWeight(newAccounts, vote)).toBe(weight);
    expect(votersWeight(null, vote)).toBe(100);
    expect(votersWeight(newAccounts, { ...vote, kind: 'acceptance' })).toBe(100);
  });

  it('give an author as much less, with the reason, and cost their voter what they always cost', () => {
    const [up] = entriesOf(book, [aVote({ age: 0, isVerified: true })]);
    expect(up).toMatchObject({ points: 2, nominal: 2, weight: 20 });
    expect(up && reasonOf(book, up)).toMatch(
      / \(counts 20 %: cast from an account that was new, or whose address was not verified\)$/,
    );
    const down = entriesOf(book, [aVote({ age: 0, value: -1 })]).filter(
      ({ kind }) => kind === 'award',
    );
    const points = (of: string) => down.find(({ memberId }) => memberId === of)?.points;
    expect(points(aMemberId('author'))).toBe(0); // 20 % of -2, towards zero
    expect(points(voter)).toBe(-1);
  });

  it('net to zero when they are withdrawn, and count in full when cast again later', () => {
    const first = aVote({ age: 0, isVerified: true });
    const withdrawn = { ...aVote({ age: 3 }), version: 2, value: 0 };
    const again = { ...aVote({ age: 12, isVerified: true }), version: 3 };
    const sum = (...votes: (typeof first)[]) =>
      entriesOf(
        book,
        votes.map((vote, i) => ({ ...vote, version: i + 1, eventId: `e${String(i)}` as never })),
      ).reduce((total, { points }) => total + points, 0);
    expect([sum(first), sum(first, withdrawn), sum(first, withdrawn, again)]).toEqual([2, 0, 10]);
  });

  it('count nothing where a like is a point, and are told of all the same', () => {
    const likes: RuleBook = [activate({ ...oneLikeOnePoint, newAccounts }, { version: 1 })];
    expect(entriesOf(likes, [aVote({ age: 1 })])).toMatchObject([{ points: 0, weight: 28 }]);
  });

  it('are weighed only where the rules say so: no preset does', () => {
    expect(ruleSetDefinition.safeParse({ ...stackExchange, newAccounts }).success).toBe(true);
    expect(
      ruleSetDefinition.safeParse({
        ...stackExchange,
        newAccounts: { ...newAccounts, firstDay: 101 },
      }).success,
    ).toBe(false);
    const plain: RuleBook = [activate(stackExchange, { version: 1 })];
    expect(entriesOf(plain, [aVote({ age: 0, isVerified: false })])).toMatchObject([
      { points: 10, weight: 100 },
    ]);
  });
});
