import { limitedNetwork, rateLimited, type Limit } from '@lyceum/platform';
import { createHash } from 'node:crypto';
import { kitOf, type HasDeps } from './kit';

const seconds = 1_000;

interface Limits {
  /** Of one account, or of one name that somebody typed: a guess is dear wherever it comes from. */
  readonly own: Limit;
  /**
   * And of one line to the Internet, whoever is meant: one password tried on many accounts, or many accounts made.
   * Schools and offices share an address, so these are wide.
   */
  readonly network: Limit;
}

/** How often one may try. */
export const limits = {
  login: {
    own: { burst: 30, periodMs: 10 * seconds },
    network: { burst: 300, periodMs: seconds },
  },
  register: {
    own: { burst: 10, periodMs: 60 * seconds },
    network: { burst: 60, periodMs: 20 * seconds },
  },
  /** A password asked again of who is logged in. */
  password: {
    own: { burst: 10, periodMs: 30 * seconds },
    network: { burst: 100, periodMs: 3 * seconds },
  },
  /** Codes of a second factor: a million of them, and about three are right at a time. */
  secondFactor: {
    own: { burst: 10, periodMs: 60 * seconds },
    network: { burst: 100, periodMs: 6 * seconds },
  },
  /** Requests to reset a password, of one address. */
  reset: {
    own: { burst: 5, periodMs: 300 * seconds },
    network: { burst: 30, periodMs: 60 * seconds },
  },
  /** Tries to set a new password, with one link. */
  resetPassword: {
    own: { burst: 10, periodMs: 60 * seconds },
    network: { burst: 60, periodMs: 20 * seconds },
  },
  /** New tokens and service accounts of one account. */
  token: {
    own: { burst: 10, periodMs: 60 * seconds },
    network: { burst: 100, periodMs: 6 * seconds },
  },
  /** Mails that one account has sent to any address. */
  mail: {
    own: { burst: 10, periodMs: 120 * seconds },
    network: { burst: 60, periodMs: 20 * seconds },
  },
  avatar: {
    own: { burst: 10, periodMs: 60 * seconds },
    network: { burst: 100, periodMs: 6 * seconds },
  },
  invite: {
    own: { burst: 20, periodMs: 30 * seconds },
    network: { burst: 100, periodMs: 5 * seconds },
  },
  redeemInvite: {
    own: { burst: 20, periodMs: 30 * seconds },
    network: { burst: 100, periodMs: 5 * seconds },
  },
  /** Changes of a community's time zone by one account: all its metrics are computed again. */
  timeZone: {
    own: { burst: 3, periodMs: 3_600 * seconds },
    network: { burst: 60, periodMs: 60 * seconds },
  },
  createCommunity: {
    own: { burst: 10, periodMs: 60 * seconds },
    network: { burst: 60, periodMs: 20 * seconds },
  },
} satisfies Record<string, Limits>;

/** Log-ins that name nobody when they begin, by passkey or another site: each attempt is a row. */
const attempts: Limit = { burst: 120, periodMs: 2 * seconds };

/** Throws RATE_LIMITED when too many such log-ins were begun from one line to the Internet. */
export const spendAttempt = async (ctx: Spender): Promise<void> => {
  const network = limitedNetwork(ctx.client);
  const waitMs =
    network === null ? 0 : await kitOf(ctx).limiter(`attempt-from:${network}`, attempts);
  if (waitMs > 0) throw rateLimited('Too many tries; wait a little.', { retryAfterMs: waitMs });
};

type Spender = HasDeps & { readonly client?: string | undefined };

/** Throws RATE_LIMITED when this key has tried too often, or its line to the Internet has. */
export const spend = async (
  ctx: Spender,
  action: keyof typeof limits,
  key: string,
): Promise<void> => {
  const { limiter } = kitOf(ctx);
  // Hashed: keys can be as long as a client likes, and limiters need not know e-mail addresses.
  const digest = createHash('sha256').update(key.toLowerCase()).digest('base64url');
  const network = limitedNetwork(ctx.client);
  const waits = [
    await limiter(`${action}:${digest}`, limits[action].own),
    network === null ? 0 : await limiter(`${action}-from:${network}`, limits[action].network),
  ];
  const retryAfterMs = Math.max(...waits);
  if (retryAfterMs > 0) throw rateLimited('Too many tries; wait a little.', { retryAfterMs });
};
