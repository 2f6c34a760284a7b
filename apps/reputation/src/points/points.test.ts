import {
  AcceptanceRecorded,
  EditApproved,
  importedId,
  MemberJoined,
  newId,
  VoteRecorded,
  type Envelope,
  type MemberId,
} from '@lyceum/contracts';
import { testWorld, type TestWorld } from '@lyceum/testing';
import fc from 'fast-check';
import { toActivity } from '../activity/to-activity';
import { consumersOf } from '../consumers';
import { database } from '../database';
import { anEvent, communityCreated, deliver, settle } from '../deliver.factory';
import { dumpProjections } from '../replay/dump.factory';
import {
  dailyPointsInSql,
  engagementInSql,
  totalsInSql,
  type MemberTotal,
  type RulesInForce,
} from '../replay/recompute-in-sql';
import { replayAll } from '../replay/replay-all';
import {
  activate,
  balanced,
  entriesOf,
  stackExchange,
  totalsOf,
  type RuleBook,
  type RuleSetDefinition,
} from '../rules';
import { query } from '../sql';
import type { StoredEntry } from './project-points';
import { aHistory, communityId } from './history.arbitrary';

let world: TestWorld;
const rulesOf = (definition: RuleSetDefinition, parameters: Record<string, number>) => ({
  definition,
  parameters,
  book: [activate(definition, { version: 1, parameters })] satisfies RuleBook,
  founded: communityCreated(communityId, {
    preset: definition.name,
    parameters,
    timeZone: 'Asia/Shanghai',
  }),
});
const usual = rulesOf(stackExchange, { questionUpvote: 5 });
/** With large values, so that a few votes reach the daily limits. */
const generous = rulesOf(stackExchange, { questionUpvote: 90 });
const other = rulesOf(balanced, { upvote: 45, accepted: 0 });

beforeAll(async () => {
  world = await testWorld({ app: 'reputation', database });
});
afterAll(() => world.close());
const forgetAll = async () => {
  await world.db.query(`
    ALTER TABLE activity_log DISABLE TRIGGER never_empty;
    TRUNCATE activity_log, point_entry, member_day, member_standing, engagement_day, engagement_active, engagement_pending, rule_set, inbox, outbox, community;
    ALTER TABLE activity_log ENABLE TRIGGER never_empty`);
};
beforeEach(forgetAll);

const consumers = () => consumersOf(world.deps.signals);
const receive = async (...batches: (readonly Envelope[])[]) => {
  for (const batch of batches) await deliver(world.deps, consumers(), batch);
  await settle(world.deps, consumers());
};
const entries = () =>
  query<StoredEntry>(
    world.db,
    `SELECT id, community_id AS "communityId", member_id AS "memberId", kind, rule, rule_set_version AS "ruleSetVersion",
       activity_id AS "activityId", subject_type AS "subjectType", subject_id AS "subjectId", occurred_at AS "occurredAt",
       reversed_at AS "reversedAt", nominal, allowed, points FROM point_entry ORDER BY id`,
  );
const totals = async () =>
  new Map(
    (
      await query<{ id: MemberId; total: number }>(
        world.db,
        'SELECT member_id AS id, total FROM member_standing WHERE member_id IN (SELECT member_id FROM point_entry) ORDER BY 1',
      )
    ).map(({ id, total }) => [id, total]),
  );

it('makes exactly the entries of the rules, whatever the order, the batches and the repetitions', async () => {
  await fc.assert(
    fc
      .asyncProperty(
        fc.tuple(aHistory(), fc.constantFrom(usual, generous, other)).chain(([log, rules]) =>
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
          await receive(...inBatches(delivered, sizes));

          const activities = log.map(toActivity);
          const expected = entriesOf(rules.book, activities);
          expect(await entries()).toEqual(expected.map((entry) => ({ ...entry, communityId })));
          expect(await totals()).toEqual(sorted(totalsOf(expected)));
          await expectSqlToAgree(rules);

          const live = await dumpProjections(world.db);
          await replayAll(world.db);
          expect(await dumpProjections(world.db)).toEqual(live);
        },
      )
      .beforeEach(forgetAll),
    { numRuns: 15 },
  );
}, 120_000);

const expectSqlToAgree = async (rules: RulesInForce) => {
  // Who got points and lost them all again has a row with 0, and may have none in the recomputation.
  const hasPoints = ({ points }: { points: number }) => points !== 0;
  const standings = await query<MemberTotal>(
    world.db,
    `SELECT member_id AS "memberId", total AS points FROM member_standing ORDER BY member_id`,
  );
  expect((await totalsInSql(world.db, communityId, rules)).filter(hasPoints)).toEqual(
    standings.filter(hasPoints),
  );
  const days = await query<MemberTotal & { day: string }>(
    world.db,
    `SELECT member_id AS "memberId", day::text AS day, points FROM member_day ORDER BY member_id, day`,
  );
  expect((await dailyPointsInSql(world.db, communityId, rules)).filter(hasPoints)).toEqual(
    days.filter(hasPoints),
  );
  expect(await engagementInSql(world.db, communityId)).toEqual(
    await query(
      world.db,
      `SELECT day::text AS day, active_members AS "activeMembers", new_members AS "newMembers", questions, answers, comments, votes
       FROM engagement_day ORDER BY day`,
    ),
  );
};

const inBatches = (events: readonly Envelope[], sizes: readonly number[]): Envelope[][] => {
  const batches: Envelope[][] = [];
  let start = 0;
  for (let i = 0; start < events.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    batches.push(events.slice(start, start + size));
    start += size;
  }
  return batches;
};

const sorted = <V>(map: ReadonlyMap<MemberId, V>): Map<MemberId, V> =>
  new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

describe('several workers at once', () => {
  it('agree on the same activity, on versions of the same thing, and on the same members', async () => {
    const [log] = fc.sample(aHistory({ things: 400 }), { numRuns: 1, seed: 7 });
    await receive([usual.founded]);
    const batches = inBatches([...(log ?? []), ...(log ?? [])], [37]);

    const deliveries = batches.map((batch) => deliver(world.deps, consumers(), batch));
    await Promise.all(deliveries);
    await settle(world.deps, consumers());

    const expected = entriesOf(usual.book, (log ?? []).map(toActivity));
    expect(await totals()).toEqual(sorted(totalsOf(expected)));
    expect(await entries()).toEqual(expected.map((entry) => ({ ...entry, communityId })));
    await expectSqlToAgree(usual);
  }, 60_000);

  it('do not lose activity that arrives while the rules start', async () => {
    const [log] = fc.sample(aHistory({ things: 100 }), { numRuns: 1, seed: 11 });
    const batches = inBatches(log ?? [], [10]);
    await Promise.all(
      [...batches, [usual.founded]].map((batch) => deliver(world.deps, consumers(), batch)),
    );
    await settle(world.deps, consumers());
    expect(await totals()).toEqual(
      sorted(totalsOf(entriesOf(usual.book, (log ?? []).map(toActivity)))),
    );
    await expectSqlToAgree(usual);
  }, 60_000);
});

it('takes effect wholly or not at all: a failure in the middle leaves nothing, and the next try all', async () => {
  const member = newId<'Member'>();
  const joined = anEvent(MemberJoined, {
    communityId,
    memberId: member,
    accountId: newId<'Account'>(),
  });
  await receive([usual.founded]);
  await world.db.query(
    `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'power cut'; END $$;
     CREATE TRIGGER fail BEFORE INSERT ON member_day FOR EACH ROW EXECUTE FUNCTION fail()`,
  );
  await expect(receive([joined])).rejects.toThrow('power cut');
  await world.db.query('DROP FUNCTION fail CASCADE');

  expect(await query(world.db, 'SELECT FROM activity_log')).toEqual([]);
  expect(await entries()).toEqual([]);
  await receive([joined]);
  expect(await totals()).toEqual(new Map([[member, 1]]));
});

it('keeps the activity log append-only', async () => {
  await receive([
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
    await expect(world.db.query(change)).rejects.toThrow('append-only');
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
  await receive([usual.founded], [accepted(1, ada)]);
  expect(await totals()).toEqual(new Map([[ada, 15]]));
  await receive([accepted(2, bob)]);
  expect(await totals()).toEqual(
    sorted(
      new Map([
        [ada, 0],
        [bob, 15],
      ]),
    ),
  );
  await receive([accepted(3, null)]);
  expect(await totals()).toEqual(
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
  await receive(
    [usual.founded],
    [anEvent(VoteRecorded, vote), anEvent(VoteRecorded, vote)],
    [anEvent(VoteRecorded, vote)],
  );
  expect(await totals()).toEqual(new Map([[author, 10]]));
});

it('pays for 500 edits ever, whichever of them arrive late', async () => {
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
  const mixed = edits.toSorted((a, b) => (a.id.slice(-4) < b.id.slice(-4) ? -1 : 1));
  await receive([usual.founded], mixed.slice(0, 510), mixed.slice(510));
  expect(await totals()).toEqual(new Map([[editor, 1000]]));
  expect((await entries()).map(({ id, points }) => [id, points])).toEqual(
    entriesOf(usual.book, edits.map(toActivity)).map(({ id, points }) => [id, points]),
  );
  await expectSqlToAgree(usual);
});
