import { newId } from '@lyceum/contracts';
import { createSignals, silentLog, type Ctx, type Deps } from '@lyceum/platform';
import { waitFor } from '@lyceum/testing';
import { parse, subscribe, type ExecutionResult } from 'graphql';
import { consumersOf } from '../consumers';
import { communityCreated, deliver } from '../deliver.factory';
import { rollUp } from './roll-up';
import {
  aLivedInWorld,
  asked,
  downvote,
  joined,
  now,
  upvote,
  type LivedIn,
} from '../lived-in.factory';
import { communityId } from '../points/history.arbitrary';
import { engagementInSql } from '../replay/recompute-in-sql';
import { query } from '../sql';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

const community = { __typename: 'Community', id: communityId };
describe('engagement', () => {
  const metrics = async (args: string) => {
    const [found] = await lived.ask<{ engagement: Record<string, unknown>[] }>(
      [community],
      `... on Community { engagement(${args}) { date activeMembers newMembers questions answers comments votes } }`,
    );
    return found?.engagement ?? [];
  };

  it('has a row for each day, zeros included, equal to the recomputation in the zone of the community', async () => {
    const rows = await metrics('from: "2021-04-25", to: "2021-05-08", interval: DAY');
    expect(rows).toHaveLength(14);
    const known = (await engagementInSql(lived.world.db, communityId)).map(
      ({ day, ...counts }) => ({
        date: day,
        ...counts,
      }),
    );
    expect(rows.filter((row) => known.some(({ date }) => date === row['date']))).toEqual(known);
    expect(known.length).toBeGreaterThan(3);
    expect(rows[0]).toEqual({
      date: '2021-04-25',
      activeMembers: 0,
      newMembers: 0,
      questions: 0,
      answers: 0,
      comments: 0,
      votes: 0,
    });
  });

  it('counts activity once, though a day is computed again while more of it is on its way', async () => {
    const id = newId<'Community'>();
    const [voter, author] = [newId<'Member'>(), newId<'Member'>()];
    await lived.receive([communityCreated(id), joined(id, voter), asked(id, author)]);
    await deliver(lived.world.deps, consumersOf(lived.world.deps.signals), [
      upvote(id, author),
      asked(id, voter),
    ]);
    await lived.world.db.transaction((tx) => rollUp(tx, [{ communityId: id, day: '2021-05-04' }]));
    const questions = async () =>
      (await engagementInSql(lived.world.db, id)).map(({ day, ...counts }) => ({
        date: day,
        ...counts,
      }));
    await lived.receive([]);
    const [found] = await lived.ask<{ engagement: unknown[] }>(
      [{ __typename: 'Community', id }],
      '... on Community { engagement(from: "2021-05-04", to: "2021-05-04") { date activeMembers newMembers questions answers comments votes } }',
    );
    expect(found?.engagement).toEqual((await questions()).slice(-1));
    expect(found?.engagement).toMatchObject([{ questions: 2, votes: 1, activeMembers: 2 }]);
  });

  it('counts members once a month, not once a day', async () => {
    const days = await metrics('from: "2021-04-01", to: "2021-05-31", interval: DAY');
    const months = await metrics('from: "2021-04-01", to: "2021-05-31", interval: MONTH');
    const weeks = await metrics('from: "2021-04-26", to: "2021-05-09", interval: WEEK');
    const votes = (rows: Record<string, unknown>[]) =>
      rows.reduce((sum, row) => sum + Number(row['votes']), 0);
    expect(months.map((row) => row['date'])).toEqual(['2021-04-01', '2021-05-01']);
    expect(weeks.map((row) => row['date'])).toEqual(['2021-04-26', '2021-05-03']);
    expect(votes(months)).toBe(votes(days));
    expect(votes(weeks)).toBe(votes(days));
    expect(months[1]).toMatchObject({ activeMembers: 5 });
  });

  it.each([
    'from: "2021-05-02", to: "2021-05-01"',
    'from: "2019-01-01", to: "2022-01-01"',
    'from: "yesterday", to: "2022-01-01"',
    'from: "2021-02-30", to: "2022-01-01"',
    'from: "0000-01-01", to: "0000-01-02"',
  ])('refuses %s', async (args) => {
    await expect(metrics(args)).rejects.toThrow();
  });
});

describe('engagementUpdated', () => {
  const live = `subscription ($id: ID!) { engagementUpdated(communityId: $id) { at activeMembersToday votesToday questionsToday answersToday lastEvent { kind occurredAt actor { id points } subject { __typename } } } }`;
  let deps: Deps;
  /** What identity says of every community, and of the caller's membership in it. */
  let told: { visibility: string; status: string | null };
  beforeEach(() => {
    told = { visibility: 'public', status: null };
  });
  beforeAll(() => {
    deps = {
      ...lived.world.deps,
      graph: {
        query: <Data>() =>
          Promise.resolve({
            internalCommunity: { visibility: told.visibility },
            internalMembership: told.status && { status: told.status },
          } as Data),
      },
      signals: createSignals(
        { postgresUrl: String((lived.world.deps.dataSource.options as { url?: string }).url) },
        silentLog(),
      ),
    };
  });
  afterAll(() => deps.signals.close());
  const open = (id: string, ctx: Partial<Ctx> = {}) =>
    subscribe({
      schema: lived.schema,
      document: parse(live),
      variableValues: { id },
      contextValue: { ...lived.world.as(null), deps, ...ctx },
    });

  it.each([
    [null, false],
    ['left', false],
    ['banned', false],
    ['active', true],
  ])('shows a private community to active members only (%s)', async (status, isOpened) => {
    const id = newId<'Community'>();
    await lived.receive([communityCreated(id)]);
    told = { visibility: 'private', status };

    const opened = await open(id);

    if ('errors' in opened) expect(opened.errors?.[0]?.extensions['code']).toBe('NOT_FOUND');
    else await (opened as AsyncGenerator<ExecutionResult>).return(undefined);
    expect(!('errors' in opened)).toBe(isOpened);
  });

  it('tells of a vote with the new points of who cast it', async () => {
    const id = newId<'Community'>();
    const [voter, author] = [newId<'Member'>(), newId<'Member'>()];
    await lived.receive([communityCreated(id), joined(id, voter), joined(id, author)]);
    const stream = (await open(id)) as AsyncGenerator<ExecutionResult>;
    const first = stream.next();
    await signalsListen();

    await lived.receive([asked(id, voter), downvote(id, { voter, author })], deps);

    expect((await first).value).toMatchObject({
      data: {
        engagementUpdated: {
          at: now.toISOString(),
          activeMembersToday: 1,
          votesToday: 1,
          questionsToday: 1,
          answersToday: 0,
          lastEvent: {
            kind: 'VOTE',
            actor: { id: voter, points: 1 },
            subject: { __typename: 'Answer' },
          },
        },
      },
    });
    const second = stream.next();
    await lived.receive([upvote(id, voter)], deps);
    expect((await second).value).toMatchObject({
      data: { engagementUpdated: { votesToday: 2, lastEvent: { kind: 'VOTE', actor: null } } },
    });
    await stream.return(undefined);
  });

  it('closes at once while nothing happens, and when the token ends', async () => {
    const id = newId<'Community'>();
    await lived.receive([communityCreated(id)]);
    const idle = (await open(id)) as AsyncGenerator<ExecutionResult>;
    const waiting = idle.next();
    await idle.return(undefined);
    expect(await waiting).toMatchObject({ done: true });

    const expiring = (await open(id, {
      expiresAtMs: now.getTime() + 20,
    })) as AsyncGenerator<ExecutionResult>;
    expect(await expiring.next()).toMatchObject({ done: true });
  });

  it('refuses what is no community', async () => {
    expect(await open('nonsense')).toMatchObject({
      errors: [{ extensions: { code: 'BAD_INPUT' } }],
    });
    expect(await open(newId())).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  const signalsListen = () =>
    waitFor(() =>
      query(
        lived.world.db,
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %' AND state = 'idle'`,
      ).then((connections) => connections.length > 0),
    );
});
