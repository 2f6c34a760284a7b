import fc from 'fast-check';
import { streakOf } from './streak';

const today = '2021-03-02';

it.each([
  ['nothing', [], 0, 0],
  ['today', ['2021-03-02'], 1, 1],
  ['yesterday counts while today is not over', ['2021-02-28', '2021-03-01'], 2, 2],
  ['the day before does not', ['2021-02-27', '2021-02-28'], 0, 2],
  ['a gap begins anew', ['2021-02-25', '2021-02-26', '2021-02-27', '2021-03-01', today], 2, 3],
  ['over the end of a leap February', ['2020-02-28', '2020-02-29', '2020-03-01'], 0, 3],
])('%s', (_, days, current, longest) => {
  expect(streakOf(days, today)).toEqual({ current, longest });
});

it('does not depend on the order of the days', () => {
  const days = ['2021-02-25', '2021-02-26', '2021-02-27', '2021-03-01', today];
  fc.assert(
    fc.property(fc.shuffledSubarray(days, { minLength: days.length }), (shuffled) => {
      expect(streakOf(shuffled, today)).toEqual(streakOf(days, today));
    }),
  );
});
