import {
  BehaviourReported,
  ConsentChanged,
  importedId,
  newId,
  QuestionAsked,
  type AccountId,
  type CommunityId,
  type EventId,
  type MemberId,
} from '@lyceum/contracts';
import type { Ctx, Deps, InternalGraph } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import { graphql } from 'graphql';
import { consumersOf } from '../consumers';
import { anEvent, communityCreated, deliver } from '../deliver.factory';
import { aLivedInWorld, membership, now, type LivedIn } from '../lived-in.factory';
import { dumpProjections } from '../replay/dump.factory';
import { replayAll } from '../replay/replay-all';
import { metricNamed } from '../metrics/catalogue';
import { query } from '../sql';
import { BehaviourKind, type BehaviourInput } from './behaviour.types';
import { isCrawler, problemOf } from './check-behaviour';
import { forgetBehaviourIds } from './forget-behaviour-ids.job';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

interface Place {
  readonly id: CommunityId;
  readonly question: string;
  readonly author: Ctx;
  readonly reader: Ctx;
  readonly visitor: Ctx;
}

let visibility = 'public';
beforeEach(() => {
  visibility = 'public';
});

/** A community in New York with one question, its author, another member, and somebody from the street. */
const aPlace = async (): Promise<Place> => {
  const id = newId<'Community'>();
  const question = newId<'Question'>();
  const [author, reader] = [newId<'Member'>(), newId<'Member'>()];
  await lived.receive([
    communityCreated(id, { timeZone: 'America/New_York' }),
    anEvent(
      QuestionAsked,
      { communityId: id, questionId: question, authorId: author, tags: ['sql'] },
      { occurredAt: '2021-05-01T10:00:00Z' },
    ),
  ]);
  return {
    id,
    question,
    author: await memberOf(id, author),
    reader: await memberOf(id, reader),
    visitor: { ...lived.world.as(null), deps: withGraph() },
  };
};

const withGraph = (): Deps => {
  const graph: InternalGraph = {
    query: <Data>() =>
      Promise.resolve({ internalCommunity: { visibility }, internalMembership: null } as Data),
  };
  return { ...lived.world.deps, graph };
};

const memberOf = async (id: CommunityId, memberId: MemberId): Promise<Ctx> => {
  const event = membership(id, memberId, {});
  await lived.receive([event]);
  const { accountId } = event.payload as { accountId: AccountId };
  return { ...lived.world.as(accountId), deps: withGraph() };
};

const view = (subjectId: string, occurredAt = '2021-05-04T11:00:00Z') => ({
  id: newId(),
  kind: 'VIEW',
  subjectId,
  occurredAt,
});

const record = async (ctx: Ctx, input: Record<string, unknown>) => {
  const { data, errors } = await graphql({
    schema: lived.schema,
    contextValue: ctx,
    variableValues: { input },
    source: `mutation ($input: RecordBehaviourInput!) { recordBehaviour(input: $input) {
      ... on BehaviourRecorded { accepted known rejected { id problem } } ... on UserError { code } } }`,
  });
  if (errors?.[0]) throw errors[0];
  return data?.['recordBehaviour'] as Record<string, unknown>;
};

const counts = async (id: CommunityId) => {
  await lived.receive([]);
  const [row] = await query<Record<string, number>>(
    lived.world.db,
    `SELECT sum(views)::int AS views, sum(self_views)::int AS self, sum(crawler_views)::int AS crawlers, sum(reads)::int AS reads,
       sum(read_ms)::int AS ms, sum(shares)::int AS shares, sum(clicks)::int AS clicks FROM behaviour_day WHERE community_id = $1`,
    [id],
  );
  return row;
};
const client = { visitorId: newId(), userAgent: 'Mozilla/5.0 (X11; Linux) Firefox/150.0' };

describe('recordBehaviour', () => {
  it('counts a view once a member, post and day, however often it is told', async () => {
    const { id, question, reader } = await aPlace();
    const first = view(question);
    expect(await record(reader, { communityId: id, events: [first] })).toEqual({
      accepted: 1,
      known: 0,
      rejected: [],
    });
    await record(reader, { communityId: id, events: [first, view(question), view(question)] });
    await record(reader, { communityId: id, events: [view(question, '2021-05-03T11:00:00Z')] });

    expect(await counts(id)).toMatchObject({ views: 2 });
    expect(await record(reader, { communityId: id, events: [first] })).toMatchObject({
      accepted: 0,
      known: 1,
    });
    expect(await counts(id)).toMatchObject({ views: 2 });
  });

  it('tells authors, visitors and crawlers apart', async () => {
    const { id, question, author, reader, visitor } = await aPlace();
    await record(author, { communityId: id, events: [view(question)] });
    await record(reader, { communityId: id, events: [view(question)] });
    await record(visitor, { communityId: id, client, events: [view(question), view(question)] });
    const bot = { visitorId: newId(), userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1)' };
    await record(visitor, { communityId: id, client: bot, events: [view(question)] });
    const driven = { visitorId: newId(), isAutomated: true };
    await record(visitor, { communityId: id, client: driven, events: [view(question)] });

    expect(await counts(id)).toMatchObject({ views: 2, self: 1, crawlers: 2 });
    const [stored] = await query<{ n: number }>(
      lived.world.db,
      'SELECT count(*)::int AS n FROM behaviour_event WHERE viewer = $1',
      [client.visitorId],
    );
    expect(stored?.n).toBe(0); // only a fingerprint of it is kept
  });

  it('takes what is right of a batch, and says what is wrong with the rest', async () => {
    const { id, question, reader } = await aPlace();
    const wrong = [
      { ...view(question), id: 'x' },
      view(question, '2021-04-20T00:00:00Z'),
      view(question, '2021-05-04T12:30:00Z'),
      { ...view(question), durationMs: 5 },
      { ...view(question), kind: 'READ' },
      { ...view(question), kind: 'SHARE', target: 'a'.repeat(201) },
      view(newId()),
    ];
    const read = { ...view(question), kind: 'READ', durationMs: 60_000 };
    const share = { ...view(question), kind: 'SHARE', target: 'mastodon' };
    const click = { ...view(question), kind: 'CLICK' };

    const outcome = await record(reader, {
      communityId: id,
      events: [...wrong, read, share, click],
    });

    expect(outcome).toEqual({
      accepted: 3,
      known: 0,
      rejected: [
        'NOT_AN_ID',
        'TOO_OLD',
        'IN_THE_FUTURE',
        'BAD_DURATION',
        'BAD_DURATION',
        'BAD_TARGET',
        'UNKNOWN_SUBJECT',
      ].map((problem, i) => ({ id: wrong[i]?.id, problem })),
    });
    expect(await counts(id)).toMatchObject({
      views: 0,
      reads: 1,
      ms: 60_000,
      shares: 1,
      clicks: 1,
    });
  });

  it('puts a late event on its own day, in the zone of the community', async () => {
    const { id, question, reader } = await aPlace();
    // 22:00 on the 29th in New York: another month's partition, another day than in UTC.
    await record(reader, { communityId: id, events: [view(question, '2021-04-30T02:00:00Z')] });
    await counts(id);
    const days = await query(
      lived.world.db,
      'SELECT day::text AS day, views FROM behaviour_day WHERE community_id = $1',
      [id],
    );
    expect(days).toEqual([{ day: '2021-04-29', views: 1 }]);
    const asked = {
      communityId: id,
      from: '2021-04-01',
      to: '2021-05-31',
      interval: 'month' as const,
    };
    const series = (name: string) =>
      metricNamed(name).series(lived.world.db, {
        ...asked,
        tag: null,
        segment: null,
        today: '2021-05-04',
      });
    expect(await series('views')).toEqual([
      { date: '2021-04-01', value: 1 },
      { date: '2021-05-01', value: 0 },
    ]);
    expect((await series('visiting_members'))[0]?.value).toBe(1);
  });

  it('tells content how many views a post has by now', async () => {
    const { id, question, reader, visitor } = await aPlace();
    await record(reader, { communityId: id, events: [view(question)] });
    await lived.receive([]);
    await record(visitor, { communityId: id, client, events: [view(question)] });
    const { deps } = lived.world;
    const reported = await query<{ event_id: EventId; payload: unknown }>(
      deps.dataSource.manager,
      `DELETE FROM outbox WHERE destination = 'reputation-engagement' RETURNING event_id, payload`,
    );
    await deliver(
      deps,
      consumersOf(deps.signals),
      reported.map((row) => ({
        ...anEvent(BehaviourReported, row.payload as { communityId: CommunityId }),
        id: row.event_id,
      })),
    );
    const told = (await emitted(lived.world.db)).filter(({ type }) => type.includes('views'));
    expect(told.map(({ payload }) => payload)).toEqual([
      { communityId: id, subjectType: 'question', subjectId: question, views: 2 },
    ]);
    await lived.receive([]);
  });

  it('refuses too many at once, strangers without an id, and communities that are not theirs', async () => {
    const { id, question, visitor } = await aPlace();
    const many = Array.from({ length: 101 }, () => view(question));
    expect(await record(visitor, { communityId: id, client, events: many })).toEqual({
      code: 'TOO_MANY_EVENTS',
    });
    expect(await record(visitor, { communityId: id, events: [view(question)] })).toEqual({
      code: 'VISITOR_UNKNOWN',
    });
    expect(await record(visitor, { communityId: 'x', client, events: [] })).toEqual({
      code: 'COMMUNITY_UNKNOWN',
    });
    visibility = 'private';
    expect(await record(visitor, { communityId: id, client, events: [view(question)] })).toEqual({
      code: 'COMMUNITY_UNKNOWN',
    });
  });

  it('slows down who tells more than anybody can do', async () => {
    const { id, question, reader } = await aPlace();
    const batch = () => Array.from({ length: 100 }, () => view(question));
    for (let i = 0; i < 6; i += 1) await record(reader, { communityId: id, events: batch() });
    await expect(record(reader, { communityId: id, events: batch() })).rejects.toMatchObject({
      extensions: { code: 'RATE_LIMITED' },
    });
  });
});

it('is the same after a replay, and ids are forgotten only when their events would be too old', async () => {
  await lived.receive([]);
  const live = await dumpProjections(lived.world.db);
  await replayAll(lived.world.db);
  expect(await dumpProjections(lived.world.db)).toEqual(live);

  const ids = () =>
    query(lived.world.db, 'SELECT FROM behaviour_seen').then(({ length }) => length);
  const before = await ids();
  const run = (at: string) => {
    const deps = { ...lived.world.deps, now: () => new Date(at) };
    return forgetBehaviourIds.run(
      { deps, ctx: lived.world.as(null), signal: AbortSignal.timeout(5_000) },
      {},
    );
  };
  await run('2021-05-12T00:00:00Z');
  expect(await ids()).toBe(before);
  await run('2021-05-14T00:00:00Z');
  expect(await ids()).toBe(0);
});

it('cannot be changed afterwards', async () => {
  await expect(lived.world.db.query(`UPDATE behaviour_event SET kind = 'click'`)).rejects.toThrow(
    'append-only',
  );
});

it.each([
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/150.0', false],
  ['Mozilla/5.0 (compatible; bingbot/2.0)', true],
  ['curl/8.1', true],
  ['', false],
])('%s is a crawler: %s', (userAgent, expected) => {
  expect(isCrawler({ userAgent })).toBe(expected);
});

it('takes nothing that is longer than four hours', () => {
  const read = (durationMs: number): BehaviourInput => ({
    id: newId(),
    kind: BehaviourKind.READ,
    subjectId: importedId('question', 1),
    occurredAt: now,
    durationMs,
  });
  expect(problemOf(read(4 * 3_600_000), now)).toBeNull();
  expect(problemOf(read(4 * 3_600_000 + 1), now)).toBe('bad-duration');
  expect(problemOf(read(0), now)).toBe('bad-duration');
});

it('counts who refuses analytics as a visitor, from the decision on, and nobody else', async () => {
  const { id, question, reader } = await aPlace();
  const { actor } = reader;
  const accountId = (actor as { accountId: AccountId }).accountId;
  const decide = (isGiven: boolean, version: number, purpose: 'analytics' | 'marketing') =>
    lived.receive([anEvent(ConsentChanged, { accountId, purpose, isGiven, version })]);
  const named = async () => {
    await record(reader, { communityId: id, events: [view(question)] });
    const rows = await query<{ member: string | null; viewer: string }>(
      lived.world.db,
      'SELECT member_id AS member, viewer FROM behaviour_event WHERE community_id = $1 ORDER BY event_id DESC LIMIT 1',
      [id],
    );
    expect(rows).toHaveLength(1);
    return rows[0]?.member !== null;
  };
  await decide(false, 1, 'marketing');
  expect(await named()).toBe(true);
  await decide(false, 2, 'analytics');
  await decide(true, 1, 'analytics'); // late
  expect(await named()).toBe(false);
  await decide(true, 3, 'analytics');
  expect(await named()).toBe(true);
  await decide(false, 4, 'analytics');
  const rows = await query(
    lived.world.db,
    'SELECT * FROM behaviour_event WHERE community_id = $1 AND member_id IS NULL',
    [id],
  );
  expect(JSON.stringify(rows)).not.toContain(accountId);
  expect((await counts(id))?.['views']).toBeGreaterThan(0);
});
