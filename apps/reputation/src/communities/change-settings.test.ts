import { newId, type CommunityId } from '@lyceum/contracts';
import { communityChanged, communityCreated } from '../deliver.factory';
import { aLivedInWorld, asked, joined, type LivedIn } from '../lived-in.factory';
import { communityId } from '../points/history.arbitrary';
import { engagementInSql } from '../replay/recompute-in-sql';
import { query } from '../sql';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

const daysOf = (id: CommunityId) =>
  query<{ day: string }>(
    lived.world.db,
    `SELECT day::text, active_members AS "activeMembers", new_members AS "newMembers", questions, answers, comments, votes
     FROM engagement_day WHERE community_id = $1 ORDER BY day`,
    [id],
  );
const pointsOf = (id: CommunityId) =>
  query(
    lived.world.db,
    'SELECT member_id, total FROM member_standing WHERE community_id = $1 ORDER BY member_id',
    [id],
  );

it('counts all days again in days of the new zone, and leaves the points as they are', async () => {
  const points = await pointsOf(communityId);
  const before = await daysOf(communityId);
  await lived.receive([communityChanged(communityId, { timeZone: 'Asia/Shanghai', version: 2 })]);
  const after = await daysOf(communityId);
  expect(after).not.toEqual(before);
  expect(after).toEqual(await engagementInSql(lived.world.db, communityId));
  expect(await pointsOf(communityId)).toEqual(points);

  const late = communityChanged(communityId, { timeZone: 'America/New_York', version: 1 });
  await lived.receive([late]);
  expect(await daysOf(communityId)).toEqual(after);
  await lived.receive([
    communityChanged(communityId, { timeZone: 'UTC', version: 3 }),
    communityChanged(communityId, { timeZone: 'America/New_York', version: 4 }),
  ]);
  expect(await daysOf(communityId)).toEqual(before);
});

it('begins with what was changed, when that is heard of before the founding', async () => {
  const id = newId<'Community'>();
  const author = newId<'Member'>();
  await lived.receive([communityChanged(id, { timeZone: 'Pacific/Kiritimati' })]);
  await lived.receive([communityCreated(id), joined(id, author), asked(id, author)]);
  expect((await daysOf(id)).at(-1)).toMatchObject({ day: '2021-05-05', questions: 1 });
});

it('takes a zone that this PostgreSQL does not know for UTC', async () => {
  const id = newId<'Community'>();
  await lived.receive([communityCreated(id, { timeZone: 'Asia/Shanghai' })]);
  await lived.receive([communityChanged(id, { timeZone: 'Mars/Olympus' })]);
  expect(
    await query(lived.world.db, 'SELECT time_zone FROM community WHERE id = $1', [id]),
  ).toEqual([{ time_zone: 'UTC' }]);
});
