import { utcDay, type Day } from '../rules';
import type { Interval, Metrics, MetricsRange } from './engagement.queries';

const midnight = (day: Day): Date => new Date(`${day}T00:00:00Z`);

export const startOf: Readonly<Record<Interval, (day: Day) => Date>> = {
  day: midnight,
  week: (day) => {
    const date = midnight(day);
    date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7)); // weeks start on Monday
    return date;
  },
  month: (day) => midnight(`${day.slice(0, 7)}-01`),
};

/** So many intervals later, or earlier. From a first day of a month only: months have no common length. */
export const step = (date: Date, interval: Interval, by: 1 | -1 = 1): Date => {
  const next = new Date(date);
  if (interval === 'month') next.setUTCMonth(next.getUTCMonth() + by);
  else next.setUTCDate(next.getUTCDate() + by * (interval === 'week' ? 7 : 1));
  return next;
};

/** The first day of each interval that meets the range; `limit` + 1 of them when there are more. */
export const intervalsOf = ({ from, to, interval }: MetricsRange, limit: number): Day[] => {
  const starts: Day[] = [];
  const end = midnight(to).getTime();
  for (
    let start = startOf[interval](from);
    start.getTime() <= end && starts.length <= limit;
    start = step(start, interval)
  )
    starts.push(utcDay(start));
  return starts;
};

const nothing = {
  activeMembers: 0,
  newMembers: 0,
  questions: 0,
  answers: 0,
  comments: 0,
  votes: 0,
};

/** One row for each interval, with zeros where nothing happened. */
export const withoutGaps = (starts: readonly Day[], rows: readonly Metrics[]): Metrics[] => {
  const known = new Map(rows.map((row) => [row.date, row]));
  return starts.map((date) => known.get(date) ?? { date, ...nothing });
};
