import { newId } from '@lyceum/contracts';
import type { Ctx, Deps } from '@lyceum/platform';
import fastify, { type FastifyInstance } from 'fastify';
import { graphql } from 'graphql';
import { aLivedInWorld, type LivedIn } from '../lived-in.factory';
import { metricNamed } from '../metrics/catalogue';
import { communityId } from '../points/history.arbitrary';
import { query } from '../sql';
import { downloadRoutes } from './routes';
import { writeMetrics } from './write-metrics';

let lived: LivedIn;
let server: FastifyInstance;
let now: Date;
beforeAll(async () => {
  lived = await aLivedInWorld();
  now = lived.world.deps.now();
  server = fastify();
  downloadRoutes(server, { ...lived.world.deps, now: () => now });
});
afterAll(async () => {
  await server.close();
  await lived.world.close();
});

const as = (role: string | null): Ctx => {
  const ctx = role === null ? lived.world.as(null) : lived.world.as(newId<'Account'>());
  const deps: Deps = {
    ...ctx.deps,
    graph: {
      query: <Data>() =>
        Promise.resolve({ internalMembership: { role, status: 'active' } } as Data),
    },
  };
  return { ...ctx, deps };
};

const create = async (ctx: Ctx, told: Record<string, unknown> = {}) => {
  const { data, errors } = await graphql({
    schema: lived.schema,
    contextValue: ctx,
    variableValues: {
      input: {
        communityId,
        names: ['QUESTIONS', 'STICKINESS'],
        from: '2021-05-01',
        to: '2021-05-03',
        ...told,
      },
    },
    source: `mutation ($input: MetricDownloadInput!) { createMetricDownload(input: $input) {
      ... on MetricDownload { path expiresAt } ... on UserError { code } ... on MetricInputInvalid { field } } }`,
  });
  if (errors?.[0]) throw errors[0];
  return data?.['createMetricDownload'] as { path: string; code?: string };
};

const ask = {
  communityId,
  from: '2021-05-01',
  to: '2021-05-03',
  interval: 'day' as const,
  tag: null,
  segment: null,
  today: '2021-05-04',
};

it('gives an analyst the numbers of the graph, as CSV and as NDJSON', async () => {
  const questions = await metricNamed('questions').series(lived.world.db, ask);
  const sticky = await metricNamed('stickiness').series(lived.world.db, ask);

  const csv = await server.inject((await create(as('analyst'))).path);
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(csv.headers['content-disposition']).toContain('metrics-2021-05-01-2021-05-03.csv');
  expect(csv.body).toBe(
    [
      'metric,date,value',
      ...questions.map(({ date, value }) => `questions,${date},${String(value)}`),
      ...sticky.map(
        ({ date, value }) => `stickiness,${date},${value === null ? '' : String(value)}`,
      ),
      '',
    ].join('\r\n'),
  );

  const ndjson = await server.inject((await create(as('owner'), { format: 'NDJSON' })).path);
  const lines = ndjson.body.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    ...questions.map((point) => ({ metric: 'questions', ...point })),
    ...sticky.map((point) => ({ metric: 'stickiness', ...point })),
  ]);
});

it('reads a long range in stretches that have every interval once, and only as fast as it is taken', async () => {
  const download = {
    ...ask,
    names: ['questions', 'monthly_active_members'],
    from: '2018-01-03',
    to: '2021-05-03',
    format: 'csv' as const,
  };
  let chunks = 0;
  let text = '';
  for await (const chunk of writeMetrics(lived.world.db, download as never)) {
    chunks += 1;
    text += chunk;
  }
  const lines = text.trim().split('\r\n').slice(1);
  const days = lines
    .filter((line) => line.startsWith('questions'))
    .map((line) => line.split(',')[1]);
  expect(new Set(days).size).toBe(days.length);
  expect(days).toHaveLength(1217);
  expect(days.toSorted()).toEqual(days);
  expect(chunks).toBe(7); // the header, and three of each metric
  const weeks = {
    ...download,
    names: ['questions'],
    interval: 'week' as const,
    from: '2000-01-05',
  };
  let starts: string[] = [];
  for await (const chunk of writeMetrics(lived.world.db, weeks as never))
    starts = [
      ...starts,
      ...[...chunk.matchAll(/,(\d{4}-\d\d-\d\d),/g)].map(([, day]) => day ?? ''),
    ];
  expect(new Set(starts).size).toBe(starts.length);
});

it('is over after ten minutes, for who guesses, and keeps no secret', async () => {
  const { path } = await create(as('admin'));
  expect((await server.inject(`${path}x`)).statusCode).toBe(404);
  expect((await server.inject('/files/metrics/..%2f')).statusCode).toBe(404);
  const [stored] = await query<{ row: string }>(
    lived.world.db,
    'SELECT download_ticket::text AS row FROM download_ticket LIMIT 1',
  );
  expect(stored?.row).not.toContain(path.split('/').at(-1));
  now = new Date(now.getTime() + 10 * 60_000);
  expect((await server.inject(path)).statusCode).toBe(404);
});

it('is for analysts alone', async () => {
  expect(await create(as('member'))).toMatchObject({ code: 'NOT_ANALYST' });
  expect(await create(as('owner'), { communityId: 'x' })).toMatchObject({ code: 'NOT_ANALYST' });
  await expect(create(as(null))).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
});

it.each([
  [{ names: [] }, 'names'],
  [{ names: ['VOTES', 'VOTES'] }, 'names'],
  [{ from: '2021-05-04' }, 'from'],
  [{ from: '1971-01-01', to: '2099-01-01' }, 'to'],
  [{ names: ['NEW_MEMBERS'], tag: 'sql' }, 'tag'],
  [{ names: ['VOTES'], segment: 'NEWCOMERS' }, 'segment'],
  [{ names: ['QUESTIONS'], tag: 'a\u0000' }, 'tag'],
])('refuses %j', async (told, field) => {
  expect(await create(as('owner'), told)).toEqual({ code: 'INPUT_INVALID', field });
});
