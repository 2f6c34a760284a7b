import {
  AcceptanceRecorded,
  AnswerPosted,
  CommentPosted,
  MemberJoined,
  newId,
  QuestionAsked,
  VoteRecorded,
  type Envelope,
  type MemberId,
} from '@lyceum/contracts';
import fc from 'fast-check';
import { anEvent, communityCreated, deliver } from '../deliver.factory';
import { consumersOf } from '../consumers';
import { aLivedInWorld, type LivedIn } from '../lived-in.factory';
import { dumpProjections } from '../replay/dump.factory';
import { replayAll } from '../replay/replay-all';
import { query } from '../sql';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

/** A question with an answer and votes, each event at a minute of its own. */
const aThread = (told: { asker?: MemberId; answerer?: MemberId; daysLater?: number } = {}) => {
  const communityId = newId<'Community'>();
  const [asker, answerer] = [told.asker ?? newId<'Member'>(), told.answerer ?? newId<'Member'>()];
  const [questionId, answerId] = [newId<'Question'>(), newId<'Answer'>()];
  const at = (minute: number, day = 0) => ({
    occurredAt: new Date(Date.UTC(2021, 1, 1 + day, 0, minute)),
  });
  const day = told.daysLater ?? 0;
  const vote = (type: 'question' | 'answer', minute: number, value: 1 | -1 = 1) =>
    anEvent(
      VoteRecorded,
      {
        ...{ communityId, voteId: newId<'Vote'>(), version: 1, value, targetType: type },
        targetId: type === 'question' ? questionId : answerId,
        targetAuthorId: type === 'question' ? asker : answerer,
        ...{ voterId: null, earnsPoints: true },
      },
      at(minute, day),
    );
  return {
    ...{ communityId, asker, answerer, questionId, answerId, vote, at },
    founded: communityCreated(communityId),
    asked: anEvent(QuestionAsked, { communityId, questionId, authorId: asker }, at(0)),
    answered: anEvent(
      AnswerPosted,
      { communityId, questionId, answerId, authorId: answerer },
      at(1, day),
    ),
    accepted: (version = 1, isAccepted = true) =>
      anEvent(
        AcceptanceRecorded,
        {
          ...{ communityId, questionId, version, askerId: asker, earnsPoints: true },
          answerId: isAccepted ? answerId : null,
          answerAuthorId: isAccepted ? answerer : null,
        },
        at(100 + version, day),
      ),
  };
};
const times = <T>(n: number, make: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => make(i));

interface Badges {
  badges: {
    edges: {
      node: {
        badge: { name: string; class: string };
        reason: string;
        awardedAt: string;
        subject: { __typename: string } | null;
      };
    }[];
  };
  badgeCounts: { bronze: number; silver: number; gold: number };
}
const badgesOfMember = async (id: MemberId) => {
  const [found] = await lived.ask<Badges>(
    [{ __typename: 'Member', id }],
    '... on Member { badges { edges { node { badge { name class } reason awardedAt subject { __typename } } } } badgeCounts { bronze silver gold } }',
  );
  if (found === undefined) throw new Error('no member');
  return { counts: found.badgeCounts, all: found.badges.edges.map(({ node }) => node) };
};
const names = async (id: MemberId) =>
  (await badgesOfMember(id)).all.map(({ badge }) => badge.name).sort();

it('awards what the log says, with a reason and the moment it came true', async () => {
  const thread = aThread();
  await lived.receive([
    thread.founded,
    ...[thread.asked, thread.answered],
    ...times(10, (i) => thread.vote('answer', 10 + i)),
    thread.accepted(),
  ]);
  expect(await names(thread.answerer)).toEqual(['enlightened', 'nice-answer', 'teacher']);
  expect(await names(thread.asker)).toEqual(['scholar']);
  const { all, counts } = await badgesOfMember(thread.answerer);
  expect(all.find(({ badge }) => badge.name === 'nice-answer')).toEqual({
    badge: { name: 'nice-answer', class: 'BRONZE' },
    reason: 'Your answer reached a score of 10',
    awardedAt: '2021-02-01T00:19:00.000Z',
    subject: { __typename: 'Answer' },
  });
  expect(all[0]).toMatchObject({
    badge: { name: 'enlightened', class: 'SILVER' },
    awardedAt: '2021-02-01T01:41:00.000Z',
  });
  expect(counts).toEqual({ bronze: 2, silver: 1, gold: 0 });
});

it('takes a badge back when its cause is undone', async () => {
  const thread = aThread();
  const nine = times(9, (i) => thread.vote('answer', 10 + i));
  const last = thread.vote('answer', 30);
  await lived.receive([thread.founded, thread.asked, thread.answered, ...nine, last]);
  expect(await names(thread.answerer)).toContain('nice-answer');

  const payload = last.payload as Record<string, unknown>;
  const withdrawn = {
    ...last,
    id: newId<'Event'>(),
    payload: { ...payload, version: 2, value: 0 },
  };
  await deliver(lived.world.deps, consumersOf(lived.world.deps.signals), [withdrawn]);
  expect(await names(thread.answerer)).toEqual(['teacher']);
});

it('gives a single badge once, a badge for each cause each time', async () => {
  const [asker, answerer] = [newId<'Member'>(), newId<'Member'>()];
  for (const thread of [aThread({ asker, answerer }), aThread({ asker, answerer })])
    await lived.receive([
      ...[thread.founded, thread.asked],
      ...times(10, (i) => thread.vote('question', 10 + i)),
    ]);
  expect(await names(asker)).toEqual(['nice-question', 'nice-question', 'student']);
});

it.each([
  ['self-learner', { own: true, votes: 3 }, ['self-learner', 'teacher']],
  ['necromancer', { daysLater: 61, votes: 5 }, ['necromancer', 'revival', 'teacher']],
  ['not necromancer', { daysLater: 60, votes: 5 }, ['revival', 'teacher']],
])('knows %s', async (_, told, expected) => {
  const asker = newId<'Member'>();
  const thread = aThread({
    ...('own' in told ? { asker, answerer: asker } : {}),
    ...('daysLater' in told ? { daysLater: told.daysLater } : {}),
  });
  // 60 days later to the minute is not more than 60 days later: the answer comes one minute after.
  const answered = { ...thread.answered };
  if ('daysLater' in told && told.daysLater === 60)
    answered.occurredAt = thread.at(0, 60).occurredAt.toISOString();
  const votes = times(told.votes, (i) => thread.vote('answer', 10 + i));
  await lived.receive([thread.founded, thread.asked, answered, ...votes]);
  expect(await names(thread.answerer)).toEqual(expected);
});

it('counts what a member did, and forgets what was taken back', async () => {
  const thread = aThread();
  const comment = (i: number) =>
    anEvent(
      CommentPosted,
      {
        ...{ communityId: thread.communityId, commentId: newId<'Comment'>() },
        ...{ targetType: 'question' as const, targetId: thread.questionId, authorId: thread.asker },
      },
      thread.at(i),
    );
  await lived.receive([thread.founded, thread.asked, ...times(9, comment)]);
  expect(await names(thread.asker)).toEqual([]);
  await lived.receive([comment(20), thread.answered, thread.accepted()]);
  expect(await names(thread.asker)).toEqual(['commentator', 'scholar']);
  await lived.receive([thread.accepted(2, false)]);
  expect(await names(thread.asker)).toEqual(['commentator']);
});

it('comes to the same badges whatever the order, the batches and the repetitions, as a replay does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('question', 'answer'), fc.constantFrom(1, 1, 1, -1)), {
        minLength: 5,
        maxLength: 25,
      }),
      fc.integer({ min: 1, max: 9 }),
      fc.infiniteStream(fc.nat(1_000)),
      async (votes, size, dice) => {
        const thread = aThread({ daysLater: 40 });
        const events: Envelope[] = [
          ...[thread.founded, thread.asked, thread.answered, thread.accepted()],
          anEvent(MemberJoined, {
            ...{ communityId: thread.communityId, memberId: thread.asker },
            accountId: newId<'Account'>(),
          }),
          ...votes.map(([type, value], i) => thread.vote(type as 'question', 10 + i, value)),
        ];
        const delivered = [...events, ...events]
          .map((event) => ({ event, at: dice.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ event }) => event);
        for (let i = 0; i < delivered.length; i += size)
          await lived.receive(delivered.slice(i, i + size));
        const live = await dumpProjections(lived.world.db);
        await replayAll(lived.world.db, thread.communityId);
        expect(await dumpProjections(lived.world.db)).toEqual(live);
      },
    ),
    { numRuns: 5, endOnFailure: true },
  );
}, 60_000);

it('agrees when several workers look at one thread at once', async () => {
  const thread = aThread();
  await lived.receive([thread.founded, thread.asked, thread.answered]);
  const votes = times(30, (i) => thread.vote('answer', 10 + i));
  const consumers = consumersOf(lived.world.deps.signals);
  await Promise.all(
    times(10, (i) => deliver(lived.world.deps, consumers, votes.slice(i * 3, i * 3 + 3))),
  );
  const expected = ['good-answer', 'mortarboard', 'nice-answer', 'teacher'];
  expect(await names(thread.answerer)).toEqual(expected);
  expect(
    await query(lived.world.db, 'SELECT badge FROM badge_award WHERE member_id = $1 ORDER BY 1', [
      thread.answerer,
    ]),
  ).toEqual(expected.map((badge) => ({ badge })));
  await lived.receive([]);
});
