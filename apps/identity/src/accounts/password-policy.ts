import { commonWords } from './common-passwords';

export const passwordLength = { min: 10, max: 128 };

/** What is wrong with a new password, as a sentence, or null when it may be used. */
export const weaknessOf = (
  password: string,
  person: { readonly handle: string; readonly email: string },
): string | null => {
  const length = Array.from(password).length;
  if (length < passwordLength.min) return `A password needs ${passwordLength.min} characters.`;
  if (length > passwordLength.max) return `A password may have ${passwordLength.max} characters.`;
  if (isCommon(password)) return 'This password is one of those that are tried first.';
  if (isAbout(password, person)) return 'A password must not be your own handle or address.';
  return null;
};

const isCommon = (password: string): boolean => {
  const plain = password.toLowerCase();
  if (new Set(plain).size < 5) return true; // aaaaaaaaaa, abababababab, 1212341234
  if (isRun(plain)) return true;
  const word = coreOf(plain);
  return commonWords.has(word) || commonWords.has(halfOf(word));
};

/** Digits and signs around a word, and digits in place of letters, are what guessers vary first. */
const coreOf = (plain: string): string => {
  const trimmed = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const spelt = trimmed.replace(/[0134578@$!]/g, (sign) => spelling[sign] ?? sign);
  return spelt.replace(/[^\p{L}]/gu, '');
};
const spelling: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** `passwordpassword` is as common as `password`. */
const halfOf = (word: string): string => {
  const half = word.slice(0, word.length / 2);
  return half + half === word ? half : word;
};

const rows = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '1q2w3e4r5t6y7u8i9o0p',
];
const runs = rows.flatMap((row) => [row, Array.from(row).reverse().join('')]);

/** Nothing but keys next to each other: at most two pieces of a row of the keyboard or the alphabet. */
const isRun = (plain: string): boolean => {
  let rest = plain;
  for (let pieces = 0; pieces < 3 && rest !== ''; pieces += 1) rest = rest.slice(longestRun(rest));
  return rest === '';
};

const longestRun = (text: string): number => {
  let length = 1;
  while (length < text.length && runs.some((run) => run.includes(text.slice(0, length + 1))))
    length += 1;
  return length >= 3 ? length : 0;
};

const isAbout = (
  password: string,
  { handle, email }: { handle: string; email: string },
): boolean => {
  const core = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const own = [handle, email, email.split('@')[0] ?? '']
    .map(core)
    .filter((text) => text.length >= 3)
    .sort((a, b) => b.length - a.length);
  const rest = own.reduce((left, text) => left.replaceAll(text, ''), core(password));
  return rest.length < 4 && own.some((text) => core(password).includes(text));
};
