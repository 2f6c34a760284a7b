import { Client } from 'pg';
import fc from 'fast-check';
import { toActivity } from '../activity/to-activity';
import { aHistory, communityId } from '../points/history.arbitrary';
import {
  inBatches,
  openPointsWorld,
  sorted,
  usual,
  type PointsWorld,
} from '../points/points-world.factory';
import { entriesOf, totalsOf } from '../rules';
import { dumpProjections } from './dump.factory';
import { replayAll } from './replay-all';

let points: PointsWorld;
const [log = []] = fc.sample(aHistory({ things: 60 }), { numRuns: 1, seed: 13 });
beforeAll(async () => {
  points = await openPointsWorld();
});
afterAll(() => points.world.close());

interface Killer {
  /** Ends the sessions that are in the middle of something the next time there are any: what a killed worker leaves behind. */
  arm(): void;
  stop(): Promise<number>;
}

const aKiller = async (url: string): Promise<Killer> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  let [isArmed, isOver, killed] = [false, false, 0];
  const killing = (async () => {
    while (!isOver) {
      if (isArmed) {
        const { rowCount } = await client.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
             AND query ~ 'point_entry|member_day|activity_log'`,
        );
        killed += rowCount ?? 0;
        isArmed = rowCount === 0;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return {
    arm: () => {
      isArmed = true;
    },
    stop: async () => {
      isOver = true;
      await killing;
      await client.end();
      return killed;
    },
  };
};

const again = async (work: () => Promise<void>): Promise<void> => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt === 9) throw error;
    }
  }
};

it('comes to the same points though workers die in the middle of batches, all is told five times and the clock jumps', async () => {
  const { db } = points.world;
  const { url = '' } = db.dataSource.options as { url?: string };
  await points.receive([usual.founded]);
  const told = fc.sample(
    fc.shuffledSubarray([...log, ...log, ...log, ...log, ...log], { minLength: log.length * 5 }),
    {
      ...{ numRuns: 1, seed: 13 },
    },
  )[0] as typeof log;
  const clocks = [
    '2021-05-04T12:00:00Z',
    '2031-01-01T00:00:00Z',
    '1999-12-31T23:59:59Z',
    '2021-05-04T11:59:00Z',
  ];

  const killer = await aKiller(url);
  for (const [n, batch] of inBatches(told, [30]).entries()) {
    points.world.setNow(clocks[n % clocks.length] ?? '');
    killer.arm();
    await again(() => points.deliver(batch));
  }
  expect(await killer.stop()).toBeGreaterThan(3);
  points.world.setNow('2021-05-04T12:00:00Z');
  await points.settle();

  const expected = entriesOf(usual.book, log.map(toActivity));
  expect(await points.totals()).toEqual(sorted(totalsOf(expected)));
  expect(await points.entries()).toEqual(expected.map((entry) => ({ ...entry, communityId })));
  const live = await dumpProjections(db);
  await replayAll(db, communityId);
  expect(await dumpProjections(db)).toEqual(live);
}, 180_000);
