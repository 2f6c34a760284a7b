import type { DumpFiles } from './dump-files';
import { readTable } from './dump';
import type { AnswerRow, PostRow, QuestionRow, VoteRow } from './tables';

/*
 * What everyone's reputation should be, by a second program that shares nothing with the rules of
 * apps/reputation: where the two disagree, one of them is wrong. The semantics were found by comparing variants on
 * complete dumps; these gave the most users their exact figure on every dump tried:
 *
 * - An upvote and an approved edit earn what is left of the UTC day's 200. A downvote received takes 2 and gives that
 *   room back. Accepts and bounties are outside of it.
 * - The total never falls below 1, at any moment: what a loss would take beyond that is forgotten, not owed.
 * - Within a day things count in the order of their ids (votes carry no time of day), edits last.
 * - Votes on a post count until the day on which the community came to own it.
 * - Nobody earns by accepting their own answer. Edits earn 1,000 points a person, then no more.
 */

export const dailyCap = 200;
export const editsEarnAtMost = 1_000;
const floor = 1;

type Kind = 'upvote' | 'downvote' | 'edit' | 'accept' | 'bounty';

interface Gain {
  readonly day: string;
  /** Within the day. */
  readonly order: number;
  readonly kind: Kind;
  readonly points: number;
}

/** Everyone's recomputed reputation, of those to whom anything ever happened. */
export type Reputations = ReadonlyMap<number, number>;

export const recomputeReputation = async (
  files: DumpFiles,
  questionUpvote: number,
): Promise<Reputations> => {
  const posts = await readPosts(files);
  const gains = new Map<number, Gain[]>();
  const give = (person: number | null | undefined, gain: Gain): void => {
    if (person === null || person === undefined) return;
    const own = gains.get(person) ?? [];
    own.push(gain);
    gains.set(person, own);
  };
  for await (const { rows } of readTable(files, 'Votes')) {
    for (const vote of rows) {
      for (const { person, ...gain } of gainsOf(vote, { posts, questionUpvote })) {
        give(person, { ...gain, day: vote.createdAt.slice(0, 10), order: vote.id });
      }
    }
  }
  for await (const { rows } of readTable(files, 'PostHistory')) {
    for (const edit of rows) {
      const order = Number.MAX_SAFE_INTEGER / 2 + edit.id;
      give(edit.approvedEditBy, {
        day: edit.createdAt.slice(0, 10),
        order,
        kind: 'edit',
        points: 2,
      });
    }
  }
  return new Map([...gains].map(([person, own]) => [person, total(own)]));
};

/** The balance after all of a person's gains and losses, beginning at `start`. */
const total = (gains: readonly Gain[], start = floor): number => {
  const inOrder = [...gains].sort((a, b) =>
    a.day < b.day ? -1 : a.day > b.day ? 1 : a.order - b.order,
  );
  let balance = start;
  let day = '';
  let earnedToday = 0;
  let earnedByEdits = 0;
  for (const gain of inOrder) {
    if (gain.day !== day) {
      day = gain.day;
      earnedToday = 0;
    }
    let points = gain.points;
    if (gain.kind === 'edit') {
      points = Math.min(points, editsEarnAtMost - earnedByEdits);
      earnedByEdits += points;
    }
    if (gain.kind === 'upvote' || gain.kind === 'edit')
      points = Math.max(0, Math.min(points, dailyCap - earnedToday));
    if (gain.kind !== 'accept' && gain.kind !== 'bounty') earnedToday += points;
    balance = Math.max(floor, balance + points);
  }
  return balance;
};

type Post =
  Pick<QuestionRow, 'kind' | 'ownerId' | 'communityOwnedAt' | 'acceptedAnswerId'> | AnswerFacts;
type AnswerFacts = Pick<AnswerRow, 'kind' | 'ownerId' | 'communityOwnedAt' | 'questionId'>;
type Posts = ReadonlyMap<number, Post>;

const readPosts = async (files: DumpFiles): Promise<Posts> => {
  const posts = new Map<number, Post>();
  for await (const { rows } of readTable(files, 'Posts')) {
    for (const row of rows) {
      const post = factsOf(row);
      if (post) posts.set(row.id, post);
    }
  }
  return posts;
};

const factsOf = (row: PostRow): Post | undefined => {
  if (row.kind !== 'question' && row.kind !== 'answer') return undefined;
  const { ownerId, communityOwnedAt } = row;
  return row.kind === 'question'
    ? { kind: row.kind, ownerId, communityOwnedAt, acceptedAnswerId: row.acceptedAnswerId }
    : { kind: row.kind, ownerId, communityOwnedAt, questionId: row.questionId };
};

interface PersonGain {
  readonly person: number | null;
  readonly kind: Kind;
  readonly points: number;
}

interface Circumstances {
  readonly posts: Posts;
  readonly questionUpvote: number;
}

const gainsOf = (
  vote: VoteRow,
  { posts, questionUpvote }: Circumstances,
): readonly PersonGain[] => {
  const post = posts.get(vote.postId);
  if (!post) return [];
  const person = post.ownerId;
  const amount = vote.bountyAmount ?? 0;
  if (vote.kind === 'bounty-start')
    return [{ person: vote.userId, kind: 'bounty', points: -amount }];
  if (vote.kind === 'bounty-close') {
    return post.kind === 'answer' && amount > 0 ? [{ person, kind: 'bounty', points: amount }] : [];
  }
  if (
    post.communityOwnedAt !== null &&
    vote.createdAt.slice(0, 10) >= post.communityOwnedAt.slice(0, 10)
  )
    return [];
  switch (vote.kind) {
    case 'up':
      return [{ person, kind: 'upvote', points: post.kind === 'question' ? questionUpvote : 10 }];
    case 'down':
      return [{ person, kind: 'downvote', points: -2 }];
    case 'accept':
      return post.kind === 'answer' ? acceptGains(post, { answerId: vote.postId, posts }) : [];
    default:
      return [];
  }
};

const acceptGains = (
  answer: AnswerFacts,
  { answerId, posts }: { answerId: number; posts: Posts },
) => {
  const question = posts.get(answer.questionId);
  if (question?.kind !== 'question' || question.acceptedAnswerId !== answerId) return [];
  if (question.ownerId !== null && question.ownerId === answer.ownerId) return [];
  return [
    { person: answer.ownerId, kind: 'accept', points: 15 },
    { person: question.ownerId, kind: 'accept', points: 2 },
  ] as const;
};
