import {
  AnswerPosted,
  ArticlePublished,
  CommentPosted,
  importedId,
  MemberJoined,
  QuestionAsked,
  VoteRecorded,
  type CommunityId,
  type Envelope,
  type MemberId,
} from '@lyceum/contracts';
import fc from 'fast-check';
import { anEvent } from '../deliver.factory';

/** The life of a small community in threads: every answer, comment and vote is below something. */
export const threadsCommunity: CommunityId = importedId('community', 'threads');
export const tags = ['css', 'rust', 'sql'] as const;

const names = ['ada', 'bob', 'cem', 'dan', 'eva', 'fay', 'gus', 'hal'];
export const memberNamed = (name: string): MemberId => importedId('threads-member', name);
const person = fc.option(fc.constantFrom(...names).map(memberNamed), { freq: 9 });
const hour = fc.integer({ min: 0, max: 24 * 120 });
const at = (hours: number): Date => new Date(Date.UTC(2021, 0, 1) + hours * 3_600_000);

const joins = fc.tuple(...names.map(() => fc.integer({ min: 0, max: 24 * 60 }))).map((hours) =>
  hours.map((value, i) => {
    const name = names[i] ?? '';
    return anEvent(
      MemberJoined,
      {
        communityId: threadsCommunity,
        memberId: memberNamed(name),
        accountId: importedId('threads-account', name),
      },
      { id: importedId('threads-join', name), occurredAt: at(value) },
    );
  }),
);

interface Reply {
  readonly author: MemberId | null;
  readonly hours: number;
  readonly what: 'answer' | 'comment' | 'comment-on-answer' | 'vote' | 'vote-on-comment';
}

const reply: fc.Arbitrary<Reply> = fc.record({
  author: person,
  hours: fc.integer({ min: 0, max: 24 * 20 }),
  what: fc.constantFrom(
    'answer',
    'answer',
    'comment',
    'comment-on-answer',
    'vote',
    'vote-on-comment',
  ),
});

const thread = (n: number): fc.Arbitrary<Envelope[]> =>
  fc
    .record({
      author: person,
      start: hour,
      isArticle: fc.nat(5).map((x) => x === 0),
      tags: fc.option(fc.subarray([...tags]), { freq: 6 }),
      replies: fc.array(reply, { maxLength: 8 }),
    })
    .map(({ author, start, isArticle, tags: own, replies }) => {
      // Of whatever kind the event wants.
      const id = (kind: string, i = 0) => importedId('threads', kind, n, i) as never;
      const told = (i: string, hours: number) => ({ id: id(i), occurredAt: at(start + hours) });
      const root = isArticle
        ? anEvent(
            ArticlePublished,
            { communityId: threadsCommunity, articleId: id('root'), authorId: author },
            told('root-event', 0),
          )
        : anEvent(
            QuestionAsked,
            {
              communityId: threadsCommunity,
              questionId: id('root'),
              authorId: author,
              ...(own === null ? {} : { tags: own }),
            },
            told('root-event', 0),
          );
      const type = isArticle ? ('article' as const) : ('question' as const);
      return [
        root,
        ...replies.map((one, i) =>
          replyEvent(one, { i, type, id, told: (name) => told(name, one.hours) }),
        ),
      ];
    });

interface Place {
  readonly i: number;
  readonly type: 'article' | 'question';
  readonly id: (kind: string, i?: number) => never;
  readonly told: (name: string) => { readonly id: never; readonly occurredAt: Date };
}

const communityId = threadsCommunity;

/** A reply to an answer or a comment is to the one just before it, which may never come. */
const replyEvent = ({ author, what }: Reply, { i, type, id, told }: Place): Envelope => {
  const when = told(`event-${String(i)}`);
  const root = { targetType: type, targetId: id('root') };
  if (what === 'vote') return voteEvent(author, { target: root, voteId: id('vote', i), when });
  if (what === 'vote-on-comment') {
    const target = { targetType: 'comment' as const, targetId: id('comment', Math.max(0, i - 1)) };
    return voteEvent(author, { target, voteId: id('vote', i), when });
  }
  if (what === 'answer' && type === 'question') {
    const ids = { questionId: id('root'), answerId: id('answer', i) };
    return anEvent(AnswerPosted, { communityId, ...ids, authorId: author }, when);
  }
  const answer = { targetType: 'answer' as const, targetId: id('answer', Math.max(0, i - 1)) };
  const target = what === 'comment-on-answer' ? answer : root;
  return anEvent(
    CommentPosted,
    { communityId, commentId: id('comment', i), ...target, authorId: author },
    when,
  );
};

const voteEvent = (
  voterId: MemberId | null,
  vote: {
    target: { targetType: 'article' | 'question' | 'comment'; targetId: string };
    voteId: never;
    when: { id: never; occurredAt: Date };
  },
): Envelope =>
  anEvent(
    VoteRecorded,
    {
      communityId,
      voteId: vote.voteId,
      version: 1,
      value: 1,
      ...vote.target,
      targetAuthorId: null,
      voterId,
      earnsPoints: true,
    },
    vote.when,
  );

/** All events of the community's life, in no order. */
export const someThreads = (count: number): fc.Arbitrary<Envelope[]> =>
  fc
    .tuple(joins, fc.tuple(...Array.from({ length: count }, (_, n) => thread(n))))
    .map(([joined, threads]) => [...joined, ...threads.flat()]);
