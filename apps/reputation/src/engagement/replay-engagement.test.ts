import {
  newId,
  QuestionAsked,
  type CommunityId,
  type Envelope,
  type MemberId,
} from '@lyceum/contracts';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { consumersOf } from '../consumers';
import { database } from '../database';
import { anEvent, communityCreated, deliver, settle } from '../deliver.factory';
import { dumpProjections } from '../replay/dump.factory';
import { rebuildEngagement } from './rebuild-engagement';
import { replayEngagement } from './replay-engagement';
import { holdMetrics } from './roll-up';
import { query } from '../sql';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld({ app: 'reputation', database });
});
afterAll(() => world.close());

const receive = async (events: readonly Envelope[]): Promise<void> => {
  await deliver(world.deps, consumersOf(world.deps.signals), events);
  await settle(world.deps, consumersOf(world.deps.signals));
};

const asked = (id: CommunityId, authorId: MemberId, day: number) =>
  anEvent(
    QuestionAsked,
    { communityId: id, questionId: newId<'Question'>(), authorId, tags: ['sql'] },
    { occurredAt: new Date(Date.UTC(2021, 0, 1 + day)) },
  );

const questions = async (id: CommunityId): Promise<number | undefined> => {
  const [row] = await query<{ n: number }>(
    world.db,
    'SELECT sum(questions)::int AS n FROM engagement_day WHERE community_id = $1',
    [id],
  );
  return row?.n;
};

/** A community with a question on each of so many days. */
const aCommunity = async (days: number): Promise<{ id: CommunityId; author: MemberId }> => {
  const [id, author] = [newId<'Community'>(), newId<'Member'>()];
  await receive([
    communityCreated(id),
    ...Array.from({ length: days }, (_, day) => asked(id, author, day)),
  ]);
  return { id, author };
};

it('lets live work pass: new activity is counted between its stretches, before it ends', async () => {
  const { id, author } = await aCommunity(200);
  let stretches = 0;
  const counted: (number | undefined)[] = [];

  await replayEngagement(world.db, id, async () => {
    stretches += 1;
    // On a day that is done, on one that is to come, and by somebody new: counted at once, for the same community.
    await receive([asked(id, author, 0), asked(id, newId<'Member'>(), 199)]);
    counted.push(await questions(id));
  });

  expect(stretches).toBeGreaterThanOrEqual(2 + Math.ceil(200 / 31) + 1);
  expect(counted).toEqual(Array.from({ length: stretches }, (_, i) => 200 + 2 * (i + 1)));
  const replayed = await dumpProjections(world.db);
  await world.db.transaction((tx) => rebuildEngagement(tx, id));
  expect(await dumpProjections(world.db)).toEqual(replayed);
}, 60_000);

it('waits for nobody with points: they are given while a stretch is under way', async () => {
  const { id, author } = await aCommunity(1);
  await world.db.transaction(async (tx) => {
    await holdMetrics(tx, [id]);
    await deliver(world.deps, consumersOf(world.deps.signals), [asked(id, author, 2)]);
    const [row] = await query<{ n: number }>(
      world.db,
      'SELECT count(*)::int AS n FROM activity_log WHERE community_id = $1',
      [id],
    );
    expect(row?.n).toBe(2);
  });
  await receive([]);
  expect(await questions(id)).toBe(2);
});

it('mends what was damaged, also where there should be nothing', async () => {
  const { id } = await aCommunity(3);
  const sound = await dumpProjections(world.db);
  await world.db.query(
    `UPDATE engagement_day SET questions = questions + 5 WHERE community_id = $1 AND day = '2021-01-02'`,
    [id],
  );
  await world.db.query(
    `INSERT INTO engagement_active (community_id, day, member_id, did) VALUES ($1, '2019-01-01', $2, 1)`,
    [id, newId()],
  );
  await world.db.query(
    `UPDATE engagement_member SET first_day = '2001-01-01' WHERE community_id = $1`,
    [id],
  );
  await world.db.query(`UPDATE engagement_post SET tags = '{css}' WHERE community_id = $1`, [id]);
  await world.db.query(`UPDATE member_behaviour SET times = 99 WHERE community_id = $1`, [id]);

  await replayEngagement(world.db, id);

  expect(await dumpProjections(world.db)).toEqual(sound);
});
