import { createHash, timingSafeEqual } from 'node:crypto';
import { request } from 'undici';
import { gatewaySignatureHeader, signGatewayRequest } from './auth';
import { unauthenticated } from './errors';
import type { Log } from './log';

/** Sessions and personal tokens that were ended while access tokens of theirs still live. */
export interface Revocations {
  isRevoked(sessionId: string): boolean;
  /** Calls back when this session ends before its time; the returned function forgets it. */
  onRevoked(sessionId: string, listener: () => void): () => void;
}

/** What a process that verifies tokens learns from identity beyond its keys. */
export interface IdentityLink extends Revocations {
  /** The access token for a personal token. Throws UNAUTHENTICATED for one that is not good. */
  exchange(personalToken: string): Promise<string>;
  close(): void;
}

export const revocationsPath = '/internal/revocations';
export const exchangePath = '/internal/token';

/** Longer than any access token lives: after that nobody needs to remember that it was revoked. */
export const rememberRevocationsMs = 11 * 60_000;
/** Identity writes a blank line this often; a stream that is silent for three of them is dead. */
export const revocationsPingMs = 5_000;

/** `lyc_`, 256 random bits, and eight digits of their hash: mistypes and made-up ones need not be looked up. */
export const isPersonalToken = (token: string): boolean => {
  const match = /^lyc_([\w-]{43})_([0-9a-f]{8})$/.exec(token);
  if (match?.[1] === undefined || match[2] === undefined) return false;
  return timingSafeEqual(Buffer.from(checksumOf(match[1])), Buffer.from(match[2]));
};

export const personalToken = (random: string): string => `lyc_${random}_${checksumOf(random)}`;

const checksumOf = (random: string): string =>
  createHash('sha256').update(random).digest('hex').slice(0, 8);

/** Who was revoked, for as long as it matters. */
export const createRevocationList = (now: () => number = Date.now) => {
  const revoked = new Map<string, number>();
  const listeners = new Map<string, Set<() => void>>();
  return {
    isRevoked: (sessionId: string): boolean => revoked.has(sessionId),
    onRevoked: (sessionId: string, listener: () => void) => {
      const own = listeners.get(sessionId) ?? new Set();
      listeners.set(sessionId, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0) listeners.delete(sessionId);
      };
    },
    add: (sessionIds: readonly string[]): void => {
      const nowMs = now();
      for (const [id, forgetAtMs] of revoked) if (forgetAtMs <= nowMs) revoked.delete(id);
      for (const id of sessionIds) {
        const isNew = !revoked.has(id);
        revoked.set(id, nowMs + rememberRevocationsMs);
        if (isNew) for (const listener of [...(listeners.get(id) ?? [])]) listener();
      }
    },
  };
};

export interface IdentityLinkOptions {
  /** Identity's server, without a path; undefined while it is not known yet. */
  readonly baseUrl: () => string | undefined;
  /** The gateway's secret, by which identity knows its own. */
  readonly secret: string;
  readonly log: Log;
  readonly reconnectMs?: number;
}

/**
 * Follows what identity revokes, within milliseconds of its commit. While identity is away, tokens are good for
 * the minutes they live anyway; on its return the whole list of those minutes comes again.
 */
export const linkToIdentity = (options: IdentityLinkOptions): IdentityLink => {
  const list = createRevocationList();
  const closing = new AbortController();
  void followForever(options, list.add, closing.signal);
  return {
    isRevoked: list.isRevoked,
    onRevoked: list.onRevoked,
    exchange: (token) => exchange(options, token),
    close: () => closing.abort(),
  };
};

const followForever = async (
  options: IdentityLinkOptions,
  add: (sessionIds: readonly string[]) => void,
  signal: AbortSignal,
): Promise<void> => {
  const { reconnectMs = 500 } = options;
  let isTold = false;
  for (;;) {
    try {
      await follow(options, add, signal);
      isTold = false;
    } catch (error) {
      if (isAborted(signal)) return;
      // Starting together, identity is often the last to listen: once is enough.
      if (!isTold) options.log.info({ err: error }, 'revocations.away');
      isTold = true;
    }
    if (isAborted(signal)) return;
    await new Promise((resolve) => setTimeout(resolve, reconnectMs * (0.5 + Math.random())));
  }
};

/** As a function, because it changes while one waits. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

const follow = async (
  { baseUrl, secret }: IdentityLinkOptions,
  add: (sessionIds: readonly string[]) => void,
  signal: AbortSignal,
): Promise<void> => {
  const url = baseUrl();
  if (url === undefined) return;
  const { statusCode, body } = await request(new URL(revocationsPath, url), {
    method: 'GET',
    headers: { [gatewaySignatureHeader]: signGatewayRequest(secret, '', Date.now()) },
    signal,
    headersTimeout: 5_000,
    bodyTimeout: 3 * revocationsPingMs,
  });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`revocations answered with status ${String(statusCode)}`);
  }
  let text = '';
  for await (const chunk of body) {
    text += String(chunk);
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line !== '') add(JSON.parse(line) as string[]); // identity's own lines
  }
};

const exchange = async (
  { baseUrl, secret, log }: IdentityLinkOptions,
  token: string,
): Promise<string> => {
  const payload = JSON.stringify({ token });
  try {
    const { statusCode, body } = await request(new URL(exchangePath, baseUrl()), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [gatewaySignatureHeader]: signGatewayRequest(secret, payload, Date.now()),
      },
      body: payload,
      signal: AbortSignal.timeout(2_000),
    });
    const answer = (await body.json()) as { accessToken?: string };
    if (statusCode === 200 && answer.accessToken !== undefined) return answer.accessToken;
  } catch (error) {
    log.warn({ err: error }, 'personal-token.not-checked');
    throw unauthenticated('The token cannot be checked at the moment; try again.');
  }
  throw unauthenticated('The access token is not valid.');
};
