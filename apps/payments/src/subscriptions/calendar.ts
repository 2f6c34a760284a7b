import type { Interval } from './lifecycle';

export const secondMs = 1_000;
export const dayMs = 86_400_000;

export const addDays = (at: Date, days: number): Date => new Date(at.getTime() + days * dayMs);

/**
 * When the `n`-th period after the anchor begins: so many months later in UTC, at the same time of the same day,
 * or of the month's last day where it has no such day. Always reckoned from the anchor, so a subscription that
 * began on the 31st is paid on the 28th of February and on the 31st of March again.
 */
export const periodStart = (anchor: Date, interval: Interval, n: number): Date => {
  const months = anchor.getUTCMonth() + n * (interval === 'year' ? 12 : 1);
  const year = anchor.getUTCFullYear() + Math.floor(months / 12);
  const month = ((months % 12) + 12) % 12;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const timeOfDayMs = anchor.getTime() % dayMs;
  const startOfDay = Date.UTC(year, month, Math.min(anchor.getUTCDate(), lastDay));
  return new Date(startOfDay + ((timeOfDayMs + dayMs) % dayMs));
};
