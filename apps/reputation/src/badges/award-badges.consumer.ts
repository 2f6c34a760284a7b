import type { CommunityId, MemberId } from '@lyceum/contracts';
import { consume, groupBy, type Tx } from '@lyceum/platform';
import { withAllVersions } from '../activity/activity-log';
import { activityEvents, toActivity, type LoggedActivity } from '../activity/to-activity';
import { holdRules, ruleBooks } from '../rule-sets/rule-books';
import { badgesOf, type Activity } from '../rules';
import { awardBadges } from './award-badges';
import { questionsOfAnswers } from './thread.queries';

/** After activity was logged and its points are in force: looks at the badges that it may have earned, or undone. */
export const awardBadgesForActivity = consume({
  name: 'reputation.award-badges',
  destination: 'reputation-incentives',
  types: activityEvents,
  handle: async (tx, events) => {
    const activities = events.map(toActivity);
    const communities = groupBy(activities, ({ communityId }) => communityId);
    await holdRules(tx.db, [...communities.keys()]);
    const books = await ruleBooks(tx.db, [...communities.keys()]);
    for (const [communityId, own] of [...communities].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const book = books.get(communityId);
      if (book === undefined) continue; // its rules will look at everything when they start
      const touched = {
        communityId,
        roots: await rootsOf(tx, communityId, own),
        // An earlier version of a thing may name others, who have lost what it gave them.
        members: membersOf(await withAllVersions(tx.db, own)),
      };
      await awardBadges(tx.db, { definitions: badgesOf(book), touched, says: tx });
    }
  },
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
