import type { Filter } from '../lists/list-by-owner';
import { normaliseTag } from '../tags/tag-names';
import { checkStorable } from '../text/check-text';

const maxWords = 8;

interface Wanted {
  readonly tag?: string | null | undefined;
  readonly search?: string | null | undefined;
}

/** What is asked for, as filters of the list; null when no question can be so. */
export const questionFilter = ({ tag, search }: Wanted): readonly Filter[] | null => {
  const name = tag == null ? null : normaliseTag(tag);
  if (tag != null && name === null) return null;
  if (search != null) checkStorable('search', search);
  return [
    ...(name === null ? [] : [['tag', name] as const]),
    ...words(search ?? '').map((word) => ['word', `%${escapePattern(word)}%`] as const),
  ];
};

const words = (text: string): string[] => text.split(/\s+/u).filter(Boolean).slice(0, maxWords);

const escapePattern = (word: string): string => word.replace(/[\\%_]/g, String.raw`\$&`);
