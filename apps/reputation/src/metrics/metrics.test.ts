import type { Envelope } from '@lyceum/contracts';
import { testWorld, type TestWorld } from '@lyceum/testing';
import fc from 'fast-check';
import { consumersOf } from '../consumers';
import { database } from '../database';
import { communityCreated, deliver, settle } from '../deliver.factory';
import { intervalsOf } from '../engagement/intervals';
import { inBatches } from '../points/points-world.factory';
import { dumpProjections } from '../replay/dump.factory';
import { replayAll } from '../replay/replay-all';
import type { MetricAsk, Segment } from './ask';
import { byDefinition, dayName, dayNumber } from './by-definition';
import { catalogue, metricNamed } from './catalogue';
import { growth, type Growth } from './growth-series';
import { retention } from './retention';
import { someThreads, tags, threadsCommunity } from './threads.arbitrary';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld({ app: 'reputation', database, now: '2021-06-01T12:00:00Z' });
  const [history] = fc.sample(someThreads(60), { numRuns: 1, seed: 5 });
  await receive(shuffledTwice(history ?? []));
}, 60_000);
afterAll(() => world.close());

const receive = async (events: readonly Envelope[]): Promise<void> => {
  const consumers = consumersOf(world.deps.signals);
  for (const batch of inBatches(events, [7, 40, 1])) {
    await deliver(world.deps, consumers, batch);
    await settle(world.deps, consumers);
  }
};

/** Every event twice, out of order, the community's own founding in the middle. */
const shuffledTwice = (history: readonly Envelope[]): Envelope[] => {
  const all = [
    ...history,
    ...history,
    communityCreated(threadsCommunity, { timeZone: 'America/New_York' }),
  ];
  return fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), {
    numRuns: 1,
    seed: 9,
  })[0] as Envelope[];
};

const ask = (told: Partial<MetricAsk> = {}): MetricAsk => ({
  communityId: threadsCommunity,
  from: '2021-01-05',
  to: '2021-05-20',
  interval: 'week',
  tag: null,
  segment: null,
  today: '2021-05-15',
  ...told,
});

const close = (value: number | null) => (value === null ? null : Math.round(value * 1e9) / 1e9);

/** What the definition gives for each interval. */
const expected = async (name: string, asked: MetricAsk) => {
  const compute = (await byDefinition(world.db, asked.communityId))[name];
  const starts = intervalsOf(asked, 1_000);
  return starts.map((date, i) => {
    const next = starts[i + 1];
    const last = next === undefined ? asked.to : dayName(dayNumber(next) - 1);
    const span = {
      first: Math.max(dayNumber(date), dayNumber(asked.from)),
      last: dayNumber(last),
      tag: asked.tag,
      segment: asked.segment,
      today: dayNumber(asked.today),
    };
    return { date, value: close(compute?.(span) ?? null) };
  });
};

const stated = async (name: string, asked: MetricAsk) =>
  (await metricNamed(name).series(world.db, asked)).map(({ date, value }) => ({
    date,
    value: close(value),
  }));

/** Those of the activity log; the others have other sources, and are tested there. */
const recomputable = catalogue.filter(
  ({ name, source }) =>
    name !== 'votes' &&
    name !== 'paid_share' &&
    !name.endsWith('_members') &&
    !source.startsWith('client behaviour') &&
    !source.startsWith('payments'),
);
const memberMetrics = [
  'active_members',
  'daily_active_members',
  'weekly_active_members',
  'monthly_active_members',
  'new_members',
];
const names = [...recomputable.map(({ name }) => name), ...memberMetrics];

describe('each metric is what its definition says', () => {
  it.each(names)('%s, by day, week and month', async (name) => {
    for (const interval of ['day', 'week', 'month'] as const) {
      const asked = ask({ interval });
      expect(await stated(name, asked)).toEqual(await expected(name, asked));
    }
  });

  it('and none is all zeros or nulls, so the above says something', async () => {
    for (const name of names) {
      const values = (await stated(name, ask({ interval: 'month' }))).map(({ value }) => value);
      expect([name, values.some((value) => value !== null && value > 0)]).toEqual([name, true]);
    }
  });

  it.each(names.filter((name) => metricNamed(name).dimensions.includes('tag')))(
    '%s of a tag, however late the question was heard of',
    async (name) => {
      for (const tag of [...tags, 'unknown']) {
        const asked = ask({ interval: 'month', tag });
        expect(await stated(name, asked)).toEqual(await expected(name, asked));
      }
    },
  );

  it.each(names.filter((name) => metricNamed(name).dimensions.includes('segment')))(
    '%s of newcomers and of the established',
    async (name) => {
      for (const segment of ['newcomers', 'established'] as Segment[]) {
        for (const tag of [null, 'sql']) {
          const asked = ask({ segment, tag });
          expect(await stated(name, asked)).toEqual(await expected(name, asked));
        }
      }
    },
  );
});

describe('growth accounting', () => {
  it.each(['day', 'week', 'month'] as const)(
    'puts everybody in one state, by %s',
    async (interval) => {
      const rows = await growth(world.db, ask({ interval, from: '2020-12-20' }));
      const logged = await world.db.query<{ id: string; first: string; days: string[] }[]>(
        `SELECT actor_id AS id, array_agg(DISTINCT date_trunc($1, day::timestamp)::date::text) AS days FROM (
         SELECT actor_id, (occurred_at AT TIME ZONE 'America/New_York')::date AS day, kind FROM activity_log) AS log
       WHERE kind <> 'member-joined' AND actor_id IS NOT NULL AND day <= '2021-05-20' GROUP BY 1`,
        [interval],
      );
      const starts = intervalsOf(ask({ interval, from: '2020-06-01' }), 1_000);
      for (const row of rows) {
        const here = starts.indexOf(row.date);
        const states = { newcomers: 0, retained: 0, returning: 0, dormant: 0, churned: 0 };
        for (const { days } of logged) {
          const seen = days.map((day) => starts.indexOf(day)).filter((i) => i <= here);
          if (seen.length === 0) continue;
          const isHere = seen.includes(here);
          const last = Math.max(...seen);
          if (!isHere) states[here - last <= 3 ? 'dormant' : 'churned'] += 1;
          else if (seen.length === 1) states.newcomers += 1;
          else states[seen.includes(here - 1) ? 'retained' : 'returning'] += 1;
        }
        const { date: _, ...found } = row;
        expect([row.date, found]).toEqual([row.date, states]);
      }
      const seen = (state: keyof Growth) => rows.some((row) => Number(row[state]) > 0);
      expect(seen('newcomers') && seen('retained')).toBe(true);
      expect(interval === 'month' || (seen('dormant') && seen('returning'))).toBe(true);
    },
  );
});

it('keeps cohorts by the interval of joining, up to the interval that runs', async () => {
  const cohorts = await retention(world.db, ask({ interval: 'month', from: '2020-12-01' }), 12);
  expect(cohorts.map(({ date }) => date)).toEqual([
    '2020-12-01',
    '2021-01-01',
    '2021-02-01',
    '2021-03-01',
    '2021-04-01',
    '2021-05-01',
  ]);
  expect(cohorts.map(({ active }) => active.length)).toEqual([6, 5, 4, 3, 2, 1]);
  expect(cohorts.reduce((sum, { size }) => sum + size, 0)).toBe(8);
  const [first] = await world.db.query<{ n: number }[]>(
    `SELECT count(DISTINCT act.actor_id)::int AS n FROM activity_log AS act JOIN activity_log AS joined USING (actor_id)
     WHERE act.kind <> 'member-joined' AND joined.kind = 'member-joined'
       AND date_trunc('month', joined.occurred_at AT TIME ZONE 'America/New_York') = '2021-01-01'
       AND date_trunc('month', act.occurred_at AT TIME ZONE 'America/New_York') = '2021-03-01'`,
  );
  expect(cohorts[1]?.active[2]).toBe(first?.n);
});

it('is the same after a replay of everything', async () => {
  const live = await dumpProjections(world.db);
  await replayAll(world.db);
  expect(await dumpProjections(world.db)).toEqual(live);
  expect(live['engagement_topic_active']?.length).toBeGreaterThan(20);
  expect(live['engagement_orphan']?.length).toBeGreaterThan(0);
});
