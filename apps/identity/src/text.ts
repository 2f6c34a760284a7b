import { badInput } from '@lyceum/platform';
import { isCurrency } from '@lyceum/money';

/*
 * Texts that people send, checked at the edge. Each function returns the text as it is stored, or throws
 * BAD_INPUT with the name of the field.
 */

export interface Bounds {
  readonly min?: number;
  /** In characters (code points), as PostgreSQL counts them. */
  readonly max: number;
}

/** U+0000 and half of a surrogate pair cannot be stored; other controls only hide what a text says. */
const unstorable = /[\p{Surrogate}]|\0/u;
const controls = /[\p{Cc}\u2028\u2029]/u;
/** Characters that turn the direction of the text around them: names made of them pose as others. */
const directionControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const visible = /[^\p{Z}\p{C}]/u;

const refuse = (field: string, problem: string): never => {
  throw badInput(`"${field}" ${problem}.`, { field });
};

/** A name or title: one line, trimmed, in Unicode's composed form, with something to see in it. */
export const parseLine = (field: string, text: string, bounds: Bounds): string => {
  const { min = 1 } = bounds;
  if (unstorable.test(text) || controls.test(text) || directionControls.test(text))
    refuse(field, 'has characters that a name cannot have');
  const line = text.normalize('NFC').trim();
  checkLength(field, line, { ...bounds, min });
  if (min > 0 && !visible.test(line)) refuse(field, 'has nothing to see in it');
  return line;
};

/** Text of several lines, kept as written. It is not HTML: who shows it escapes it. */
export const parsePlainText = (field: string, text: string, bounds: Bounds): string => {
  if (unstorable.test(text)) refuse(field, 'has characters that cannot be stored');
  const plain = text.normalize('NFC').trim();
  checkLength(field, plain, bounds);
  return plain;
};

const checkLength = (field: string, text: string, { min = 0, max }: Bounds): void => {
  // A character is at most two of JavaScript's units, so most long texts need no counting.
  const length = text.length > max * 2 ? text.length : Array.from(text).length;
  if (length < min) refuse(field, min === 1 ? 'must not be empty' : `needs ${min} characters`);
  if (length > max) refuse(field, `may have ${max} characters at most`);
};

export const parseHandle = (field: string, text: string): string =>
  /^[A-Za-z0-9_-]{3,30}$/.test(text)
    ? text
    : refuse(field, 'needs 3 to 30 characters out of a-z, A-Z, 0-9, "-" and "_"');

export const parseSlug = (field: string, text: string): string =>
  /^[a-z0-9-]{2,50}$/.test(text)
    ? text
    : refuse(field, 'needs 2 to 50 characters out of a-z, 0-9 and "-"');

/** One @, no blanks, a dot in the host: whether mail arrives there, only mail can tell. */
export const parseEmail = (field: string, text: string): string => {
  const address = text.trim();
  const isAddress =
    address.length <= 254 &&
    !unstorable.test(address) &&
    /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[^\s@<>()[\]\\,;:"\p{C}]+\.[^\s@<>()[\]\\,;:".\p{C}]{2,}$/u.test(
      address,
    );
  return isAddress ? address : refuse(field, 'is not an e-mail address');
};

const zones = new Map(
  ['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => [zone.toLowerCase(), zone]),
);

/** An IANA name; other than those, `Intl` would take offsets such as `+08:00`. */
export const parseTimeZone = (field: string, text: string): string => {
  const known = zones.get(text.toLowerCase());
  if (known !== undefined) return known;
  const isName = /^[A-Za-z]+(?:[_/-][A-Za-z0-9+_-]+)*$/.test(text) && text.length <= 64;
  return isName && isTimeZone(text)
    ? text
    : refuse(field, 'is not an IANA time zone, such as "Asia/Shanghai"');
};

const isTimeZone = (timeZone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
};

export const parseLocale = (field: string, text: string): string => {
  try {
    const [locale] = text.length <= 35 ? Intl.getCanonicalLocales(text) : [];
    if (locale !== undefined) return locale;
  } catch {
    // not a language tag
  }
  return refuse(field, 'is not a BCP 47 language tag, such as "zh-CN"');
};

export const parseCurrency = (field: string, text: string): string =>
  isCurrency(text) ? text : refuse(field, 'is not an ISO 4217 currency, such as "CNY"');

/** Addresses of pages, at most ten. */
export const parseLinks = (field: string, links: readonly string[]): readonly string[] => {
  if (links.length > 10) refuse(field, 'may have 10 addresses at most');
  return links.map((link) => parseLink(field, link));
};

/** Only http and https: `javascript:` in a profile would run in its reader's browser. */
export const parseLink = (field: string, text: string): string => {
  const url = text.length <= 500 && URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  return url !== undefined && isWeb && url.username === '' && url.password === ''
    ? url.toString()
    : refuse(field, 'must be an http or https address');
};
