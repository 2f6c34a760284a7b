import fc from 'fast-check';
import { usualReferralTerms } from '../rules';
import { judgeReferrals, type ReferralFacts, type ReferredOrder } from './judge-referrals';

const at = (day: string) => new Date(`2026-${day}T00:00:00Z`);
const anOrder = (told: Partial<ReferredOrder> = {}): ReferredOrder => ({
  id: 'o1',
  paidAt: at('01-10'),
  totalMinor: 1000n,
  refundedMinor: 0n,
  isRefused: false,
  ...told,
});
const someone = (told: Partial<ReferralFacts> = {}): ReferralFacts => ({
  id: 'r1',
  joinedAt: at('01-01'),
  activatedAt: null,
  orders: [],
  ...told,
});
const judgeOne = (told: Partial<ReferralFacts>) =>
  judgeReferrals([someone(told)], () => usualReferralTerms)[0];

describe('what counts of those whom a member brought', () => {
  it.each<[string, Partial<ReferralFacts>, string, number | null, RegExp]>([
    ['joining alone', {}, 'joined', null, /counts once the address is verified/],
    ['becoming active', { activatedAt: at('01-05') }, 'activated', null, /active on 2026-01-05$/],
    ['a purchase', { orders: [anOrder()] }, 'purchased', 100, /^Bought something on 2026-01-10$/],
    [
      'a purchase of which a third went back',
      { orders: [anOrder({ refundedMinor: 333n })] },
      'purchased',
      66,
      /66 % of it was not refunded/,
    ],
    [
      'a purchase of which almost all went back',
      { orders: [anOrder({ refundedMinor: 999n })] },
      'purchased',
      1,
      /1 % of it/,
    ],
    [
      'a purchase that was paid back',
      { activatedAt: at('01-05'), orders: [anOrder({ refundedMinor: 1000n })] },
      'clawed-back',
      null,
      /of what|What was bought on 2026-01-10 was paid back/,
    ],
    [
      'more paid back than was paid',
      { orders: [anOrder({ refundedMinor: 2000n })] },
      'clawed-back',
      null,
      /paid back/,
    ],
    [
      'another purchase after one that was paid back',
      { orders: [anOrder({ refundedMinor: 1000n }), anOrder({ id: 'o2', paidAt: at('01-20') })] },
      'purchased',
      100,
      /2026-01-20/,
    ],
    ['a late purchase', { orders: [anOrder({ paidAt: at('02-01') })] }, 'joined', null, /too late/],
    ['the last moment', { orders: [anOrder({ paidAt: at('01-31') })] }, 'purchased', 100, /01-31/],
    ['nothing paid', { orders: [anOrder({ totalMinor: 0n })] }, 'joined', null, /Has joined/],
    ['a refund alone', { orders: [anOrder({ paidAt: null })] }, 'joined', null, /Has joined/],
    ['an unknown joining', { joinedAt: null, orders: [anOrder()] }, 'joined', null, /too late/],
    [
      'the same card',
      { activatedAt: at('01-05'), orders: [anOrder({ paidAt: null, isRefused: true })] },
      'refused',
      null,
      /payment method of who brought/,
    ],
  ])('is of %s', (_, told, state, weight, why) => {
    const judged = judgeOne(told);
    expect(judged).toMatchObject({ state, why: expect.stringMatching(why) as string });
    expect(judged?.purchase?.weight ?? null).toBe(weight);
  });

  it('is of the first few of a month, each kind by itself, and a place that is given up goes to the next', () => {
    const many = (refunded: number) =>
      Array.from({ length: 4 }, (_, i) =>
        someone({
          id: `r${String(i)}`,
          activatedAt: at(`01-0${String(i + 2)}`),
          orders: [
            anOrder({
              id: `o${String(i)}`,
              paidAt: at(`01-1${String(i)}`),
              refundedMinor: i === refunded ? 1000n : 0n,
            }),
          ],
        }),
      );
    const count = (refunded: number) => {
      const judged = judgeReferrals(many(refunded), () => ({
        ...usualReferralTerms,
        mostPerMonth: 2,
      }));
      return [
        judged.filter(({ activation }) => activation !== null).map(({ id }) => id),
        judged.filter(({ purchase }) => purchase !== null).map(({ id }) => id),
      ];
    };
    expect(count(-1)).toEqual([
      ['r0', 'r1'],
      ['r0', 'r1'],
    ]);
    expect(count(0)).toEqual([
      ['r0', 'r1'],
      ['r1', 'r2'],
    ]);
    const beyond = judgeReferrals(many(-1), () => ({ ...usualReferralTerms, mostPerMonth: 2 }))[3];
    expect(beyond?.why).toMatch(/beyond the number of a month/);
  });

  it('does not depend on the order of anything', () => {
    const orders = fc.array(
      fc.record({
        day: fc.integer({ min: 1, max: 28 }),
        refunded: fc.constantFrom(0n, 300n, 1000n),
        isRefused: fc.boolean(),
      }),
      { maxLength: 3 },
    );
    const people = fc.array(fc.tuple(fc.option(fc.integer({ min: 1, max: 28 })), orders), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(people, fc.infiniteStream(fc.nat(1000)), (told, random) => {
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => ({ item, key: random.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item);
        const facts = told.map(([active, bought], i) =>
          someone({
            id: `r${String(i)}`,
            activatedAt: active === null ? null : new Date(Date.UTC(2026, 0, active)),
            orders: bought.map(({ day, refunded, isRefused }, n) =>
              anOrder({
                id: `o${String(i)}-${String(n)}`,
                ...{ paidAt: new Date(Date.UTC(2026, 0, day)), refundedMinor: refunded, isRefused },
              }),
            ),
          }),
        );
        const terms = () => ({ purchaseWithinDays: 20, mostPerMonth: 2 });
        const byId = (judged: ReturnType<typeof judgeReferrals>) =>
          judged.toSorted((a, b) => (a.id < b.id ? -1 : 1));
        const again = shuffled(facts).map((one) => ({ ...one, orders: shuffled(one.orders) }));
        expect(byId(judgeReferrals(again, terms))).toEqual(byId(judgeReferrals(facts, terms)));
      }),
    );
  });
});
