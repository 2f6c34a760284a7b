import {
  importedId,
  newId,
  QuestionAsked,
  type CommunityId,
  type MemberId,
} from '@lyceum/contracts';
import { serviceContext, type Ctx, type Deps } from '@lyceum/platform';
import { graphql } from 'graphql';
import { askEntities } from '../ask.factory';
import { anEvent, communityCreated } from '../deliver.factory';
import { aLivedInWorld, joined, upvote, type LivedIn } from '../lived-in.factory';
import { dumpProjections } from '../replay/dump.factory';
import { replayAll } from '../replay/replay-all';
import { query } from '../sql';
import { computeModels, computeModelsOf } from './compute-models.job';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

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

interface Report {
  model: string;
  formula: string;
  caveat: string;
  advice: string | null;
  refusal: string | null;
  inputs: { name: string; value: number }[];
  outputs: { name: string; value: number | null; low: number | null; high: number | null }[];
  members: { member: { id: string }; score: number }[];
}
const report =
  '{ model formula caveat advice refusal inputs { name value } outputs { name value low high } members { score member { id } } }';

const ask = async <Answer>(
  id: CommunityId,
  field: string,
  ctx = as('analyst'),
): Promise<Answer> => {
  const [found] = await askEntities<Record<string, Answer>>(
    { schema: lived.schema, ctx },
    [{ __typename: 'Community', id }],
    `... on Community { ${field} }`,
  );
  return Object.values(found ?? {})[0] as Answer;
};

const value = (of: Report, name: string) => of.outputs.find((one) => one.name === name)?.value;

/**
 * A community of 80 members who each ask once a week: half of them to this day, half until a week of their own.
 * Today is the 4th of May 2021.
 */
const aHabitualCommunity = async (): Promise<CommunityId> => {
  const id = newId<'Community'>();
  const monday = Date.UTC(2020, 7, 3);
  const events = Array.from({ length: 80 }, (_, n) => {
    const authorId: MemberId = importedId('habitual', id, n);
    const last = n % 2 === 0 ? 38 : 4 + (n % 34);
    return Array.from({ length: last }, (_week, week) =>
      anEvent(
        QuestionAsked,
        { communityId: id, questionId: newId<'Question'>(), authorId },
        { occurredAt: new Date(monday + week * 7 * 86_400_000 + n * 60_000) },
      ),
    );
  }).flat();
  await lived.receive([communityCreated(id)]);
  for (let start = 0; start < events.length; start += 500)
    await lived.receive(events.slice(start, start + 500));
  return id;
};

describe('models that workers compute', () => {
  it('tell what they know, from what, how sure, and when not to believe it', async () => {
    const id = await aHabitualCommunity();
    await computeModelsOf(serviceContext(lived.world.deps, 'test'), id);

    const reports = await ask<Report[]>(id, `modelReports ${report}`);

    expect(reports.map(({ model }) => model)).toEqual([
      'churn',
      'growth-forecast',
      'operating-rule',
    ]);
    for (const one of reports) {
      expect(one.formula).not.toBe('');
      expect(one.caveat).not.toBe('');
      expect(one.inputs.length).toBeGreaterThan(1);
    }
    const [churn, growth, operating] = reports;
    if (!churn || !growth || !operating) throw new Error('all three are there');
    expect(value(churn, 'AUC on the held out')).toBeGreaterThan(0.8);
    expect(value(churn, 'AUC of the baseline, days since the last active day')).toBeGreaterThan(
      0.5,
    );
    expect(churn.members.length).toBeGreaterThan(10);
    const scores = churn.members.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(Math.max(...scores)).toBeLessThanOrEqual(1);

    const first = growth.outputs[0];
    expect(first?.low).toBeLessThanOrEqual(first?.value ?? NaN);
    expect(first?.high).toBeGreaterThanOrEqual(first?.value ?? NaN);
    expect(growth.outputs).toHaveLength(13);
    expect(operating.refusal).toBe('Nothing happened in the last 30 days.');
  }, 60_000);

  it('refuse where there is too little to learn from', async () => {
    const id = newId<'Community'>();
    await lived.receive([communityCreated(id), joined(id, newId<'Member'>())]);
    await computeModelsOf(serviceContext(lived.world.deps, 'test'), id);
    const reports = await ask<Report[]>(id, `modelReports ${report}`);
    expect(reports.every(({ refusal, outputs }) => refusal !== null && outputs.length === 0)).toBe(
      true,
    );
  });

  it('are computed by the job for communities that changed, and for no others', async () => {
    const id = newId<'Community'>();
    const member = newId<'Member'>();
    await lived.receive([communityCreated(id), joined(id, member), upvote(id, member)]);
    const computedAt = async () =>
      (
        await query<{ at: Date }>(
          lived.world.db,
          'SELECT max(computed_at) AS at FROM model_report WHERE community_id = $1',
          [id],
        )
      )[0]?.at;
    const run = (at: string) => {
      const deps = { ...lived.world.deps, now: () => new Date(at) };
      return computeModels.run(
        { deps, ctx: serviceContext(deps, 'test'), signal: AbortSignal.timeout(30_000) },
        {},
      );
    };
    await run('2021-05-04T13:00:00Z');
    await run('2021-05-04T14:00:00Z');
    expect(await computedAt()).toEqual(new Date('2021-05-04T13:00:00Z'));
    await lived.receive([upvote(id, member)]);
    await run('2021-05-04T15:00:00Z');
    expect(await computedAt()).toEqual(new Date('2021-05-04T15:00:00Z'));
  }, 60_000);

  it('are for analysts', async () => {
    const id = newId<'Community'>();
    for (const field of [
      `modelReports ${report}`,
      `communityValue(from: "2021-01-01", to: "2021-02-01") ${report}`,
      `growthPlan(budget: 1, qualityCost: 1, activityCost: 1) ${report}`,
      'interest { members { interest } }',
    ])
      await expect(ask(id, field, as('member'))).rejects.toMatchObject({
        extensions: { code: 'FORBIDDEN' },
      });
  });
});

describe('the value of a community', () => {
  it('is Q to the α times A to the β of each interval, counted from what happened', async () => {
    const id = newId<'Community'>();
    const [asker, author] = [newId<'Member'>(), newId<'Member'>()];
    const question = (occurredAt: string) =>
      anEvent(
        QuestionAsked,
        { communityId: id, questionId: newId<'Question'>(), authorId: asker },
        { occurredAt },
      );
    await lived.receive([
      communityCreated(id),
      question('2021-04-03T00:00:00Z'),
      question('2021-05-03T00:00:00Z'),
      question('2021-05-03T01:00:00Z'),
      upvote(id, author),
      upvote(id, author),
    ]);
    const found = await ask<Report>(
      id,
      `communityValue(from: "2021-04-01", to: "2021-05-31") ${report}`,
    );
    expect(found.inputs).toEqual([
      { name: 'Q 2021-04-01', value: 1 },
      { name: 'A 2021-04-01', value: 1 },
      { name: 'Q 2021-05-01', value: 4 }, // two questions and two votes
      { name: 'A 2021-05-01', value: 2 },
    ]);
    expect(value(found, 'V 2021-05-01')).toBe(8);
    const plan = await ask<Report>(
      id,
      `growthPlan(budget: 1, qualityCost: 10, activityCost: 10, periods: 6) ${report}`,
    );
    expect(value(plan, 'share of the budget for content')).toBeCloseTo(0.5, 4);
    expect(value(plan, 'V now')).toBe(1); // of April, the last whole month
  });

  it('learns its exponents from measured values, or says why it cannot', async () => {
    const id = await aHabitualCommunity();
    const range = 'from: "2020-08-03", to: "2021-04-25", interval: WEEK';
    const plain = await ask<Report>(id, `communityValue(${range}) ${report}`);
    const weeks = plain.inputs.length / 2;
    const measured = Array.from({ length: weeks }, (_, i) => i + 1);
    const fitted = await ask<Report>(
      id,
      `communityValue(${range}, measured: [${measured.join(',')}]) ${report}`,
    );
    expect(fitted.refusal).toBe(
      'Q and A change together, so nothing tells which of the two the value follows.',
    );
    await expect(
      ask(id, `communityValue(${range}, measured: [1, 2]) ${report}`),
    ).rejects.toMatchObject({
      extensions: { code: 'BAD_INPUT' },
    });
  }, 60_000);

  it.each([
    'budget: 1, qualityCost: 0, activityCost: 1',
    'budget: 1000, qualityCost: 1, activityCost: 1',
    'budget: 1, qualityCost: 1, activityCost: 1, periods: 0',
    'budget: 1, qualityCost: 1, activityCost: 1, alpha: -1',
  ])('has no plan for %s', async (plan) => {
    await expect(ask(newId<'Community'>(), `growthPlan(${plan}) ${report}`)).rejects.toMatchObject({
      extensions: { code: 'BAD_INPUT' },
    });
  });
});

describe('interest', () => {
  const ranking =
    'interest(first: 5) { weights { version weights { behaviour weight } } members { interest member { id } behaviours { behaviour times } } }';
  interface Ranking {
    weights: { version: number; weights: { behaviour: string; weight: number }[] };
    members: { interest: number; behaviours: { behaviour: string; times: number }[] }[];
  }

  const setWeights = async (
    id: CommunityId,
    version: number,
    weight: number,
    ctx = as('owner'),
  ) => {
    const { data } = await graphql({
      schema: lived.schema,
      contextValue: ctx,
      variableValues: {
        input: { communityId: id, version, weights: [{ behaviour: 'QUESTION_ASKED', weight }] },
      },
      source: `mutation ($input: SetInterestWeightsInput!) { setInterestWeights(input: $input) {
        ... on InterestWeights { version } ... on UserError { code } } }`,
    });
    return data?.['setInterestWeights'];
  };

  it('weighs what members did; weights have versions', async () => {
    const id = newId<'Community'>();
    const member = newId<'Member'>();
    await lived.receive([
      communityCreated(id),
      ...Array.from({ length: 3 }, () =>
        anEvent(QuestionAsked, {
          communityId: id,
          questionId: newId<'Question'>(),
          authorId: member,
        }),
      ),
    ]);
    const before = await ask<Ranking>(id, ranking);
    expect(before).toMatchObject({
      weights: { version: 0 },
      members: [{ interest: 15, behaviours: [{ behaviour: 'QUESTION_ASKED', times: 3 }] }],
    });

    expect(await setWeights(id, 0, 2)).toEqual({ version: 1 });
    expect(await setWeights(id, 0, 3)).toEqual({ code: 'WEIGHTS_CHANGED' });
    expect(await setWeights(id, 1, -1)).toEqual({ code: 'INPUT_INVALID' });
    expect(await setWeights(id, 1, 3, as('member'))).toEqual({ code: 'NOT_ANALYST' });
    expect(await ask<Ranking>(id, ranking)).toMatchObject({
      weights: { version: 1 },
      members: [{ interest: 6 }],
    });
  });

  it('is of a matrix that is the same, counted batch by batch or all at once', async () => {
    const live = await dumpProjections(lived.world.db);
    await replayAll(lived.world.db);
    expect(await dumpProjections(lived.world.db)).toEqual(live);
    expect(live['member_behaviour']?.length).toBeGreaterThan(10);
  }, 60_000);
});
