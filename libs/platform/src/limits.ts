import { Redis } from 'ioredis';
import type { Log } from './log';

export interface Limit {
  /** How many at once. */
  readonly burst: number;
  /** How long until one more is allowed. */
  readonly periodMs: number;
}

/** Milliseconds until the next try, or 0 when this one is allowed. */
export type RateLimiter = (key: string, limit: Limit) => Promise<number>;

/**
 * GCRA (the generic cell rate algorithm): a key keeps one number, the "theoretical arrival time" of its
 * next conforming request, so nothing needs to be reset or swept by a timer.
 */
const decide = (
  arrivalMs: number,
  nowMs: number,
  limit: Limit,
): { arrivalMs: number; waitMs: number } => {
  const next = Math.max(arrivalMs, nowMs) + limit.periodMs;
  const waitMs = Math.max(0, next - nowMs - limit.burst * limit.periodMs);
  return waitMs > 0 ? { arrivalMs, waitMs } : { arrivalMs: next, waitMs: 0 };
};

/** Requests from this machine are a developer's, or come through a proxy that nobody has told us to believe. */
const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');

/** What to limit a client by besides its account; null for who is on this machine, and for an unknown one. */
export const limitedNetwork = (client: string | undefined): string | null =>
  client === undefined || client === '' || isLoopback(client) ? null : networkOf(client);

/** Who shares one line to the Internet: an IPv4 address, or the /64 of an IPv6 one, of which one customer has all. */
export const networkOf = (address: string): string => {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const all = [...groups, ...Array<string>(gap).fill('0'), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
};

const maxKeys = 100_000;

/** For one process. */
export const createLocalRateLimiter = (now: () => number = Date.now): RateLimiter => {
  const arrivals = new Map<string, number>();
  return (key, limit) => {
    const nowMs = now();
    const { arrivalMs, waitMs } = decide(arrivals.get(key) ?? 0, nowMs, limit);
    if (arrivals.size >= maxKeys) {
      for (const [old, arrival] of arrivals) if (arrival <= nowMs) arrivals.delete(old);
    }
    arrivals.set(key, arrivalMs);
    return Promise.resolve(waitMs);
  };
};

/** The same decision as above, made where all processes see it. */
const script = `
local now = redis.call('TIME')
local nowMs = now[1] * 1000 + math.floor(now[2] / 1000)
local arrival = tonumber(redis.call('GET', KEYS[1]) or '0')
local nextArrival = math.max(arrival, nowMs) + tonumber(ARGV[2])
local wait = nextArrival - nowMs - tonumber(ARGV[1]) * tonumber(ARGV[2])
if wait > 0 then return wait end
redis.call('SET', KEYS[1], nextArrival, 'PX', nextArrival - nowMs)
return 0`;

/** For all processes on one Redis; while it doesn't answer, each process limits for itself. */
export const createRedisRateLimiter = (url: string, log: Log): RateLimiter & { close(): void } => {
  const redis = new Redis(url, { maxRetriesPerRequest: 1, commandTimeout: 250, lazyConnect: true });
  redis.on('error', (error) => log.warn({ err: error }, 'limits.connection'));
  const local = createLocalRateLimiter();
  const limiter: RateLimiter = async (key, limit) => {
    try {
      return Number(
        await redis.eval(script, 1, `{lyceum}:limit:${key}`, limit.burst, limit.periodMs),
      );
    } catch {
      return local(key, limit);
    }
  };
  return Object.assign(limiter, { close: () => redis.disconnect() });
};
