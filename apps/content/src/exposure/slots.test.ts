import { slotsFor, type Candidate } from './slots';

const posts = (count: number, isNewBecause: Candidate['isNewBecause'], name: string): Candidate[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `${name}-${String(i).padStart(3, '0')}`,
    type: 'question',
    authorId: null,
    rank: isNewBecause === null ? 1000 - i : 0,
    isNewBecause,
  }));

const known = posts(100, null, 'known');
const fresh = [...posts(20, 'newcomer', 'newcomer'), ...posts(20, 'unexposed', 'unexposed')];
const all = [...known, ...fresh];
const page = (seed: string, sharePercent = 20) =>
  slotsFor(all, { seed, sharePercent }).slice(0, 20);

describe('places in the list of a community', () => {
  it('keep their share for those who are new, at every place, over 10,000 draws', () => {
    const draws = 10_000;
    const atPlace = new Array<number>(20).fill(0);
    const few = [...known.slice(0, 20), ...posts(5, 'newcomer', 'newcomer')];
    for (let n = 0; n < draws; n += 1)
      for (const [place, { because }] of slotsFor(few, { seed: String(n), sharePercent: 20 })
        .slice(0, 20)
        .entries())
        if (because !== 'ranked') atPlace[place] = (atPlace[place] ?? 0) + 1;
    const share = atPlace.reduce((sum, count) => sum + count, 0) / (draws * 20);
    expect(share).toBeCloseTo(0.2, 3);
    for (const count of atPlace) expect(Math.abs(count / draws - 0.2)).toBeLessThan(0.02); // 5 standard errors
  });

  it.each([0, 5, 20, 33, 50])('of %i %% are so many of each twenty, but for one', (share) => {
    for (let n = 0; n < 100; n += 1) {
      const kept = page(String(n), share).filter(({ because }) => because !== 'ranked').length;
      expect(Math.abs(kept - (20 * share) / 100)).toBeLessThan(1.0001);
    }
  });

  it('are reached by every new author', () => {
    const reached = new Set<string>();
    for (let n = 0; n < 500; n += 1)
      for (const { id, because } of page(String(n))) if (because === 'newcomer') reached.add(id);
    expect(reached.size).toBe(20);
  });

  it('are the same for the same seed, whatever order the posts come in, and others for another', () => {
    expect(slotsFor(all.toReversed(), { seed: 'a', sharePercent: 20 })).toEqual(
      slotsFor(all, { seed: 'a', sharePercent: 20 }),
    );
    expect(page('a')).not.toEqual(page('b'));
  });

  it('have each post once, all of them in the end, and by rank but for the kept ones', () => {
    const slots = slotsFor(all, { seed: 'a', sharePercent: 20 });
    expect(new Set(slots.map(({ id }) => id)).size).toBe(all.length);
    const ranked = slots.filter(
      ({ because, id }) => because === 'ranked' && id.startsWith('known'),
    );
    expect(ranked.map(({ id }) => id)).toEqual(known.map(({ id }) => id));
  });

  it('go by rank alone where nobody is new, and to the new alone where nobody else is', () => {
    expect(slotsFor(known, { seed: 'a', sharePercent: 50 }).map(({ id }) => id)).toEqual(
      known.map(({ id }) => id),
    );
    expect(slotsFor(fresh, { seed: 'a', sharePercent: 20 })).toHaveLength(40);
    expect(slotsFor([], { seed: 'a', sharePercent: 20 })).toEqual([]);
  });
});
