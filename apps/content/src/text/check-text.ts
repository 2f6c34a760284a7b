import { badInput } from '@lyceum/platform';
import { InvalidContent } from './invalid-content';

/*
 * Texts that people send are stored exactly as they are, or refused. Nothing is trimmed, normalised or stripped:
 * who shows a text escapes it.
 */

export const maxTitleLength = 200;
export const maxBodyLength = 30_000;
export const maxCommentLength = 5_000;
export const maxSummaryLength = 300;
export const maxKeyLength = 200;

const visible = /[^\p{Z}\p{C}]/u;

/** U+0000 and half of a surrogate pair are not text: PostgreSQL has no place for them. */
const unstorable = /[\u0000\p{Surrogate}]/u;

/** Throws BAD_INPUT for what no text can contain. */
export const checkStorable = (field: string, text: string): void => {
  if (unstorable.test(text))
    throw badInput(`"${field}" must not contain the NUL character or half a character.`, { field });
};

/** Something to see, and not too much of it. */
const checkText = (field: string, text: string, max: number): InvalidContent | null =>
  checkLength(field, text, max) ??
  (visible.test(text) ? null : new InvalidContent(field, 'has nothing to see in it'));

/** Length in characters (code points), as PostgreSQL counts them. */
const checkLength = (field: string, text: string, max: number): InvalidContent | null => {
  checkStorable(field, text);
  // A character is at most two of JavaScript's units, so most texts need no counting.
  const isTooLong = text.length > max && (text.length > max * 2 || [...text].length > max);
  return isTooLong ? new InvalidContent(field, `may have ${max} characters at most`) : null;
};

export const checkTitle = (title: string): InvalidContent | null =>
  checkText('title', title, maxTitleLength);

export const checkBody = (body: string): InvalidContent | null =>
  checkText('body', body, maxBodyLength);

export const checkCommentBody = (body: string): InvalidContent | null =>
  checkText('body', body, maxCommentLength);

/** May be empty. */
export const checkSummary = (summary: string): InvalidContent | null =>
  checkLength('summary', summary, maxSummaryLength);

export const checkIdempotencyKey = (key: string | null | undefined): InvalidContent | null =>
  key == null ? null : checkText('idempotencyKey', key, maxKeyLength);
