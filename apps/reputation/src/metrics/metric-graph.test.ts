import { newId, type CommunityId } from '@lyceum/contracts';
import type { Ctx, InternalGraph } from '@lyceum/platform';
import { graphql } from 'graphql';
import { askEntities } from '../ask.factory';
import { aLivedInWorld, type LivedIn } from '../lived-in.factory';
import { communityId } from '../points/history.arbitrary';
import { catalogue } from './catalogue';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

/** A request of somebody who is this in the community; identity says so. */
const asRole = (role: string | null, status = 'active'): Ctx => {
  const graph: InternalGraph = {
    query: <Data>() =>
      Promise.resolve({ internalMembership: role === null ? null : { role, status } } as Data),
  };
  const ctx = lived.world.as(newId<'Account'>());
  return { ...ctx, deps: { ...ctx.deps, graph } };
};

const ask = async (ctx: Ctx, field: string, id: CommunityId = communityId) => {
  const [found] = await askEntities(
    { schema: lived.schema, ctx },
    [{ __typename: 'Community', id }],
    `... on Community { ${field} }`,
  );
  return Object.values(found ?? {})[0];
};

const range = 'from: "2021-04-25", to: "2021-05-08"';
const nobody = () => lived.world.as(null);

it('explains every metric', async () => {
  const { data, errors } = await graphql({
    schema: lived.schema,
    contextValue: nobody(),
    source:
      '{ metricDefinitions { name meaning formula unit source refresh isPublic dimensions } }',
  });
  expect(errors).toBeUndefined();
  expect(data?.['metricDefinitions']).toHaveLength(catalogue.length);
  expect(data).toMatchObject({
    metricDefinitions: expect.arrayContaining([
      expect.objectContaining({
        name: 'STICKINESS',
        unit: 'share',
        dimensions: ['tag', 'segment'],
      }),
    ]) as unknown,
  });
});

it('shows public metrics to everybody, zeros and nulls included', async () => {
  const days = await ask(nobody(), `metric(name: ACTIVE_MEMBERS, ${range}) { date value }`);
  expect(days).toHaveLength(14);
  expect(days).toContainEqual({ date: '2021-04-25', value: 0 });
  expect(days).toContainEqual({ date: '2021-05-02', value: 5 });
  const rates = await ask(
    nobody(),
    `metric(name: ANSWER_RATE, ${range}, interval: MONTH) { date value }`,
  );
  expect(rates).toMatchObject([
    { date: '2021-04-01' },
    { date: '2021-05-01', value: expect.any(Number) as number },
  ]);
  expect(
    await ask(
      nobody(),
      `metric(name: ANSWER_RATE, ${range}, tag: "none", interval: MONTH) { value }`,
    ),
  ).toEqual([{ value: null }, { value: null }]);
});

const forAnalysts = [
  `metric(name: CONTRIBUTION_GINI, ${range}) { value }`,
  `growthAccounting(${range}) { date newcomers retained returning dormant churned }`,
  `retentionCohorts(${range}, interval: WEEK) { date size active rates }`,
  `memberFunnel(${range}) { joined tookPart contributed cameBack stayed }`,
];

describe.each(forAnalysts)('%s', (field) => {
  it.each(['owner', 'admin', 'analyst'])('is for the %s', async (role) => {
    expect(await ask(asRole(role), field)).toBeTruthy();
  });

  it.each([
    ['member', 'active'],
    ['moderator', 'active'],
    ['owner', 'left'],
    [null, 'active'],
  ])('is not for the %s who is %s', async (role, status) => {
    await expect(ask(asRole(role, status), field)).rejects.toMatchObject({
      extensions: { code: 'FORBIDDEN' },
    });
  });

  it('is not for who has not logged in', async () => {
    await expect(ask(nobody(), field)).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });
});

it('counts the funnel step by step', async () => {
  const funnel = (await ask(
    asRole('analyst'),
    'memberFunnel(from: "2021-04-25", to: "2021-05-08") { joined tookPart contributed cameBack stayed }',
  )) as Record<string, number>;
  expect(funnel).toMatchObject({ joined: 5, tookPart: 5, stayed: 0 });
  expect(funnel['contributed']).toBeGreaterThanOrEqual(funnel['cameBack'] ?? NaN);
});

it.each([
  'metric(name: NEW_MEMBERS, from: "2021-05-01", to: "2021-05-02", tag: "sql") { value }',
  'metric(name: VOTES, from: "2021-05-01", to: "2021-05-02", segment: NEWCOMERS) { value }',
  'metric(name: VOTES, from: "2021-05-02", to: "2021-05-01") { value }',
  'metric(name: VOTES, from: "2001-05-02", to: "2021-05-01") { value }',
  'metric(name: VOTES, from: "2021-05-01", to: "2021-05-02", tag: "") { value }',
  'metric(name: VOTES, from: "2021-05-01", to: "2021-05-02", tag: "a\\u0000") { value }',
  'retentionCohorts(from: "2021-05-01", to: "2021-05-02", offsets: 61) { size }',
])('refuses %s', async (field) => {
  await expect(ask(asRole('owner'), field)).rejects.toMatchObject({
    extensions: { code: 'BAD_INPUT' },
  });
});
