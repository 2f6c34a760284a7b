import { checkStorable } from '../text/check-text';
import { InvalidContent } from '../text/invalid-content';

export const maxTags = 5;
const tagName = /^(?=.*[\p{L}\p{N}])[\p{L}\p{M}\p{N}+#.-]{1,35}$/u;

/** One spelling for each tag: `Node JS` is `node-js`. Null for what cannot be a tag. */
export const normaliseTag = (text: string): string | null => {
  const name = text
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/gu, '-');
  return tagName.test(name) ? name : null;
};

/** The tags in the order given, each once. */
export const parseTags = (tags: readonly string[]): readonly string[] | InvalidContent => {
  for (const tag of tags) checkStorable('tags', tag);
  const names = new Set(tags.map(normaliseTag));
  if (names.has(null))
    return new InvalidContent(
      'tags',
      'may have letters, digits, "+", "#", "." and "-", and 35 characters at most',
    );
  if (names.size > maxTags) return new InvalidContent('tags', `may be ${maxTags} at most`);
  return [...names].filter((name) => name !== null);
};
