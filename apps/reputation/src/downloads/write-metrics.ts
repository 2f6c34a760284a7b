import type { CommunityId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { intervalsOf } from '../engagement/intervals';
import type { MetricAsk, Point } from '../metrics/ask';
import { metricNamed } from '../metrics/catalogue';
import type { Day } from '../rules';
import { DownloadFormat, type MetricDownloadInput } from './download.types';

export interface Download extends Omit<MetricDownloadInput, 'communityId'> {
  readonly communityId: CommunityId;
  readonly today: Day;
}

/** So many intervals are read at a time, whatever the range. */
const intervalsAtOnce = 500;

/**
 * The lines of a download, metric by metric and some intervals at a time: memory does not grow with the range, and
 * nothing is read before the client has taken what came before.
 */
export async function* writeMetrics(db: EntityManager, download: Download): AsyncGenerator<string> {
  yield headers[download.format];
  for (const name of download.names) {
    for (const ask of asksOf(download)) {
      const points = await metricNamed(name).series(db, ask);
      yield points.map((point) => line(download.format, name, point)).join('');
    }
  }
}

const headers: Readonly<Record<DownloadFormat, string>> = {
  csv: 'metric,date,value\r\n',
  ndjson: '',
};

/** Names, days and numbers need no quotes. */
const line = (format: DownloadFormat, name: string, { date, value }: Point): string =>
  format === DownloadFormat.CSV
    ? `${name},${date},${value === null ? '' : String(value)}\r\n`
    : `${JSON.stringify({ metric: name, date, value })}\n`;

/** The range in stretches of whole intervals, its own ends excepted. */
function* asksOf({ from, to, interval, tag, segment, ...rest }: Download): Generator<MetricAsk> {
  const { communityId, today } = rest;
  let start: Day | undefined = from;
  while (start !== undefined) {
    const starts = intervalsOf({ from: start, to, interval }, intervalsAtOnce);
    const next: Day | undefined = starts[intervalsAtOnce];
    const last = next === undefined ? to : dayBefore(next);
    yield {
      communityId,
      from: start,
      to: last,
      interval,
      tag: tag ?? null,
      segment: segment ?? null,
      today,
    };
    start = next;
  }
}

const dayBefore = (day: Day): Day =>
  new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
