import fc from 'fast-check';
import { findRings, type Votes } from './find-rings';
import { findSeries } from './find-series';
import { aCommunityWithRings } from './generated-votes.factory';

const counted = (votes: readonly { from: string; to: string }[]): Votes[] => {
  const counts = new Map<string, Votes>();
  for (const { from, to } of votes) {
    const known = counts.get(`${from} ${to}`) ?? { from, to, n: 0 };
    counts.set(`${from} ${to}`, { ...known, n: known.n + 1 });
  }
  return [...counts.values()];
};

it('finds planted rings in generated communities: precision and recall of members at least 0.9', () => {
  const figures = { found: 0, right: 0, planted: 0 };
  for (let seed = 1; seed <= 20; seed += 1) {
    const { votes, rings } = aCommunityWithRings(seed);
    const planted = new Set(rings.flat());
    const found = findRings(counted(votes)).flatMap(({ members }) => members);
    figures.planted += planted.size;
    figures.found += found.length;
    figures.right += found.filter((member) => planted.has(member)).length;
  }
  const precision = figures.right / figures.found;
  const recall = figures.right / figures.planted;
  process.stderr.write(`rings: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}\n`);
  expect(precision).toBeGreaterThanOrEqual(0.9);
  expect(recall).toBeGreaterThanOrEqual(0.9);
});

it('finds nobody in communities without rings', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { votes } = aCommunityWithRings(seed, { rings: [] });
    expect(findRings(counted(votes))).toEqual([]);
  }
});

it('comes to the same whatever the order of the votes', () => {
  const { votes } = aCommunityWithRings(3, { members: 60 });
  const edges = counted(votes);
  const expected = findRings(edges);
  expect(expected.length).toBeGreaterThan(2);
  fc.assert(
    fc.property(fc.shuffledSubarray(edges, { minLength: edges.length }), (shuffled) => {
      expect(findRings(shuffled)).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});

describe('series', () => {
  const vote = (minute: number, told: { from?: string; to?: string; value?: number } = {}) => ({
    ...{ key: `vote:${String(minute)}`, from: 'ada', to: 'bob', value: 1, ...told },
    at: new Date(Date.UTC(2021, 4, 1, 0, minute)),
  });
  const minutes = (list: readonly number[], told = {}) => list.map((minute) => vote(minute, told));

  it.each([
    ['six within an hour', minutes([0, 10, 20, 30, 40, 60]), 6],
    ['one minute more', minutes([0, 10, 20, 30, 40, 61]), 0],
    ['five', minutes([0, 1, 2, 3, 4]), 0],
    ['a run as long as it goes on', minutes([0, 10, 20, 30, 40, 50, 60, 70, 400]), 8],
    ['downvotes', minutes([0, 1, 2, 3, 4, 5], { value: -1 }), 6],
    ['ups and downs are not one', [...minutes([0, 1, 2]), ...minutes([3, 4, 5], { value: -1 })], 0],
    ['the own posts', minutes([0, 1, 2, 3, 4, 5], { to: 'ada' }), 0],
  ])('%s', (_, votes, expected) => {
    expect(findSeries(votes).flatMap(({ keys }) => keys)).toHaveLength(expected);
    expect(findSeries([...votes].reverse())).toEqual(findSeries(votes));
  });
});
