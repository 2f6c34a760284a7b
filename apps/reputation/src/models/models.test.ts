import fc from 'fast-check';
import { areaUnderCurve, churnScore, fitChurn, type ChurnExample } from './churn';
import {
  afterGrowth,
  bestGrowth,
  communityValue,
  fitValue,
  withNewcomers,
  type Measured,
} from './community-value';
import {
  behaviours,
  defaultWeights,
  interestOf,
  withBehaviour,
  type BehaviourRow,
} from './interest';
import { correlation, leastSquares, studentQuantile } from './least-squares';
import { estimate, forecast, grown, limitOf, lossRateOf, retained } from './member-forecast';
import { operatingAdvice } from './operating-rule';
import { satisfaction, satisfactionAsWritten } from './satisfaction';

/** A generator of numbers between 0 and 1 that is the same every time. */
const random = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};
const normal = (next: () => number) =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

describe('the value of a community, where the seed is right and where it is not', () => {
  it('is 4.18 for the sums of the seed, which prints 2.3', () => {
    const value = communityValue({ quality: 1.9, activity: 2.2 }, { alpha: 1, beta: 1 });
    expect(value).toBeCloseTo(4.18, 10);
    expect(value).not.toBeCloseTo(2.3, 1);
  });

  it('grows by periods: twelve of them, not the 200 new users that the seed writes in the exponent', () => {
    const start = { quality: 0.8, activity: 0.6 };
    const growth = { gamma: 0.1, delta: 0.05 };
    const year = afterGrowth(start, growth, { periods: 12 });
    expect(year.quality).toBeCloseTo(2.5107, 4);
    expect(year.activity).toBeCloseTo(1.0775, 4);

    const asWritten = afterGrowth(start, growth, { periods: 200 });
    expect(asWritten.quality / 151_924_221).toBeCloseTo(1, 6); // the seed prints 1.4
    expect(asWritten.activity).toBeCloseTo(10_375.5, 0); // the seed prints 1.2
    expect(Math.log(1.4 / 0.8) / Math.log(1.1)).toBeCloseTo(5.87, 2); // what 1.4 and 1.2 would need
    expect(Math.log(1.2 / 0.6) / Math.log(1.05)).toBeCloseTo(14.2, 1);
    const value = communityValue(
      afterGrowth(start, growth, { periods: 200, added: { quality: 0.5, activity: 1 } }),
      {
        alpha: 1,
        beta: 1,
      },
    );
    expect(value / 1.58e12).toBeCloseTo(1, 2); // the seed prints 2.3
    expect(communityValue(start, { alpha: 1, beta: 1 })).toBeCloseTo(0.48, 10);
  });

  it('takes newcomers in exactly', () => {
    expect(
      withNewcomers(
        { contents: 10, members: 3, quality: 4, activity: 5 },
        { contents: 2, qualities: [1, 0.5], activities: [2, 1] },
      ),
    ).toEqual({ contents: 12, members: 5, quality: 5.5, activity: 8 });
  });
});

const measured = (
  count: number,
  { alpha, beta, noise }: { alpha: number; beta: number; noise: number },
) => {
  const next = random(7);
  return Array.from({ length: count }, (): Measured => {
    const [quality, activity] = [Math.exp(3 * next()), Math.exp(3 * next())];
    const value = 3 * quality ** alpha * activity ** beta * Math.exp(noise * normal(next));
    return { quality, activity, value };
  });
};

describe('the exponents, learnt', () => {
  it.each([
    [0.6, 0.3],
    [1.2, 0.8],
    [0.1, 1.5],
  ])('are α = %d and β = %d again, within 0.02 and within their intervals', (alpha, beta) => {
    const fit = fitValue(measured(400, { alpha, beta, noise: 0.05 }));
    if (fit.kind === 'refused') throw new Error(fit.reason);
    expect(Math.abs(fit.alpha - alpha)).toBeLessThan(0.02);
    expect(Math.abs(fit.beta - beta)).toBeLessThan(0.02);
    expect(Math.abs(fit.alpha - alpha)).toBeLessThan(fit.alphaMargin * 1.5);
    expect(fit.alphaMargin).toBeLessThan(0.02);
    expect(fit.intercept).toBeCloseTo(Math.log(3), 1);
    expect(fit.holdOutError).toBeGreaterThan(0.02);
    expect(fit.holdOutError).toBeLessThan(0.08);
  });

  it('have intervals that hold the truth about 95 times in 100', () => {
    const next = random(3);
    let held = 0;
    for (let trial = 0; trial < 300; trial += 1) {
      const x = Array.from({ length: 20 }, () => [next(), next()]);
      const y = x.map(([a = 0, b = 0]) => 1 + 2 * a - b + 0.3 * normal(next));
      const fit = leastSquares(x, y);
      held += Number(Math.abs((fit?.coefficients[1] ?? 0) - 2) < (fit?.margins[1] ?? 0));
    }
    expect(held / 300).toBeGreaterThan(0.91);
    expect(held / 300).toBeLessThan(0.99);
  });

  it('are refused where nothing can tell them', () => {
    const points = measured(40, { alpha: 1, beta: 1, noise: 0 });
    expect(fitValue(points.slice(0, 11))).toEqual({ kind: 'refused', reason: 'too-few-points' });
    expect(fitValue([...points, { quality: 0, activity: 1, value: 1 }])).toMatchObject({
      reason: 'not-positive',
    });
    expect(fitValue(points.map((p) => ({ ...p, activity: p.quality ** 2 })))).toMatchObject({
      reason: 'collinear',
    });
    expect(fitValue(points.map((p) => ({ ...p, activity: 5 })))).toMatchObject({
      reason: 'no-variation',
    });
  });

  it('know the quantiles of tables', () => {
    expect(studentQuantile(4)).toBeCloseTo(2.776, 1);
    expect(studentQuantile(10)).toBeCloseTo(2.228, 2);
    expect(studentQuantile(100)).toBeCloseTo(1.984, 3);
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
  });
});

describe('the plan for a budget', () => {
  const input = {
    start: { quality: 10, activity: 10 },
    exponents: { alpha: 1, beta: 1 },
    periods: 6,
    budget: 1,
    qualityCost: 2,
    activityCost: 2,
  };

  it('is half and half where all is alike, and leans to what is worth more', () => {
    const plan = bestGrowth(input);
    expect(plan?.qualityShare).toBeCloseTo(0.5, 6);
    expect(plan?.gamma).toBeCloseTo(0.25, 6);
    expect(plan?.delta).toBeCloseTo(0.25, 6);
    expect(
      bestGrowth({ ...input, exponents: { alpha: 2, beta: 1 } })?.qualityShare,
    ).toBeGreaterThan(0.6);
  });

  it('spends the budget as calculus says, and no split is better', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        fc.double({ min: 0.5, max: 5, noNaN: true }),
        (alpha, beta, budget) => {
          const plan = bestGrowth({ ...input, exponents: { alpha, beta }, budget });
          // ln V = αt ln(1+γ) + βt ln(1+δ) on γ + δ = B/2: (1+γ)/(1+δ) = α/β, within the bounds.
          const inside = (2 + budget / 2) * (alpha / (alpha + beta)) - 1;
          expect(plan?.gamma).toBeCloseTo(Math.min(Math.max(inside, 0), budget / 2), 5);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('does not exist without a budget: more would always be better', () => {
    expect(bestGrowth({ ...input, budget: Infinity })).toBeNull();
    expect(bestGrowth({ ...input, qualityCost: 0 })).toBeNull();
  });
});

describe('members to come', () => {
  it('grow and stay as the seed counts', () => {
    expect(grown(100, 20)).toBe(120);
    expect(retained(100, 0.05)).toBe(95);
    expect(lossRateOf(5, 100)).toBe(0.05);
    expect(lossRateOf(5, 200)).toBe(0.025); // five members are 0.05 only of a hundred
    expect(lossRateOf(5, 0)).toBeNull();
  });

  it('do both at once, towards G ÷ L', () => {
    const path = forecast({ members: 100, gain: 20, lossRate: 0.05, steps: 400 });
    expect(path.slice(0, 3)).toEqual([115, 129.25, expect.closeTo(142.7875, 10) as number]);
    expect(limitOf(20, 0.05)).toBe(400);
    expect(path.at(-1)).toBeCloseTo(400, 5);
    expect(limitOf(20, 0)).toBeNull();
  });

  it('are estimated with an interval, from three months on', () => {
    expect(estimate([10, 20])).toBeNull();
    expect(estimate([10, 20, 30])).toMatchObject({ value: 20, low: expect.any(Number) as number });
    expect(estimate([20, 20, 20])).toEqual({ value: 20, low: 20, high: 20 });
  });
});

it('interest is the same, event by event or all at once', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...behaviours)), fc.integer(), (events, seed) => {
      const shuffled = events.toSorted((a, b) => ((a.length * seed) % 7) - ((b.length * seed) % 7));
      const oneByOne = shuffled.reduce<BehaviourRow>((row, event) => withBehaviour(row, event), {});
      const batch = Object.fromEntries(
        behaviours.map((behaviour) => [
          behaviour,
          events.filter((event) => event === behaviour).length,
        ]),
      );
      expect(interestOf(oneByOne, defaultWeights)).toBeCloseTo(
        interestOf(batch, defaultWeights),
        9,
      );
    }),
  );
  expect(interestOf({ vote: 2, share: 1 }, { ...defaultWeights, vote: 10 })).toBe(23);
});

it('satisfaction is of those who rated; the seed’s own formula is 3.0 for the same', () => {
  expect(satisfaction([5, null, 4])).toBe(4.5);
  expect(satisfactionAsWritten([5, null, 4])).toBe(3);
  expect(satisfaction([null, null])).toBeNull();
  expect(satisfaction([])).toBeNull();
});

it.each([
  [100, 50, 10, 'reward-comments-and-shares'],
  [50, 100, 10, 'raise-content-quality'],
  [10, 50, 100, 'mix'],
  [100, 10, 50, 'mix'],
  [50, 50, 10, 'mix'],
  [50, 100, 60, 'raise-content-quality'],
  [0, 0, 0, 'mix'],
])('%d clicks, %d comments, %d shares: %s', (clicks, comments, shares, advice) => {
  expect(operatingAdvice({ clicks, comments, shares })).toBe(advice);
});

describe('churn', () => {
  it('is found where it follows from what is known, and is a toss of a coin where not', () => {
    const next = random(11);
    const examples = (isLearnable: boolean) =>
      Array.from({ length: 600 }, (): ChurnExample => {
        const features = [4 * next(), 3 * next(), 3 * next(), 5 * next()];
        const chance = 1 / (1 + Math.exp(-(2 * (features[0] ?? 0) - 2 * (features[1] ?? 0) - 1)));
        return { features, hasChurned: next() < (isLearnable ? chance : 0.5) };
      });
    const auc = (all: readonly ChurnExample[]) => {
      const model = fitChurn(all.slice(0, 400));
      return areaUnderCurve(
        all
          .slice(400)
          .map(({ features, hasChurned }) => ({ score: churnScore(model, features), hasChurned })),
      );
    };
    expect(auc(examples(true))).toBeGreaterThan(0.85);
    expect(auc(examples(false))).toBeLessThan(0.6);
  });

  it('is judged by pairs: ties count half', () => {
    const scored = (...pairs: [number, boolean][]) =>
      pairs.map(([score, hasChurned]) => ({ score, hasChurned }));
    expect(areaUnderCurve(scored([0.9, true], [0.1, false]))).toBe(1);
    expect(areaUnderCurve(scored([0.1, true], [0.9, false]))).toBe(0);
    expect(areaUnderCurve(scored([0.5, true], [0.5, false]))).toBe(0.5);
    expect(areaUnderCurve(scored([0.9, true], [0.5, false], [0.5, true], [0.1, false]))).toBe(
      0.875,
    );
    expect(areaUnderCurve(scored([0.9, true]))).toBeNull();
  });
});
