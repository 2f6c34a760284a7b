import {
  exchangePath,
  isPersonalToken,
  serviceContext,
  type AddRoutes,
  type Ctx,
  type Deps,
} from '@lyceum/platform';
import type { AccountId } from '@lyceum/contracts';
import { createHash, randomUUID } from 'node:crypto';
import { kitOf } from '../kit';
import type { PersonalTokenId } from './personal-token.entity';

export const hashOfToken = (token: string): string =>
  createHash('sha256').update(token).digest('base64url');

/**
 * Gives other processes of the platform an access token for a personal one, good for minutes: they verify it as
 * any other, and enforce its scopes. The personal token itself never rests in one of them.
 */
export const addTokenExchange = (
  server: Parameters<AddRoutes>[0],
  { isSigned }: Parameters<AddRoutes>[1],
  deps: Deps,
): void => {
  server.post(exchangePath, async (request, reply) => {
    if (!isSigned(request)) return reply.code(401).send({ message: 'This is for the platform.' });
    const { token } = (request.body ?? {}) as { token?: unknown };
    const ctx = serviceContext(deps, randomUUID());
    const accessToken = typeof token === 'string' ? await exchangeToken(ctx, token) : null;
    return accessToken === null
      ? reply.code(403).send({ message: 'The token is not valid.' })
      : reply.header('cache-control', 'no-store').send({ accessToken });
  });
};

interface Found {
  readonly id: PersonalTokenId;
  readonly accountId: AccountId;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
}

/** How exactly `lastUsedAt` is known: a write at each exchange of each process would be too dear. */
const usedEveryMs = 10 * 60 * 1_000;

export const exchangeToken = async (ctx: Ctx, token: string): Promise<string | null> => {
  if (!isPersonalToken(token)) return null;
  const now = ctx.deps.now();
  const [found] = await ctx.db.query<(Found & { lastUsedAt: Date | null })[]>(
    `SELECT token.id, account_id AS "accountId", scopes, token.expires_at AS "expiresAt", last_used_at AS "lastUsedAt"
     FROM personal_token AS token JOIN account ON account.id = account_id
     WHERE hash = $1 AND revoked_at IS NULL AND token.expires_at > $2 AND deactivated_at IS NULL`,
    [hashOfToken(token), now],
  );
  if (found === undefined) return null;
  const { id, accountId, scopes, expiresAt, lastUsedAt } = found;
  if (lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= usedEveryMs)
    await ctx.db.query('UPDATE personal_token SET last_used_at = $2 WHERE id = $1', [id, now]);
  const subject = { accountId, sessionId: id, scopes, endsAt: expiresAt };
  const { accessToken } = await kitOf(ctx).accessTokens.sign(subject);
  return accessToken;
};
