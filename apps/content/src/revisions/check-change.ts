import { InvalidContent } from '../text/invalid-content';
import { checkBody, checkSummary, checkTitle } from '../text/check-text';
import { parseTags } from '../tags/tag-names';
import type { Change } from './apply-edit';

interface Asked {
  readonly title?: string | null;
  readonly body?: string | null;
  readonly tags?: readonly string[] | null;
  readonly summary: string;
}

/** What an editor asked for, if a post may say that. */
export const checkChange = ({ title, body, tags, summary }: Asked): Change | InvalidContent => {
  const problem =
    (title == null ? null : checkTitle(title)) ??
    (body == null ? null : checkBody(body)) ??
    checkSummary(summary);
  if (problem !== null) return problem;
  const names = tags == null ? null : parseTags(tags);
  if (names instanceof InvalidContent) return names;
  return { title: title ?? null, body: body ?? null, tags: names };
};
