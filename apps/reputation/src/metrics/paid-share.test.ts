import {
  ArticleAccessChanged,
  ArticlePublished,
  importedId,
  newId,
  type CommunityId,
  type Envelope,
} from '@lyceum/contracts';
import { serviceContext, type Ctx } from '@lyceum/platform';
import fc from 'fast-check';
import { graphql } from 'graphql';
import { evaluateAlerts } from '../alerts/evaluate-alerts';
import { askEntities } from '../ask.factory';
import { anEvent, communityCreated } from '../deliver.factory';
import { intervalsOf } from '../engagement/intervals';
import { revisionOf } from '../engagement/revision';
import { aLivedInWorld, type LivedIn } from '../lived-in.factory';
import { inBatches } from '../points/points-world.factory';
import { replayAll } from '../replay/replay-all';
import { dayName, dayNumber } from './by-definition';
import { metricNamed } from './catalogue';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

type Interval = 'day' | 'week' | 'month';
const zoneHours = 8; // Asia/Shanghai has had no other time since 1991
const range = { from: '2021-02-10', to: '2021-05-20' };
const at = (hours: number): Date => new Date(Date.UTC(2021, 1, 1) + hours * 3_600_000);
const localDay = (hours: number): number =>
  Math.floor((at(hours).getTime() / 3_600_000 + zoneHours) / 24);

interface AnArticle {
  readonly posted: number;
  /** What its versions say; clocks of different machines may tell them out of order. */
  readonly turns: readonly { readonly after: number; readonly isPaid: boolean }[];
}
const anArticle: fc.Arbitrary<AnArticle> = fc.record({
  posted: fc.integer({ min: 0, max: 24 * 80 }),
  turns: fc.array(
    fc.record({ after: fc.integer({ min: -30, max: 24 * 30 }), isPaid: fc.boolean() }),
    { maxLength: 4 },
  ),
});

const published = (communityId: CommunityId, name: string | number, when: Date) =>
  anEvent(
    ArticlePublished,
    { communityId, articleId: importedId<'Article'>(communityId, name), authorId: null },
    { occurredAt: when },
  );
const turned = (
  communityId: CommunityId,
  name: string | number,
  turn: { isPaid: boolean; version: number; when: Date },
) =>
  anEvent(
    ArticleAccessChanged,
    {
      ...{ communityId, articleId: importedId<'Article'>(communityId, name), authorId: null },
      ...{ isPaid: turn.isPaid, version: turn.version },
    },
    { occurredAt: turn.when },
  );

/** One by one: the articles there are by that day, and of each the highest version told by then. */
const counted = (articles: readonly AnArticle[], last: number): number | null => {
  const there = articles.filter(({ posted }) => localDay(posted) <= last);
  const paid = there.filter(
    ({ posted, turns }) =>
      turns.filter(({ after }) => localDay(posted + after) <= last).at(-1)?.isPaid ?? false,
  );
  return there.length === 0 ? null : paid.length / there.length;
};

const series = (communityId: CommunityId, interval: Interval) =>
  metricNamed('paid_share').series(lived.world.db, {
    ...{ communityId, interval, ...range },
    ...{ tag: null, segment: null, today: '2021-06-01' },
  });

const expected = (articles: readonly AnArticle[], interval: Interval) => {
  const starts = intervalsOf({ ...range, interval }, 1_000);
  return starts.map((date, i) => {
    const next = starts[i + 1];
    const last = next === undefined ? dayNumber(range.to) : dayNumber(next) - 1;
    return { date: dayName(dayNumber(date)), value: counted(articles, last) };
  });
};

it('is paid ÷ all at the end of each interval, told twice, late and in any order; a replay changes nothing', async () => {
  const histories = fc.sample(fc.array(anArticle, { minLength: 5, maxLength: 25 }), {
    ...{ numRuns: 6, seed: 8 },
  });
  for (const articles of histories) {
    const id = newId<'Community'>();
    const once: Envelope[] = articles.flatMap(({ posted, turns }, n) => [
      published(id, n, at(posted)),
      ...turns.map(({ after, isPaid }, i) =>
        turned(id, n, { isPaid, version: i + 1, when: at(posted + after) }),
      ),
    ]);
    // Of an article that is not known to be published nothing counts.
    once.push(turned(id, 'unknown', { isPaid: true, version: 1, when: at(0) }));
    const again = once.map((event) => ({ ...event, id: newId<'Event'>() }));
    const told = [...once, ...once, ...again.filter(({ type }) => type.includes('access'))];
    const [shuffled = []] = fc.sample(fc.shuffledSubarray(told, { minLength: told.length }), {
      ...{ numRuns: 1, seed: 3 },
    });
    for (const batch of inBatches(shuffled, [7, 40, 1])) await lived.receive(batch);
    await lived.receive([communityCreated(id, { timeZone: 'Asia/Shanghai' })]);

    const all = { day: expected(articles, 'day'), month: expected(articles, 'month') };
    expect(await series(id, 'day')).toEqual(all.day);
    expect(await series(id, 'week')).toEqual(expected(articles, 'week'));
    expect(await series(id, 'month')).toEqual(all.month);
    expect(new Set(all.day.map(({ value }) => value)).size).toBeGreaterThan(5);
    await replayAll(lived.world.db, id);
    expect(await series(id, 'day')).toEqual(all.day);
  }
}, 120_000);

const as = (role: string): Ctx => {
  const ctx = lived.world.as(newId<'Account'>());
  const graph = {
    query: <Data>() => Promise.resolve({ internalMembership: { role, status: 'active' } } as Data),
  };
  return { ...ctx, deps: { ...ctx.deps, graph } };
};

const field = (ctx: Ctx, id: CommunityId, selection: string) =>
  askEntities(
    { schema: lived.schema, ctx },
    [{ __typename: 'Community', id }],
    `... on Community { ${selection} }`,
  );

it('is for everybody, null without articles, and tells who listens that it changed', async () => {
  const id = newId<'Community'>();
  await lived.receive([
    communityCreated(id),
    published(id, 'a', at(24)),
    published(id, 'b', at(24)),
  ]);
  const before = await revisionOf(lived.world.db, id);
  await lived.receive([turned(id, 'a', { isPaid: true, version: 2, when: at(48) })]);
  expect(await revisionOf(lived.world.db, id)).toBeGreaterThan(before);
  const metric = (rest = '') =>
    `metric(name: PAID_SHARE, from: "2021-02-01", to: "2021-02-03"${rest}) { value }`;
  expect(await field(lived.world.as(null), id, metric())).toEqual([
    { metric: [{ value: null }, { value: 0 }, { value: 0.5 }] },
  ]);
  await expect(field(lived.world.as(null), id, metric(', tag: "sql"'))).rejects.toMatchObject({
    extensions: { code: 'BAD_INPUT' },
  });
});

it('is watched by two alert rules, one for each end of a band', async () => {
  const id = newId<'Community'>();
  const names = ['a', 'b', 'c', 'd'];
  await lived.receive([communityCreated(id), ...names.map((name) => published(id, name, at(0)))]);
  for (const [kind, bar] of [
    ['BELOW', 0.25],
    ['ABOVE', 0.6],
  ]) {
    const { data, errors } = await graphql({
      schema: lived.schema,
      contextValue: as('owner'),
      variableValues: { input: { communityId: id, name: kind, metric: 'PAID_SHARE', kind, bar } },
      source:
        'mutation ($input: AlertRuleInput!) { createAlertRule(input: $input) { __typename } }',
    });
    expect([errors, data]).toMatchObject([
      undefined,
      { createAlertRule: { __typename: 'AlertRule' } },
    ]);
  }
  const states = async (now: string) => {
    const deps = { ...lived.world.deps, now: () => new Date(now) };
    await evaluateAlerts(serviceContext(deps, 'test'), AbortSignal.timeout(10_000));
    const [found] = await field(as('owner'), id, 'alertRules { name state }');
    const rules = found?.['alertRules'] as { name: string; state: string }[];
    return Object.fromEntries(rules.map(({ name, state }) => [name, state]));
  };
  expect(await states('2021-02-03T00:01:00Z')).toEqual({ BELOW: 'FIRING', ABOVE: 'QUIET' });
  const pay = (paid: readonly string[], day: number) =>
    lived.receive(
      paid.map((name) => turned(id, name, { isPaid: true, version: 2, when: at(day * 24) })),
    );
  await pay(['a', 'b'], 2);
  expect(await states('2021-02-04T00:01:00Z')).toEqual({ BELOW: 'QUIET', ABOVE: 'QUIET' });
  await pay(['c'], 3);
  expect(await states('2021-02-05T00:01:00Z')).toEqual({ BELOW: 'QUIET', ABOVE: 'FIRING' });
});
