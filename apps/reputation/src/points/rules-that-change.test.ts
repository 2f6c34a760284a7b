import fc from 'fast-check';
import { toActivity } from '../activity/to-activity';
import { dumpProjections } from '../replay/dump.factory';
import { replayAll } from '../replay/replay-all';
import { activate, entriesOf, learning, stackExchange, totalsOf, type RuleBook } from '../rules';
import { aHistory, communityId } from './history.arbitrary';
import {
  inBatches,
  openPointsWorld,
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

const eras = [
  {
    activeFrom: '2021-05-02',
    definition: {
      ...stackExchange,
      startingPoints: 4,
      floor: 2,
      limits: [
        { name: 'daily' as const, points: 12, per: 'pair' as const },
        { name: 'edits' as const, points: 3, per: 'member' as const },
      ],
    },
  },
  { activeFrom: '2021-05-03', definition: { ...learning, floor: null } },
];
const book: RuleBook = [
  ...usual.book,
  ...eras.map(({ activeFrom, definition }, i) =>
    activate(definition, { version: i + 2, activeFrom }),
  ),
];

it('judges every activity by the rules of its day, in any order, and a replay agrees', async () => {
  await fc.assert(
    fc.asyncProperty(
      aHistory({ things: 150 }).chain((log) =>
        fc.tuple(
          fc.constant(log),
          fc.shuffledSubarray([...log, ...log], { minLength: log.length * 2 }),
          fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
        ),
      ),
      async ([log, delivered, sizes]) => {
        await points.forgetAll();
        await points.receive([usual.founded]);
        for (const [i, { activeFrom, definition }] of eras.entries())
          await points.world.db.query(
            'INSERT INTO rule_set (community_id, version, active_from, definition, parameters) VALUES ($1, $2, $3, $4, $5)',
            [communityId, i + 2, activeFrom, JSON.stringify(definition), '{}'],
          );
        await points.receive(...inBatches(delivered, sizes));

        const expected = entriesOf(book, log.map(toActivity));
        expect(await points.entries()).toEqual(
          expected.map((entry) => ({ ...entry, communityId })),
        );
        expect(await points.totals()).toEqual(sorted(totalsOf(expected)));
        const live = await dumpProjections(points.world.db);
        await replayAll(points.world.db);
        expect(await dumpProjections(points.world.db)).toEqual(live);
      },
    ),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);
