import {
  AcceptanceRecorded,
  AnswerPosted,
  ArticlePublished,
  BountyAwarded,
  BountyOffered,
  CommentPosted,
  EditApproved,
  FavouriteRecorded,
  MemberJoined,
  PointsGranted,
  QuestionAsked,
  ReferralJudged,
  VoteRecorded,
  type Envelope,
  type EventType,
} from '@lyceum/contracts';
import type { Activity } from '../rules';

/** The events that are activity: they are logged, and may earn points. */
export const activityEvents = [
  MemberJoined,
  QuestionAsked,
  AnswerPosted,
  CommentPosted,
  ArticlePublished,
  VoteRecorded,
  AcceptanceRecorded,
  FavouriteRecorded,
  BountyOffered,
  BountyAwarded,
  EditApproved,
  PointsGranted,
  ReferralJudged,
] as const;

/** An activity as it is logged, with what points do not depend on and metrics do. */
export interface LoggedActivity extends Activity {
  /** The request that caused it. */
  readonly requestId: string;
  /** What the post answers or comments on. */
  readonly parentId: string | null;
  /** The names of a question's tags when it was asked; null where nobody told. */
  readonly tags: readonly string[] | null;
}

/** What an event tells; what it does not tell is unremarkable. */
type Told = Pick<Activity, 'kind' | 'key'> & Partial<LoggedActivity>;

/** Reads an event as activity. Throws for an event that is none. */
export const toActivity = (event: Envelope): LoggedActivity => {
  const read = readers.get(event.type);
  if (read === undefined) throw new Error(`${event.type} is not activity`);
  const { communityId } = event.payload as Pick<Activity, 'communityId'>; // all these payloads have it
  return {
    version: 1,
    actorId: null,
    subjectType: null,
    subjectId: null,
    subjectAuthorId: null,
    value: 1,
    earnsPoints: true,
    parentId: null,
    tags: null,
    ...read(event.payload),
    communityId,
    eventId: event.id,
    occurredAt: new Date(event.occurredAt),
    requestId: event.requestId,
  };
};

const post = (
  kind: Activity['kind'],
  subject: { type: string; id: string; authorId: Activity['actorId'] },
): Told => ({
  kind,
  key: `${subject.type}:${subject.id}`,
  actorId: subject.authorId,
  subjectType: subject.type,
  subjectId: subject.id,
  subjectAuthorId: subject.authorId,
});

const reader = <Payload>(
  type: EventType<string, Payload>,
  read: (payload: Payload) => Told,
): [string, (payload: unknown) => Told] => [
  type.name,
  (payload) => read(payload as Payload), // consumers get payloads parsed by the type's own schema
];

const readers = new Map([
  reader(MemberJoined, ({ memberId }) => ({
    kind: 'member-joined',
    key: `join:${memberId}`,
    actorId: memberId,
  })),
  reader(QuestionAsked, ({ questionId, authorId, tags }) => ({
    ...post('question-asked', { type: 'question', id: questionId, authorId }),
    tags: tags ?? null,
  })),
  reader(AnswerPosted, ({ answerId, authorId, questionId }) => ({
    ...post('answer-posted', { type: 'answer', id: answerId, authorId }),
    parentId: questionId,
  })),
  reader(CommentPosted, ({ commentId, authorId, targetId }) => ({
    ...post('comment-posted', { type: 'comment', id: commentId, authorId }),
    parentId: targetId,
  })),
  reader(ArticlePublished, ({ articleId, authorId }) =>
    post('article-published', { type: 'article', id: articleId, authorId }),
  ),
  reader(VoteRecorded, (vote) => ({
    kind: 'vote',
    key: `vote:${vote.voteId}`,
    version: vote.version,
    actorId: vote.voterId,
    subjectType: vote.targetType,
    subjectId: vote.targetId,
    subjectAuthorId: vote.targetAuthorId,
    value: vote.value,
    earnsPoints: vote.earnsPoints,
    actorAgeDays: vote.voterAgeDays ?? null,
    actorIsVerified: vote.voterIsVerified ?? null,
  })),
  reader(AcceptanceRecorded, (acceptance) => ({
    kind: 'acceptance',
    key: `acceptance:${acceptance.questionId}`,
    version: acceptance.version,
    actorId: acceptance.askerId,
    subjectType: acceptance.answerId === null ? 'question' : 'answer',
    subjectId: acceptance.answerId ?? acceptance.questionId,
    subjectAuthorId: acceptance.answerAuthorId,
    value: acceptance.answerId === null ? 0 : 1,
    earnsPoints: acceptance.earnsPoints,
  })),
  reader(FavouriteRecorded, ({ questionId, memberId, version, isFavourite }) => ({
    kind: 'favourite',
    key: `favourite:${questionId}:${memberId}`,
    version,
    actorId: memberId,
    subjectType: 'question',
    subjectId: questionId,
    value: isFavourite ? 1 : 0,
  })),
  reader(BountyOffered, ({ bountyId, questionId, offererId, amount }) => ({
    kind: 'bounty-offered',
    key: `bounty-offer:${bountyId}`,
    actorId: offererId,
    subjectType: 'question',
    subjectId: questionId,
    value: amount,
  })),
  reader(BountyAwarded, ({ bountyId, answerId, recipientId, amount }) => ({
    kind: 'bounty-awarded',
    key: `bounty-award:${bountyId}:${answerId}`,
    subjectType: 'answer',
    subjectId: answerId,
    subjectAuthorId: recipientId,
    value: amount,
  })),
  reader(EditApproved, (edit) => ({
    kind: 'edit-approved',
    key: `edit:${edit.editId}`,
    actorId: edit.editorId,
    subjectType: edit.targetType,
    subjectId: edit.targetId,
    earnsPoints: edit.earnsPoints,
  })),
  reader(PointsGranted, (grant) => ({
    kind: 'grant',
    key: `grant:${grant.for}:${grant.sourceId}:${grant.memberId}`,
    version: grant.version,
    subjectType: grant.for,
    subjectId: grant.sourceId,
    subjectAuthorId: grant.memberId,
    value: grant.points,
  })),
  reader(ReferralJudged, ({ step, inviteUseId, inviterId, inviteeId, weight, version }) => ({
    kind: `referral-${step}`,
    key: `referral-${step}:${inviteUseId}`,
    version,
    subjectType: 'member',
    subjectId: inviteeId,
    subjectAuthorId: inviterId,
    value: weight === 0 ? 0 : 1,
    weight,
    earnsPoints: weight > 0,
  })),
]);
