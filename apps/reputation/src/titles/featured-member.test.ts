import { importedId, newId } from '@lyceum/contracts';
import { featuredMember, newcomersPercent, type Candidate } from './featured-member';
import { lastWeek } from './feature-members.job';

const candidate = (told: Partial<Candidate>): Candidate => ({
  ...{ memberId: newId<'Member'>(), points: 0, thanks: 0, isNewcomer: false, wasFeatured: false },
  ...told,
});

const weeks = Array.from({ length: 520 }, (_, n) =>
  new Date(Date.UTC(2015, 0, 5) + n * 7 * 86_400_000).toISOString().slice(0, 10),
);
const communityId = importedId<'Community'>('featured');

it('gives newcomers their share of weeks, and the rest to who earned most', () => {
  const best = candidate({ points: 900 });
  const newcomer = candidate({ points: 3, thanks: 1, isNewcomer: true });
  const other = candidate({ points: 5, isNewcomer: true });
  const featured = weeks.map((week) =>
    featuredMember({ communityId, week }, [other, best, newcomer]),
  );
  const isNewcomers = featured.filter((one) => one?.isNewcomer);
  expect((isNewcomers.length / weeks.length) * 100).toBeGreaterThan(newcomersPercent - 6);
  expect((isNewcomers.length / weeks.length) * 100).toBeLessThan(newcomersPercent + 6);
  for (const one of featured)
    expect(one?.memberId).toBe(one?.isNewcomer ? newcomer.memberId : best.memberId);
  expect(isNewcomers[0]?.reason).toContain('3 points and 1 note of thanks');
});

it('does not depend on the order of candidates, and features nobody twice in a row or for nothing', () => {
  const [first, second] = [candidate({ points: 9 }), candidate({ points: 9, thanks: 1 })];
  for (const week of weeks.slice(0, 20)) {
    expect(featuredMember({ communityId, week }, [first, second])?.memberId).toBe(second.memberId);
    expect(featuredMember({ communityId, week }, [second, first])?.memberId).toBe(second.memberId);
    const again = { ...second, wasFeatured: true };
    expect(featuredMember({ communityId, week }, [again, first])?.memberId).toBe(first.memberId);
    expect(featuredMember({ communityId, week }, [candidate({})])).toBeNull();
  }
});

it.each([
  ['2021-05-09T23:59:59Z', '2021-04-26'], // a Sunday
  ['2021-05-10T00:00:00Z', '2021-05-03'], // a Monday
  ['2021-01-02T12:00:00Z', '2020-12-21'],
])('at %s the last week that is over began on %s', (now, week) => {
  expect(lastWeek(new Date(now))).toBe(week);
});
