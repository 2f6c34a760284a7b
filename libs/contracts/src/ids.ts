import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';

declare const brand: unique symbol;

/** A UUID that names one kind of thing; ids of different kinds do not mix. Opaque to clients. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

export type AccountId = Id<'Account'>;
export type CommunityId = Id<'Community'>;
export type MemberId = Id<'Member'>;
export type QuestionId = Id<'Question'>;
export type AnswerId = Id<'Answer'>;
export type CommentId = Id<'Comment'>;
export type ArticleId = Id<'Article'>;
export type VoteId = Id<'Vote'>;
export type BountyId = Id<'Bounty'>;
export type EventId = Id<'Event'>;

/** A new time-ordered id (UUIDv7, RFC 9562), made in the app so that it is known before the insert. */
export const newId = <Kind extends string>(): Id<Kind> => uuidv7() as Id<Kind>;

/**
 * The id of a thing that another system named: the same source name gives the same id for ever,
 * which is what makes an import repeatable. UUIDv8 (RFC 9562, 5.8) from SHA-256 of the name.
 */
export const importedId = <Kind extends string>(
  ...name: readonly (string | number)[]
): Id<Kind> => {
  const bytes = createHash('sha256').update(name.join('\u0000')).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-') as Id<Kind>;
};

/**
 * The id of an event that another system recorded: repeatable like `importedId`, and in order like the ids made
 * here, by time and then by `ordinal`, the source's own order within one instant. 32 bits of ordinal count.
 */
export const importedEventId = (
  { at, ordinal }: { at: Date; ordinal: number },
  ...name: readonly (string | number)[]
): EventId => {
  const time = at.getTime().toString(16).padStart(12, '0');
  const order = (ordinal >>> 0).toString(16).padStart(8, '0');
  const rest = importedId(...name).replaceAll('-', '');
  // Time 48 bits; version; order 12, then after the variant 12 and 8 bits; 40 bits of the name's hash.
  const second = `${time.slice(8)}-8${order.slice(0, 3)}`;
  return `${time.slice(0, 8)}-${second}-8${order.slice(3, 6)}-${order.slice(6)}${rest.slice(22)}` as EventId;
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True when the text has the form of an id; ids from clients are checked before they reach SQL. */
export const isId = (text: string): boolean => uuid.test(text);

/** zod schema of an id of one kind. */
export const id = <Kind extends string>() =>
  z.string().regex(uuid, 'not an id') as unknown as z.ZodType<Id<Kind>, Id<Kind>>;
