import { newId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { serviceContext, type Ctx, type Deps } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import { graphql } from 'graphql';
import { askEntities } from '../ask.factory';
import { communityCreated } from '../deliver.factory';
import { aLivedInWorld, asked, joined, type LivedIn } from '../lived-in.factory';
import { query } from '../sql';
import { evaluateAlerts } from './evaluate-alerts';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());
beforeEach(async () => {
  await lived.world.db.query('UPDATE alert_rule SET deleted_at = now()');
});

const as = (role: string | null): Ctx => {
  const ctx = lived.world.as(newId<'Account'>());
  const deps: Deps = {
    ...ctx.deps,
    graph: {
      query: <Data>() =>
        Promise.resolve({ internalMembership: role && { role, status: 'active' } } as Data),
    },
  };
  return { ...ctx, deps };
};

const mutate = async (ctx: Ctx, name: string, variables: Record<string, unknown>) => {
  const [args, types] =
    name === 'createAlertRule'
      ? ['input: $input', '$input: AlertRuleInput!']
      : ['id: $id', '$id: ID!'];
  const { data, errors } = await graphql({
    schema: lived.schema,
    contextValue: ctx,
    variableValues: variables,
    source: `mutation (${types}) { ${name}(${args}) { __typename ... on UserError { code }
      ${name === 'createAlertRule' ? '... on MetricInputInvalid { field } ... on AlertRule { id kind bar resolveBar intervals state since changes { state } }' : ''} } }`,
  });
  if (errors?.[0]) throw errors[0];
  return data?.[name] as Record<string, unknown> & { id: string };
};

const create = (communityId: CommunityId, told: Record<string, unknown>, ctx = as('analyst')) =>
  mutate(ctx, 'createAlertRule', {
    input: { communityId, name: 'Quiet', metric: 'QUESTIONS', ...told },
  });

const aCommunity = async (): Promise<{ id: CommunityId; author: MemberId }> => {
  const id = newId<'Community'>();
  const author = newId<'Member'>();
  await lived.receive([communityCreated(id), joined(id, author), asked(id, author)]); // on May 4th
  return { id, author };
};

const evaluate = (now: string): Promise<number> =>
  evaluateAlerts(
    serviceContext({ ...lived.world.deps, now: () => new Date(now) }, 'test'),
    AbortSignal.timeout(10_000),
  );

const rules = async (id: CommunityId, ctx = as('owner')) => {
  const [found] = await askEntities<{ alertRules: Record<string, unknown>[] }>(
    { schema: lived.schema, ctx },
    [{ __typename: 'Community', id }],
    '... on Community { alertRules { name metric state since evaluatedAt changes { state at value reason } } }',
  );
  return found?.alertRules ?? [];
};

const alertsTold = async () =>
  (await emitted(lived.world.db)).filter(({ type }) => type.includes('alert'));

it('fires once and resolves once, however often it is looked at and by however many', async () => {
  const { id } = await aCommunity();
  await create(id, { kind: 'MISSING', intervals: 1 });

  for (const now of ['2021-05-06T00:01:00Z', '2021-05-06T00:02:00Z', '2021-05-06T00:03:00Z'])
    await Promise.all([evaluate(now), evaluate(now), evaluate(now)]);
  expect(await rules(id)).toMatchObject([
    {
      state: 'FIRING',
      since: '2021-05-06T00:01:00.000Z',
      evaluatedAt: '2021-05-06T00:03:00.000Z',
      changes: [{ state: 'FIRING', value: 0, reason: 'Nothing for 1 interval.' }],
    },
  ]);

  await evaluate('2021-05-05T00:10:00Z'); // within the minute: a clock that went back changes nothing
  await lived.world.db.query('UPDATE alert_rule SET evaluated_at = NULL');
  await evaluate('2021-05-05T00:10:00Z'); // the day before was May 4th
  await evaluate('2021-05-05T00:20:00Z');
  expect(await rules(id)).toMatchObject([
    { state: 'QUIET', changes: [{ state: 'QUIET' }, { state: 'FIRING' }] },
  ]);
});

it('tells of each change in an event', async () => {
  const { id } = await aCommunity();
  const { id: ruleId } = await create(id, { kind: 'ABOVE', bar: 0, metric: 'QUESTIONS' });
  await lived.world.db.query('DELETE FROM outbox');
  await evaluate('2021-05-05T12:00:00Z');
  const [{ createdBy } = { createdBy: null }] = await query<{ createdBy: string }>(
    lived.world.db,
    'SELECT created_by AS "createdBy" FROM alert_rule WHERE id = $1',
    [ruleId],
  );
  expect(await alertsTold()).toMatchObject([
    { payload: { communityId: id, ruleId, createdBy, isFiring: true, value: 1 } },
  ]);
  expect(await rules(id)).toMatchObject([
    { changes: [{ state: 'FIRING', value: 1, reason: '1 is above 0.' }] },
  ]);
});

it('looks at a rule once a minute', async () => {
  const { id } = await aCommunity();
  await create(id, { kind: 'BELOW', bar: 2 });
  expect(await evaluate('2021-05-05T12:00:00Z')).toBe(1);
  expect(await evaluate('2021-05-05T12:00:59Z')).toBe(0);
  expect(await evaluate('2021-05-05T12:01:00Z')).toBe(1);
});

it('says back what it understood, with a bar to come back over', async () => {
  const { id } = await aCommunity();
  expect(await create(id, { kind: 'BELOW', bar: 10, intervals: 3 })).toMatchObject({
    kind: 'BELOW',
    bar: 10,
    resolveBar: 11,
    intervals: 3,
    state: 'QUIET',
    changes: [],
  });
  expect(await create(id, { kind: 'FALL', bar: 0.5, resolveBar: 0.1 })).toMatchObject({
    kind: 'FALL',
    bar: 0.5,
    resolveBar: 0.1,
  });
});

it('is for analysts alone', async () => {
  const { id } = await aCommunity();
  expect(await create(id, { kind: 'MISSING' }, as('member'))).toMatchObject({
    code: 'NOT_ANALYST',
  });
  const rule = await create(id, { kind: 'MISSING' });
  expect(await mutate(as('moderator'), 'deleteAlertRule', { id: rule.id })).toMatchObject({
    code: 'ALERT_RULE_NOT_FOUND',
  });
  await expect(rules(id, as('member'))).rejects.toMatchObject({
    extensions: { code: 'FORBIDDEN' },
  });
  expect(await mutate(as('admin'), 'deleteAlertRule', { id: rule.id })).toMatchObject({
    __typename: 'AlertRuleDeleted',
  });
  expect(await rules(id)).toEqual([]);
  expect(await mutate(as('admin'), 'deleteAlertRule', { id: rule.id })).toMatchObject({
    code: 'ALERT_RULE_NOT_FOUND',
  });
});

it.each([
  [{ kind: 'MISSING', name: ' ' }, 'name'],
  [{ kind: 'ABOVE' }, 'bar'],
  [{ kind: 'RISE', bar: -1 }, 'bar'],
  [{ kind: 'RISE', bar: 1, intervals: 2 }, 'bar'],
  [{ kind: 'ABOVE', bar: 5, resolveBar: 6 }, 'resolveBar'],
  [{ kind: 'BELOW', bar: 5, resolveBar: 4 }, 'resolveBar'],
  [{ kind: 'MISSING', intervals: 31 }, 'intervals'],
  [{ kind: 'MISSING', segment: 'NEWCOMERS', metric: 'VOTES' }, 'segment'],
  [{ kind: 'MISSING', tag: 'sql', metric: 'NEW_MEMBERS' }, 'tag'],
])('refuses %j', async (told, field) => {
  const { id } = await aCommunity();
  expect(await create(id, told)).toEqual({
    __typename: 'MetricInputInvalid',
    code: 'INPUT_INVALID',
    field,
  });
});

it('has at most fifty rules a community', async () => {
  const { id } = await aCommunity();
  const made = await Promise.all(Array.from({ length: 52 }, () => create(id, { kind: 'MISSING' })));
  expect(made.filter((rule) => rule['code'] === 'TOO_MANY_ALERT_RULES')).toHaveLength(2);
}, 60_000);
