import { absolute, compared, median, quantile, variation } from './figures';

it('takes quantiles as NumPy does', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(quantile([1, 2, 3, 4, 5], 0.9)).toBeCloseTo(4.6);
});

it('compares round by round, so that a machine that slows down does not favour either', () => {
  const figure = compared({ name: 'x', unit: '/s', atLeast: 8 }, [
    { ours: 100, peer: 10 },
    { ours: 50, peer: 5 },
    { ours: 81, peer: 9 },
  ]);
  expect(figure).toMatchObject({ ratio: 10, ours: 81, peer: 9, isMet: true });
  expect(figure.cv).toBeCloseTo(variation([10, 10, 9]));
});

it('fails a target that is missed', () => {
  expect(absolute({ name: 'x', unit: 'ms', atMost: 5 }, [6]).isMet).toBe(false);
  expect(absolute({ name: 'x', unit: 'ms', atLeast: 5 }, [6]).isMet).toBe(true);
});
