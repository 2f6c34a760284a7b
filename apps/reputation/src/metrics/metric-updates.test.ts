import {
  ArticleAccessChanged,
  ArticlePublished,
  newId,
  type CommunityId,
  type MemberId,
} from '@lyceum/contracts';
import { createSignals, silentLog, type Ctx, type Deps } from '@lyceum/platform';
import { waitFor } from '@lyceum/testing';
import { parse, subscribe, type ExecutionResult } from 'graphql';
import { anEvent, communityChanged, communityCreated } from '../deliver.factory';
import { aLivedInWorld, asked, joined, upvote, type LivedIn } from '../lived-in.factory';
import { query } from '../sql';

let lived: LivedIn;
let deps: Deps;
let told: { visibility: string; role: string | null };
beforeAll(async () => {
  lived = await aLivedInWorld();
  deps = {
    ...lived.world.deps,
    graph: {
      query: <Data>() =>
        Promise.resolve({
          internalCommunity: { visibility: told.visibility },
          internalMembership: told.role && { role: told.role, status: 'active' },
        } as Data),
    },
    signals: createSignals(
      { postgresUrl: String((lived.world.deps.dataSource.options as { url?: string }).url) },
      silentLog(),
    ),
  };
});
afterAll(async () => {
  await deps.signals.close();
  await lived.world.close();
});
beforeEach(() => {
  told = { visibility: 'public', role: 'analyst' };
});

type Stream = AsyncGenerator<ExecutionResult<Record<string, Update>>>;
interface Update {
  cursor: string;
  points: { date: string; value: number | null }[];
  places: { rank: number; points: number; member: { id: string } }[];
}

const open = (source: string, ctx: Ctx = lived.world.as(newId<'Account'>())) =>
  subscribe({ schema: lived.schema, document: parse(source), contextValue: { ...ctx, deps } });

const opened = async (source: string): Promise<Stream> => {
  const stream = await open(source);
  if ('errors' in stream) throw stream.errors?.[0] ?? new Error('no stream');
  return stream as Stream;
};

const next = async (stream: Stream): Promise<Update> => {
  const { value } = await stream.next();
  const result = value as ExecutionResult<Record<string, Update>>;
  if (result.errors?.[0]) throw result.errors[0];
  const [update] = Object.values(result.data ?? {});
  if (update === undefined) throw new Error('the stream has ended');
  return update;
};

const aCommunity = async (): Promise<{ id: CommunityId; author: MemberId }> => {
  const id = newId<'Community'>();
  const author = newId<'Member'>();
  await lived.receive([communityCreated(id), joined(id, author), asked(id, author)]);
  return { id, author };
};

const questions = (id: string, rest = '') =>
  `subscription { metricUpdated(communityId: "${id}", name: QUESTIONS, last: 3${rest}) { cursor points { date value } } }`;

const listening = () =>
  waitFor(() =>
    query(
      lived.world.db,
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %' AND state = 'idle'`,
    ).then((connections) => connections.length > 0),
  );

describe('metricUpdated', () => {
  it('begins with all points, and goes on with those that change', async () => {
    const { id, author } = await aCommunity();
    const stream = await opened(questions(id));
    expect((await next(stream)).points).toEqual([
      { date: '2021-05-02', value: 0 },
      { date: '2021-05-03', value: 0 },
      { date: '2021-05-04', value: 1 },
    ]);
    await listening();

    await lived.receive([asked(id, author)], deps);

    expect((await next(stream)).points).toEqual([{ date: '2021-05-04', value: 2 }]);
    await stream.return(undefined);
  });

  it('tells after a break what was missed, and nothing when nothing was', async () => {
    const { id, author } = await aCommunity();
    const first = await opened(questions(id));
    const { cursor } = await next(first);
    await first.return(undefined);
    await lived.receive([asked(id, author)]); // nobody listens, no signal is heard

    const second = await opened(questions(id, `, after: "${cursor}"`));
    const missed = await next(second);
    expect(missed.points).toContainEqual({ date: '2021-05-04', value: 2 });
    await second.return(undefined);

    const third = await opened(questions(id, `, after: "${missed.cursor}"`));
    const waiting = next(third);
    await listening();
    await lived.receive([asked(id, author)], deps);
    expect((await waiting).points).toContainEqual({ date: '2021-05-04', value: 3 });
    await third.return(undefined);
  });

  it('tells a burst at most once a second', async () => {
    const { id, author } = await aCommunity();
    const stream = await opened(questions(id));
    await next(stream);
    await listening();
    const startedAt = performance.now();
    for (let i = 0; i < 5; i += 1) await lived.receive([asked(id, author)], deps);

    let last: Update | undefined;
    let updates = 0;
    while (last?.points[0]?.value !== 6) {
      last = await next(stream);
      updates += 1;
    }

    expect(updates).toBeLessThanOrEqual(1 + Math.floor((performance.now() - startedAt) / 1_000));
    await stream.return(undefined);
  });

  it.each([
    ['a member', 'member', 'public', 'FORBIDDEN'],
    ['nobody of a private community', null, 'private', 'NOT_FOUND'],
  ])('shows %s no metric for analysts', async (_, role, visibility, code) => {
    const { id } = await aCommunity();
    told = { role, visibility };
    const stream = await open(
      `subscription { metricUpdated(communityId: "${id}", name: CHURNED_MEMBERS) { cursor } }`,
    );
    expect(stream).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  it('tells when an article becomes paid', async () => {
    const { id } = await aCommunity();
    const article = { communityId: id, articleId: newId<'Article'>(), authorId: null };
    await lived.receive([anEvent(ArticlePublished, article)]);
    const stream = await opened(
      `subscription { metricUpdated(communityId: "${id}", name: PAID_SHARE, last: 1) { cursor points { value } } }`,
    );
    expect((await next(stream)).points).toEqual([{ value: 0 }]);
    await listening();
    await lived.receive(
      [anEvent(ArticleAccessChanged, { ...article, isPaid: true, version: 2 })],
      deps,
    );
    expect((await next(stream)).points).toEqual([{ value: 1 }]);
    await stream.return(undefined);
  });

  it('ends for who is an analyst no more', async () => {
    const { id, author } = await aCommunity();
    const stream = await opened(
      `subscription { metricUpdated(communityId: "${id}", name: FIRST_TIME_MEMBERS) { cursor points { date value } } }`,
    );
    await next(stream);
    await listening();
    told = { role: 'member', visibility: 'public' };
    await lived.receive([asked(id, author)], deps);
    await expect(stream.next()).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });

  it('ends for who is no member when the community becomes private', async () => {
    const { id, author } = await aCommunity();
    told = { role: null, visibility: 'public' };
    const stream = await opened(questions(id));
    await next(stream);
    await listening();
    told = { role: null, visibility: 'private' };
    await lived.receive([communityChanged(id, { visibility: 'private' })], deps);
    await expect(stream.next()).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });

    told = { role: 'member', visibility: 'private' };
    const own = await opened(questions(id));
    await next(own);
    await listening();
    await lived.receive([asked(id, author)], deps);
    expect(await next(own)).toHaveProperty('points');
    await own.return(undefined);
  });

  it.each([', after: "x"', ', tag: "\\u0000"'])('refuses %s', async (rest) => {
    const { id } = await aCommunity();
    const stream = await open(questions(id, rest));
    if ('errors' in stream) expect(stream.errors?.[0]?.extensions['code']).toBe('BAD_INPUT');
    else
      await expect((stream as Stream).next()).rejects.toMatchObject({
        extensions: { code: 'BAD_INPUT' },
      });
  });
});

describe('leaderboardUpdated', () => {
  it('tells the places when they have changed, and resumes', async () => {
    const { id, author } = await aCommunity();
    const source = (rest = '') =>
      `subscription { leaderboardUpdated(communityId: "${id}", first: 2${rest}) { cursor places { rank points member { id } } } }`;
    const stream = await opened(source());
    const first = await next(stream);
    expect(first.places).toEqual([{ rank: 1, points: 1, member: { id: author } }]);
    await listening();

    await lived.receive([upvote(id, author)], deps);

    expect((await next(stream)).places).toEqual([{ rank: 1, points: 11, member: { id: author } }]);
    await stream.return(undefined);
    const resumed = await opened(source(`, after: "${first.cursor}"`));
    expect((await next(resumed)).places[0]?.points).toBe(11);
    await resumed.return(undefined);
  });
});

describe('engagementUpdated', () => {
  const live = (id: string, after = '') =>
    `subscription { engagementUpdated(communityId: "${id}"${after && `, after: "${after}"`}) { cursor questionsToday } }`;
  const nextToday = (stream: Stream) =>
    next(stream) as Promise<Update & { readonly questionsToday: number }>;

  it('tells at once after a break when anything was missed, and nothing when nothing was', async () => {
    const { id, author } = await aCommunity();
    const first = await opened(live(id));
    const update = nextToday(first);
    await listening();
    await lived.receive([asked(id, author)], deps);
    const { cursor, questionsToday } = await update;
    expect(questionsToday).toBe(2);
    await first.return(undefined);
    await lived.receive([asked(id, author)]); // nobody listens, no signal is heard

    const second = await opened(live(id, cursor));
    const missed = await nextToday(second);
    expect(missed.questionsToday).toBe(3);
    await second.return(undefined);

    const third = await opened(live(id, missed.cursor));
    const waiting = nextToday(third);
    await listening();
    await lived.receive([asked(id, author)], deps);
    expect((await waiting).questionsToday).toBe(4);
    await third.return(undefined);
  });

  it('refuses a cursor of another subscription', async () => {
    const { id } = await aCommunity();
    const stream = await opened(questions(id));
    const { cursor } = await next(stream);
    await stream.return(undefined);
    await expect(opened(live(id, cursor))).rejects.toThrow('"after" is not a cursor');
  });
});
