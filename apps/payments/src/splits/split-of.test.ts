import { newId, type MemberId } from '@lyceum/contracts';
import { money, sum, type Currency, type Money } from '@lyceum/money';
import fc from 'fast-check';
import { SplitParty, splitOf, takeBack, type Share, type SplitRule } from './split-of';

const cny = (amountMinor: bigint) => money(amountMinor, 'CNY' as Currency);
const rule = (party: SplitParty, basisPoints: number, memberId: MemberId | null = null) => ({
  party,
  memberId,
  basisPoints,
});
const minor = (shares: readonly { amount: Money }[]) => shares.map((s) => s.amount.amountMinor);
const total = (shares: readonly Share[]) =>
  sum(
    shares.map(({ amount }) => amount),
    'CNY' as Currency,
  );
const [creatorId, referrerId, namedId] = [newId<'Member'>(), newId<'Member'>(), newId<'Member'>()];
const parties = { creatorId, referrerId };

/** Any table that a proposal lets through: positive basis points, 10000 together. */
const anyTable = (): fc.Arbitrary<readonly SplitRule[]> =>
  fc.uniqueArray(fc.integer({ min: 1, max: 9_999 }), { maxLength: 9 }).map((cuts) => {
    const edges = [0, ...cuts.toSorted((a, b) => a - b), 10_000];
    const order = [SplitParty.CREATOR, SplitParty.PLATFORM, SplitParty.REFERRER];
    return edges
      .slice(1)
      .map((edge, n) =>
        rule(
          order[n] ?? SplitParty.MEMBER,
          edge - (edges[n] ?? 0),
          n < 3 ? null : newId<'Member'>(),
        ),
      );
  });

describe('splitOf', () => {
  it('splits a net of 1000 in thirds as 334, 333, 333 (vector P9)', () => {
    // Thirds of 10000 basis points are not whole; equal weights are what counts.
    const shares = [
      rule(SplitParty.CREATOR, 3_333),
      rule(SplitParty.PLATFORM, 3_333),
      rule(SplitParty.REFERRER, 3_333),
    ];
    expect(minor(splitOf({ shares }, cny(1000n), parties))).toEqual([334n, 333n, 333n]);
  });

  it('says who gets each share', () => {
    const shares = [
      rule(SplitParty.PLATFORM, 1_000),
      rule(SplitParty.CREATOR, 7_000),
      rule(SplitParty.REFERRER, 500),
      rule(SplitParty.MEMBER, 1_500, namedId),
    ];
    expect(splitOf({ shares }, cny(10_000n), parties)).toEqual([
      { party: 'platform', memberId: null, amount: cny(1_000n) },
      { party: 'creator', memberId: creatorId, amount: cny(7_000n) },
      { party: 'referrer', memberId: referrerId, amount: cny(500n) },
      { party: 'member', memberId: namedId, amount: cny(1_500n) },
    ]);
  });

  it("gives the referrer's share to the creator when nobody referred, and to the platform when nobody created", () => {
    const shares = [rule(SplitParty.CREATOR, 9_000), rule(SplitParty.REFERRER, 1_000)];
    const alone = splitOf({ shares }, cny(100n), { creatorId, referrerId: null });
    expect(alone.map(({ memberId }) => memberId)).toEqual([creatorId, creatorId]);
    const nobody = splitOf({ shares }, cny(100n), { creatorId: null, referrerId: null });
    expect(nobody.map(({ memberId }) => memberId)).toEqual([null, null]);
  });

  it('always adds up to the net, and mirrors what is negative', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), anyTable(), (net, shares) => {
        const split = splitOf({ shares }, cny(net), parties);
        expect(total(split)).toEqual(cny(net));
        expect(minor(splitOf({ shares }, cny(-net), parties))).toEqual(
          minor(split).map((amount) => -amount),
        );
      }),
    );
  });
});

describe('takeBack', () => {
  it('takes exactly the shares, in however many parts, and from nobody more than he has', () => {
    const refunds = fc.array(fc.bigInt({ min: 0n, max: 10n ** 6n }), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 6n }),
        anyTable(),
        refunds,
        (net, shares, wanted) => {
          const split = splitOf({ shares }, cny(net), parties);
          let left = split;
          for (const amount of [...wanted, null]) {
            const open = total(left).amountMinor;
            const refund = amount === null || amount > open ? open : amount; // the last one takes the rest
            const taken = takeBack(left, cny(refund));
            expect(total(taken)).toEqual(cny(refund));
            taken.forEach((share, line) => {
              expect(share.amount.amountMinor).toBeGreaterThanOrEqual(0n);
              expect(share.amount.amountMinor).toBeLessThanOrEqual(
                left[line]?.amount.amountMinor ?? -1n,
              );
            });
            left = left.map((share, line) => ({
              ...share,
              amount: cny(share.amount.amountMinor - (taken[line]?.amount.amountMinor ?? 0n)),
            }));
          }
          expect(minor(left).every((amount) => amount === 0n)).toBe(true);
        },
      ),
    );
  });

  it('refuses more than there is, and less than nothing', () => {
    const left = splitOf({ shares: [rule(SplitParty.CREATOR, 10_000)] }, cny(10n), parties);
    expect(() => takeBack(left, cny(11n))).toThrow(RangeError);
    expect(() => takeBack(left, cny(-1n))).toThrow(RangeError);
  });
});
