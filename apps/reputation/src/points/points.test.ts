import {
  AcceptanceRecorded,
  EditApproved,
  importedId,
  MemberJoined,
  newId,
  VoteRecorded,
  type MemberId,
} from '@lyceum/contracts';
import { toActivity } from '../activity/to-activity';
import { anEvent } from '../deliver.factory';
import { entriesOf } from '../rules';
import { query } from '../sql';
import { communityId } from './history.arbitrary';
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

it('takes effect wholly or not at all: a failure in the middle leaves nothing, and the next try all', async () => {
  const member = newId<'Member'>();
  const joined = anEvent(MemberJoined, {
    communityId,
    memberId: member,
    accountId: newId<'Account'>(),
  });
  await points.receive([usual.founded]);
  await points.world.db.query(
    `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'power cut'; END $$;
     CREATE TRIGGER fail BEFORE INSERT ON member_day FOR EACH ROW EXECUTE FUNCTION fail()`,
  );
  await expect(points.receive([joined])).rejects.toThrow('power cut');
  await points.world.db.query('DROP FUNCTION fail CASCADE');

  expect(await query(points.world.db, 'SELECT FROM activity_log')).toEqual([]);
  expect(await points.entries()).toEqual([]);
  await points.receive([joined]);
  expect(await points.totals()).toEqual(new Map([[member, 1]]));
});

it('keeps the activity log append-only', async () => {
  await points.receive([
    anEvent(MemberJoined, {
      communityId,
      memberId: newId<'Member'>(),
      accountId: newId<'Account'>(),
    }),
  ]);
  for (const change of [
    'UPDATE activity_log SET value = 2',
    'DELETE FROM activity_log',
    'TRUNCATE activity_log',
  ])
    await expect(points.world.db.query(change)).rejects.toThrow('append-only');
});

it('moves points when another answer is accepted, also when the asker is unknown', async () => {
  const [ada, bob] = [newId<'Member'>(), newId<'Member'>()];
  const questionId = newId<'Question'>();
  const accepted = (version: number, author: MemberId | null) =>
    anEvent(AcceptanceRecorded, {
      communityId,
      questionId,
      version,
      answerId: author && importedId<'Answer'>('answer', author),
      answerAuthorId: author,
      askerId: null,
      earnsPoints: true,
    });
  await points.receive([usual.founded], [accepted(1, ada)]);
  expect(await points.totals()).toEqual(new Map([[ada, 15]]));
  await points.receive([accepted(2, bob)]);
  expect(await points.totals()).toEqual(
    sorted(
      new Map([
        [ada, 0],
        [bob, 15],
      ]),
    ),
  );
  await points.receive([accepted(3, null)]);
  expect(await points.totals()).toEqual(
    sorted(
      new Map([
        [ada, 0],
        [bob, 0],
      ]),
    ),
  );
});

it('counts one vote once, even if told under two event ids', async () => {
  const author = newId<'Member'>();
  const vote = {
    communityId,
    voteId: newId<'Vote'>(),
    version: 1,
    value: 1 as const,
    targetType: 'answer' as const,
    targetId: newId<'Answer'>(),
    targetAuthorId: author,
    voterId: null,
    earnsPoints: true,
  };
  await points.receive(
    [usual.founded],
    [anEvent(VoteRecorded, vote), anEvent(VoteRecorded, vote)],
    [anEvent(VoteRecorded, vote)],
  );
  expect(await points.totals()).toEqual(new Map([[author, 10]]));
});

it.each(['in order', 'late'])('pays for 500 edits ever, if they arrive %s', async (how) => {
  const editor = newId<'Member'>();
  const edits = Array.from({ length: 520 }, (_, i) =>
    anEvent(
      EditApproved,
      {
        communityId,
        editId: String(i),
        targetType: 'answer',
        targetId: newId<'Answer'>(),
        editorId: editor,
        earnsPoints: true,
      },
      { occurredAt: new Date(Date.UTC(2021, 4, 1 + (i % 26), 0, i)) },
    ),
  );
  const arriving =
    how === 'late'
      ? edits.toSorted((a, b) => (a.id.slice(-4) < b.id.slice(-4) ? -1 : 1))
      : edits.toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
  await points.receive([usual.founded], ...inBatches(arriving, [100]));
  expect(await points.totals()).toEqual(new Map([[editor, 1000]]));
  expect((await points.entries()).map(({ id, points }) => [id, points])).toEqual(
    entriesOf(usual.book, edits.map(toActivity)).map(({ id, points }) => [id, points]),
  );
  await points.expectSqlToAgree(usual);
});
