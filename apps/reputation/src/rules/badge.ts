import { z } from 'zod';
import { activityKinds } from './activity-kinds';

const badgeName = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9-]*$/, 'must be lower case words joined by -');

const postRule = z.strictObject({
  type: z.literal('post').describe('a post that was received well'),
  postType: z.enum(['question', 'answer', 'article']),
  scoreAtLeast: z.int().min(1).max(100_000),
  accepted: z.literal(true).optional().describe('only answers that were accepted'),
  first: z
    .enum(['posted', 'received'])
    .optional()
    .describe('only the first answer to its question, or the first that reached the score'),
  ownQuestion: z.boolean().optional().describe("only answers to own, or to others' questions"),
  daysLaterMoreThan: z
    .int()
    .min(0)
    .max(3650)
    .optional()
    .describe('only answers to questions that were older than so many days'),
});

const countRule = z.strictObject({
  type: z.literal('count').describe('something a member has done so often'),
  kind: z.enum(activityKinds),
  atLeast: z.int().min(1).max(1_000_000),
});

const dayRule = z.strictObject({
  type: z.literal('day-points').describe('so many points earned on one UTC day'),
  atLeast: z.int().min(1).max(1_000_000),
});

/** A badge as people write it. It is lost when its cause is undone: it states what is, like points do. */
export const badgeDefinition = z.strictObject({
  name: badgeName,
  title: z.string().min(1).max(60),
  class: z.enum(['bronze', 'silver', 'gold']),
  once: z.boolean().describe('once for a member, or for each cause'),
  reason: z.string().min(1).max(300).describe('what a member reads; {n} stands for the figure'),
  rule: z.discriminatedUnion('type', [postRule, countRule, dayRule]),
});

export type BadgeDefinition = z.infer<typeof badgeDefinition>;
export type PostBadgeRule = z.infer<typeof postRule>;
export type CountBadgeRule = z.infer<typeof countRule>;

interface VoteOnPost {
  readonly value: number;
  readonly at: Date;
}

/** A post as badges see it: with its votes in force, oldest first. */
export interface PostOfThread {
  readonly id: string;
  readonly type: 'question' | 'answer' | 'article';
  readonly authorId: string | null;
  readonly postedAt: Date;
  readonly acceptedAt: Date | null;
  readonly votes: readonly VoteOnPost[];
}

export interface EarnedBadge {
  readonly badge: string;
  readonly memberId: string;
  readonly subjectId: string;
  readonly subjectType: string | null;
  /** When the last thing came true that it takes. */
  readonly awardedAt: Date;
  /** The score, the number of times, the points: what the reason tells. */
  readonly figure: number;
}

/** The badges that the posts of one thread have earned: a function of what is in the log of them, in any order. */
export const badgesOfThread = (
  definitions: readonly BadgeDefinition[],
  posts: readonly PostOfThread[],
): EarnedBadge[] => {
  const question = posts.find(({ type }) => type === 'question') ?? null;
  const answers = posts.filter(({ type }) => type === 'answer').toSorted(byPosting);
  return definitions.flatMap((badge) => {
    const { rule } = badge;
    if (rule.type !== 'post') return [];
    return posts.flatMap((post) => {
      if (post.type !== rule.postType || post.authorId === null) return [];
      if (!meets(rule, { post, question, answers })) return [];
      const reached = reachedAt(post.votes, rule.scoreAtLeast);
      if (reached === null) return [];
      const awardedAt =
        rule.accepted && post.acceptedAt !== null && post.acceptedAt > reached
          ? post.acceptedAt
          : reached;
      const { id: subjectId, type: subjectType, authorId: memberId } = post;
      return [
        {
          ...{ badge: badge.name, memberId, subjectId, subjectType, awardedAt },
          figure: rule.scoreAtLeast,
        },
      ];
    });
  });
};

const byPosting = (a: PostOfThread, b: PostOfThread): number =>
  a.postedAt.getTime() - b.postedAt.getTime() || (a.id < b.id ? -1 : 1);

const dayMs = 86_400_000;

interface Beside {
  readonly post: PostOfThread;
  readonly question: PostOfThread | null;
  /** In the order they were posted. */
  readonly answers: readonly PostOfThread[];
}

const meets = (rule: PostBadgeRule, { post, question, answers }: Beside): boolean => {
  if (rule.accepted && post.acceptedAt === null) return false;
  if (rule.first !== undefined && firstOf(rule, answers) !== post) return false;
  if (rule.ownQuestion !== undefined) {
    if (question === null) return false;
    if ((question.authorId === post.authorId) !== rule.ownQuestion) return false;
  }
  if (rule.daysLaterMoreThan === undefined) return true;
  if (question === null) return false;
  return post.postedAt.getTime() - question.postedAt.getTime() > rule.daysLaterMoreThan * dayMs;
};

const firstOf = (
  { first, scoreAtLeast }: PostBadgeRule,
  answers: readonly PostOfThread[],
): PostOfThread | undefined =>
  first === 'posted'
    ? answers[0]
    : answers.find(({ votes }) => votes.reduce((sum, { value }) => sum + value, 0) >= scoreAtLeast);

/** When the score last rose to the bar and stayed there; null while it is below. */
const reachedAt = (votes: readonly VoteOnPost[], bar: number): Date | null => {
  let score = 0;
  let at: Date | null = null;
  for (const vote of votes) {
    const before = score;
    score += vote.value;
    if (before < bar && score >= bar) at = vote.at;
  }
  return score >= bar ? at : null;
};

/** Why a member has a badge, in a sentence. */
export const badgeReason = (badge: BadgeDefinition, figure: number): string =>
  badge.reason.replaceAll('{n}', String(figure));
