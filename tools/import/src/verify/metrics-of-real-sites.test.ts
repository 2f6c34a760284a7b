import type { CommunityId } from '@lyceum/contracts';
import {
  byDefinition,
  dayName,
  dayNumber,
  metricCatalogue,
  retention,
  type MetricAsk,
} from '@lyceum/reputation/app';
import { describeWithSharedData, sharedData } from '@lyceum/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importDump } from '../import-command';
import { silentProgress } from '../progress';
import { checkDump } from '../stackexchange/dump';
import { SourceIds } from '../stackexchange/source-ids';
import { startWorkers, type RunningWorkers } from '../testing/running-workers';

/** By a member's day, week and month, of all metrics that the definitions state one by one. */
const defined = (names: readonly string[]) =>
  metricCatalogue.filter(({ name }) => names.includes(name));

const rounded = (value: number | null) => (value === null ? null : Math.round(value * 1e9) / 1e9);

const months = (from: string, to: string): string[] => {
  const starts: string[] = [];
  for (const date = new Date(`${from}T00:00:00Z`); date.toISOString() <= to;) {
    starts.push(date.toISOString().slice(0, 10));
    date.setUTCMonth(date.getUTCMonth() + 1);
  }
  return starts;
};

describeWithSharedData('metrics of real sites', () => {
  let workers: RunningWorkers;
  beforeAll(async () => {
    workers = await startWorkers();
  }, 240_000);
  afterAll(() => workers.close(), 30_000);

  const ask = (communityId: CommunityId, told: Partial<MetricAsk>): MetricAsk => ({
    communityId,
    from: '2021-04-01',
    to: '2021-12-31',
    interval: 'month',
    tag: null,
    segment: null,
    today: '2022-01-01',
    ...told,
  });

  describe.each([
    ['se-ai-2016', 'ai', '2016-08-01', '2016-12-31'],
    ['se-cardano-2021', 'cardano', '2021-04-01', '2021-12-31'],
  ])('%s', (site, slug, from, to) => {
    const communityId = new SourceIds(slug).community;
    const topic = slug === 'ai' ? 'neural-networks' : 'transactions';

    beforeAll(async () => {
      const dump = await checkDump(join(sharedData, site));
      await importDump(
        workers,
        { slug, name: slug, isWaiting: true },
        { progress: silentProgress, dump },
      );
    }, 600_000);

    it.each([null, topic])(
      'are what their definitions say (tag %s)',
      async (tag) => {
        const db = workers.reputation.manager;
        const compute = await byDefinition(db, communityId);
        const starts = months(from, to);
        const asked = ask(communityId, { from, to, tag, today: dayName(dayNumber(to) + 1) });
        for (const metric of defined(Object.keys(compute))) {
          if (tag !== null && !metric.dimensions.includes('tag')) continue;
          const spans = starts.map((date, i) => ({
            first: dayNumber(date),
            last: i + 1 < starts.length ? dayNumber(starts[i + 1] ?? to) - 1 : dayNumber(to),
            tag,
            segment: null,
            today: dayNumber(to) + 1,
          }));
          const found = await metric.series(db, asked);
          expect([metric.name, found.map(({ value }) => rounded(value))]).toEqual([
            metric.name,
            spans.map((span) => rounded(compute[metric.name]?.(span) ?? null)),
          ]);
        }
      },
      120_000,
    );
  });

  it('agree with an independent analysis of the dump', async () => {
    const reference = JSON.parse(
      readFileSync(join(sharedData, 'se-cardano-2021', 'reference-analytics.json'), 'utf8'),
    ) as { mau: Record<string, number>; cohorts: Record<string, number[]> };
    const communityId = new SourceIds('cardano').community;
    const metric = metricCatalogue.find(({ name }) => name === 'contributors');

    const found = await metric?.series(workers.reputation.manager, ask(communityId, {}));

    // The analysis leaves the site's own account out, which wrote in two months.
    const ownMonths = await workers.reputation.query<{ month: string }[]>(
      `SELECT DISTINCT to_char(day, 'YYYY-MM') AS month FROM engagement_active WHERE member_id = $1 AND did & 15 <> 0`,
      [new SourceIds('cardano').member(-1)],
    );
    const own = new Set(ownMonths.map(({ month }) => month));
    expect(own.size).toBe(2);
    expect(found?.map(({ date, value }) => [date.slice(0, 7), value])).toEqual(
      Object.entries(reference.mau).map(([month, members]) => [
        month,
        members + Number(own.has(month)),
      ]),
    );
    const cohorts = await retention(workers.reputation.manager, ask(communityId, {}), 6);
    expect(cohorts.map(({ date, size }) => [date.slice(0, 7), size])).toEqual(
      Object.entries(reference.cohorts).map(([month, [size]]) => [month, size]),
    );
  });
});
