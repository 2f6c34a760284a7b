import type { GraphQLSchema } from 'graphql';
import type { Ctx } from './context';
import { rateLimited } from './errors';
import { limitedNetwork, type Limit, type RateLimiter } from './limits';

/** Far above what a person does, and what programs are for; below what fills a disk. */
export const writeLimits = {
  account: { burst: 600, periodMs: 20 },
  network: { burst: 3_000, periodMs: 4 },
} satisfies Record<string, Limit>;

/** Throws RATE_LIMITED when this account, or those on its line together, write too much. */
export const spendWrite = async (
  limiter: RateLimiter,
  { actor, client }: Pick<Ctx, 'actor' | 'client'>,
): Promise<void> => {
  const network = limitedNetwork(client);
  const waits = [
    actor.kind === 'user' ? await limiter(`write:${actor.accountId}`, writeLimits.account) : 0,
    network === null ? 0 : await limiter(`write-from:${network}`, writeLimits.network),
  ];
  const retryAfterMs = Math.max(...waits);
  if (retryAfterMs > 0) throw rateLimited('Too many changes; wait a little.', { retryAfterMs });
};

/** Asks `ctx.spendWrite`, if there is one, before each mutation. */
export const limitMutations = (schema: GraphQLSchema): void => {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve } = field;
    field.resolve = async (...call): Promise<unknown> => {
      await (call[2] as Ctx).spendWrite?.();
      return resolve?.(...call);
    };
  }
};
