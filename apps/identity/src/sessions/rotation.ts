import { createHash, createHmac, randomBytes } from 'node:crypto';

/** 256 random bits: nothing to guess, so a plain hash is enough to store it. */
export const newRefreshToken = (): string => randomBytes(32).toString('base64url');

export const newSalt = (): string => randomBytes(32).toString('base64url');

export const hashToken = (token: string): string =>
  createHash('sha256').update(token).digest('base64url');

/**
 * The token after this one. Two tabs that refresh at once with the same token get the same successor, which
 * the database alone cannot give away: it takes the token to make it.
 */
export const successorOf = (token: string, salt: string): string =>
  createHmac('sha256', token).update(salt).digest('base64url');

export const isTokenShaped = (text: string): boolean => /^[\w-]{43}$/.test(text);
