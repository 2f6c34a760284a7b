import fc from 'fast-check';
import { toActivity } from '../activity/to-activity';
import { dumpProjections } from '../replay/dump.factory';
import { replayAll } from '../replay/replay-all';
import { entriesOf, totalsOf } from '../rules';
import { aHistory, communityId } from './history.arbitrary';
import {
  generous,
  inBatches,
  openPointsWorld,
  other,
  pairwise,
  sorted,
  usual,
  type PointsWorld,
} from './points-world.factory';

let points: PointsWorld;
beforeAll(async () => {
  points = await openPointsWorld();
});
afterAll(() => points.world.close());
beforeEach(() => points.forgetAll());

it('makes exactly the entries of the rules, whatever the order, the batches and the repetitions', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .tuple(aHistory(), fc.constantFrom(usual, generous, other, pairwise))
        .chain(([log, rules]) =>
          fc.tuple(
            fc.constant(log),
            fc.constant(rules),
            fc.shuffledSubarray([...log, ...log, ...log, ...log, ...log, rules.founded], {
              minLength: log.length * 5 + 1,
            }),
            fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
          ),
        ),
      async ([log, rules, delivered, sizes]) => {
        await points.forgetAll();
        await points.receive(...inBatches(delivered, sizes));

        const activities = log.map(toActivity);
        const expected = entriesOf(rules.book, activities);
        expect(await points.entries()).toEqual(
          expected.map((entry) => ({ ...entry, communityId })),
        );
        expect(await points.totals()).toEqual(sorted(totalsOf(expected)));
        await points.expectSqlToAgree(rules);

        const live = await dumpProjections(points.world.db);
        await replayAll(points.world.db);
        expect(await dumpProjections(points.world.db)).toEqual(live);
      },
    ),
    { numRuns: 15 },
  );
}, 120_000);

describe('several workers at once', () => {
  it('agree on the same activity, on versions of the same thing, and on the same members', async () => {
    const [log] = fc.sample(aHistory({ things: 400 }), { numRuns: 1, seed: 7 });
    await points.receive([usual.founded]);
    const batches = inBatches([...(log ?? []), ...(log ?? [])], [37]);

    const deliveries = batches.map((batch) => points.deliver(batch));
    await Promise.all([...deliveries, points.settle(), points.settle()]);
    await points.settle();

    const expected = entriesOf(usual.book, (log ?? []).map(toActivity));
    expect(await points.totals()).toEqual(sorted(totalsOf(expected)));
    expect(await points.entries()).toEqual(expected.map((entry) => ({ ...entry, communityId })));
    await points.expectSqlToAgree(usual);
  }, 60_000);

  it('do not lose activity that arrives while the rules start', async () => {
    const [log] = fc.sample(aHistory({ things: 100 }), { numRuns: 1, seed: 11 });
    const batches = inBatches(log ?? [], [10]);
    await Promise.all([...batches, [usual.founded]].map((batch) => points.deliver(batch)));
    await points.settle();
    expect(await points.totals()).toEqual(
      sorted(totalsOf(entriesOf(usual.book, (log ?? []).map(toActivity)))),
    );
    await points.expectSqlToAgree(usual);
  }, 60_000);
});
