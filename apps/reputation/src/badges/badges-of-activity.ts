import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import type { LoggedActivity } from '../activity/to-activity';
import { badgesOf, type Activity, type RuleBook } from '../rules';
import { awardBadges } from './award-badges';
import { questionsOfAnswers } from './thread.queries';

/** Looks at the badges that these activities may have earned, or undone. The caller holds the rules. */
export const awardBadgesOf = async (
  tx: Tx,
  {
    communityId,
    own,
    members,
    book,
  }: {
    readonly communityId: CommunityId;
    readonly own: readonly Activity[];
    /** An earlier version of a thing may name others, who have lost what it gave them. */
    readonly members: readonly MemberId[];
    readonly book: RuleBook;
  },
): Promise<void> =>
  awardBadges(tx.db, {
    definitions: badgesOf(book),
    touched: { communityId, roots: await rootsOf(tx, communityId, own), members },
    says: tx,
  });

export const rootsOf = async (
  tx: Tx,
  communityId: CommunityId,
  activities: readonly (Activity & Partial<Pick<LoggedActivity, 'parentId'>>)[],
): Promise<string[]> => {
  const roots = new Set<string>();
  const answers = new Set<string>();
  for (const { kind, key, subjectType, subjectId, parentId } of activities) {
    if (kind === 'acceptance') roots.add(key.slice('acceptance:'.length));
    else if (kind === 'answer-posted' && parentId != null) roots.add(parentId);
    else if (kind === 'vote' && subjectType === 'answer' && subjectId !== null)
      answers.add(subjectId);
    else if (isRoot(kind, subjectType) && subjectId !== null) roots.add(subjectId);
  }
  for (const id of await questionsOfAnswers(tx.db, communityId, [...answers])) roots.add(id);
  return [...roots];
};

const isRoot = (kind: string, type: string | null): boolean =>
  kind === 'question-asked' ||
  kind === 'article-published' ||
  (kind === 'vote' && (type === 'question' || type === 'article'));

export const membersOf = (activities: readonly Activity[]): MemberId[] => [
  ...new Set(
    activities.flatMap(({ actorId, subjectAuthorId }) =>
      [actorId, subjectAuthorId].filter((id) => id !== null),
    ),
  ),
];
