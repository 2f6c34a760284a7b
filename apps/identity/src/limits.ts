import { rateLimited, type Limit } from '@lyceum/platform';
import { createHash } from 'node:crypto';
import { kitOf, type HasDeps } from './kit';

const seconds = 1_000;

/** How often one may try. The keys are names that people type, not addresses: a guess is dear wherever it comes from. */
const limits = {
  login: { burst: 30, periodMs: 10 * seconds },
  register: { burst: 10, periodMs: 60 * seconds },
  /** A password asked again of who is logged in. */
  password: { burst: 10, periodMs: 30 * seconds },
  /** Requests to reset a password, of one address. */
  reset: { burst: 5, periodMs: 300 * seconds },
  /** New tokens and service accounts of one account. */
  token: { burst: 10, periodMs: 60 * seconds },
  /** Mails that one account has sent to any address. */
  mail: { burst: 10, periodMs: 120 * seconds },
  redeemInvite: { burst: 20, periodMs: 30 * seconds },
  createCommunity: { burst: 10, periodMs: 60 * seconds },
} satisfies Record<string, Limit>;

/** Throws RATE_LIMITED when this key has tried too often. */
export const spend = async (
  ctx: HasDeps,
  action: keyof typeof limits,
  key: string,
): Promise<void> => {
  // Hashed: keys can be as long as a client likes, and limiters need not know e-mail addresses.
  const digest = createHash('sha256').update(key.toLowerCase()).digest('base64url');
  const waitMs = await kitOf(ctx).limiter(`${action}:${digest}`, limits[action]);
  if (waitMs > 0) throw rateLimited('Too many tries; wait a little.', { retryAfterMs: waitMs });
};
