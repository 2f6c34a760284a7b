import {
  AcceptanceRecorded,
  AnswerPosted,
  BountyAwarded,
  BountyOffered,
  CommentPosted,
  EditApproved,
  FavouriteRecorded,
  importedId,
  MemberJoined,
  PointsGranted,
  QuestionAsked,
  VoteRecorded,
  type CommunityId,
  type Envelope,
  type MemberId,
} from '@lyceum/contracts';
import fc from 'fast-check';
import { anEvent } from '../deliver.factory';
import { grantSubjects } from '../rules';

/** Random histories of one small community, as events. */
export const communityId: CommunityId = importedId('community', 'history');

const names = ['ada', 'bob', 'cem', 'dan', 'eva'];
const memberNamed = (name: string): MemberId => importedId('member', name);
const member = fc.constantFrom(...names).map(memberNamed);
const memberOrUnknown = fc.option(member, { freq: 5 });
/** Four days in steps of six hours: many events share an instant, and zones cut days elsewhere. */
const instant = fc
  .integer({ min: 0, max: 15 })
  .map((n) => new Date(Date.UTC(2021, 4, 1) + n * 6 * 3_600_000));
const target = fc.constantFrom('question' as const, 'answer' as const, 'comment' as const);

type Tell = (n: number) => fc.Arbitrary<Envelope[]>;
const at = (name: string, n: number, version = 1) => ({
  id: importedId<'Event'>(name, n, version),
});

const vote: Tell = (n) =>
  fc
    .record({
      targetType: target,
      targetAuthorId: memberOrUnknown,
      voterId: memberOrUnknown,
      earnsPoints: fc.constantFrom(true, true, true, false),
      values: fc.array(
        fc.tuple(fc.constantFrom(1 as const, 1 as const, -1 as const, 0 as const), instant),
        { minLength: 1, maxLength: 3 },
      ),
    })
    .map(({ values, ...vote }) =>
      values.map(([value, occurredAt], i) =>
        anEvent(
          VoteRecorded,
          {
            communityId,
            voteId: importedId<'Vote'>('vote', n),
            version: i + 1,
            value,
            targetId: importedId<'Answer'>('post', n),
            ...vote,
          },
          { ...at('vote', n, i), occurredAt },
        ),
      ),
    );

const acceptance: Tell = (n) =>
  fc
    .record({
      askerId: memberOrUnknown,
      answers: fc.array(fc.tuple(fc.boolean(), memberOrUnknown, instant), {
        minLength: 1,
        maxLength: 3,
      }),
    })
    .map(({ askerId, answers }) =>
      answers.map(([isAccepted, author, occurredAt], i) =>
        anEvent(
          AcceptanceRecorded,
          {
            communityId,
            questionId: importedId<'Question'>('question', n),
            version: i + 1,
            answerId: isAccepted ? importedId<'Answer'>('answer', n * 10 + i) : null,
            answerAuthorId: isAccepted ? author : null,
            askerId,
            earnsPoints: true,
          },
          { ...at('acceptance', n, i), occurredAt },
        ),
      ),
    );

/** A stake, which may be taken back, or a prize. */
const grant: Tell = (n) =>
  fc
    .record({
      memberId: member,
      for: fc.constantFrom(...grantSubjects),
      points: fc.integer({ min: -60, max: 90 }),
      times: fc.array(instant, { minLength: 1, maxLength: 2 }),
    })
    .map(({ times, ...granted }) =>
      times.map((occurredAt, i) =>
        anEvent(
          PointsGranted,
          {
            ...{ communityId, ...granted },
            sourceId: importedId('contest', n),
            points: i === 0 ? granted.points : 0,
            version: i + 1,
          },
          { ...at('grant', n, i), occurredAt },
        ),
      ),
    );

const once =
  (
    event: (n: number, told: { member: MemberId; occurredAt: Date; points: number }) => Envelope,
  ): Tell =>
  (n) =>
    fc
      .record({ member, occurredAt: instant, points: fc.integer({ min: 1, max: 90 }) })
      .map((told) => [event(n, told)]);

const deeds: readonly Tell[] = [
  vote,
  vote,
  vote,
  vote,
  acceptance,
  once((n, { member: authorId, occurredAt }) =>
    anEvent(
      QuestionAsked,
      { communityId, questionId: importedId<'Question'>('question', n), authorId },
      { ...at('q', n), occurredAt },
    ),
  ),
  once((n, { member: authorId, occurredAt }) =>
    anEvent(
      AnswerPosted,
      {
        communityId,
        questionId: importedId<'Question'>('question', n),
        answerId: importedId<'Answer'>('answer', n),
        authorId,
      },
      { ...at('a', n), occurredAt },
    ),
  ),
  once((n, { member: authorId, occurredAt }) =>
    anEvent(
      CommentPosted,
      {
        communityId,
        commentId: importedId<'Comment'>('comment', n),
        targetType: 'answer',
        targetId: importedId<'Answer'>('answer', n),
        authorId,
      },
      { ...at('c', n), occurredAt },
    ),
  ),
  once((n, { member: memberId, occurredAt, points }) =>
    anEvent(
      FavouriteRecorded,
      {
        communityId,
        questionId: importedId<'Question'>('question', n),
        memberId,
        version: 1,
        isFavourite: points > 40,
      },
      { ...at('f', n), occurredAt },
    ),
  ),
  once((n, { member: editorId, occurredAt }) =>
    anEvent(
      EditApproved,
      {
        communityId,
        editId: String(n),
        targetType: 'answer',
        targetId: importedId<'Answer'>('answer', n),
        editorId,
        earnsPoints: true,
      },
      { ...at('e', n), occurredAt },
    ),
  ),
  once((n, { member: offererId, occurredAt, points }) =>
    anEvent(
      BountyOffered,
      {
        communityId,
        bountyId: importedId<'Bounty'>('bounty', n),
        questionId: importedId<'Question'>('question', n),
        offererId,
        amount: points,
      },
      { ...at('bo', n), occurredAt },
    ),
  ),
  once((n, { member: recipientId, occurredAt, points }) =>
    anEvent(
      BountyAwarded,
      {
        communityId,
        bountyId: importedId<'Bounty'>('bounty', n),
        answerId: importedId<'Answer'>('answer', n),
        recipientId,
        amount: points,
      },
      { ...at('ba', n), occurredAt },
    ),
  ),
  grant,
];

const joined = (name: string): fc.Arbitrary<Envelope> =>
  instant.map((occurredAt) =>
    anEvent(
      MemberJoined,
      { communityId, memberId: memberNamed(name), accountId: importedId('account', name) },
      { id: importedId('join', name), occurredAt },
    ),
  );

/** All events of a community's life, in no order. */
export const aHistory = ({ things = 60 }: { things?: number } = {}): fc.Arbitrary<Envelope[]> =>
  fc
    .tuple(
      fc.tuple(...names.map(joined)),
      fc
        .array(fc.nat(deeds.length - 1), { minLength: things / 2, maxLength: things })
        .chain((kinds) => fc.tuple(...kinds.map((kind, n) => deeds[kind]?.(n) ?? fc.constant([])))),
    )
    .map(([joins, histories]) => [...joins, ...histories.flat()]);
