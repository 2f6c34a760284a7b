import type { EventType } from './event';
import {
  AcceptanceRecorded,
  AccountRegistered,
  ActivityRecorded,
  AlertChanged,
  AnswerPosted,
  ArticleAccessChanged,
  ArticlePublished,
  BehaviourReported,
  BountyAwarded,
  BountyOffered,
  CommentPosted,
  CommunityCreated,
  DisputeChanged,
  EditApproved,
  EntitlementChanged,
  FavouriteRecorded,
  MemberJoined,
  MembershipChanged,
  OrderPaid,
  OrderRefunded,
  QuestionAsked,
  RatingRecorded,
  ReferralRefused,
  ViewsCounted,
  VoteRecorded,
} from './events';
import { SubscriptionChanged, SubscriptionNoticeDue, TipReceived } from './income-events';
import { prizeRoutes } from './prize-events';
import { reputationRoutes } from './reputation-events';
import {
  AccountVerified,
  CharterAccepted,
  CharterPublished,
  CommunityArchived,
  CommunityChanged,
  ConsentChanged,
  ErasureRequested,
  MemberReferred,
  PartErased,
  ReferralActivated,
  TrialEnded,
  TrialStarted,
} from './identity-events';

/** A consuming app and queue group; each has a queue of its own, and scales by itself. */
export type Destination =
  'identity' | 'content' | 'payments' | 'reputation-incentives' | 'reputation-engagement';

/**
 * The whole asynchronous topology on one screen: who hears what. An app refuses to start when a
 * route has no consumer or a consumer no route. `docs/events.md` is generated from this table.
 */
export const routes: ReadonlyMap<EventType, readonly Destination[]> = new Map<
  EventType,
  readonly Destination[]
>([
  [AccountRegistered, ['content']],
  [AccountVerified, ['content']],
  [CommunityCreated, ['content', 'payments', 'reputation-incentives']],
  [MemberJoined, ['reputation-incentives']],
  [MembershipChanged, ['content', 'payments', 'reputation-incentives']],
  [CommunityChanged, ['content', 'payments', 'reputation-incentives']],
  [CommunityArchived, ['content']],
  [CharterPublished, ['content']],
  [CharterAccepted, ['content']],
  [ConsentChanged, ['reputation-engagement']],
  [ErasureRequested, ['content', 'payments', 'reputation-incentives']],
  [PartErased, ['identity']],
  [MemberReferred, ['payments', 'reputation-incentives']],
  [ReferralActivated, ['reputation-incentives']],
  [TrialStarted, ['content']],
  [TrialEnded, ['content']],
  [QuestionAsked, ['reputation-incentives']],
  [AnswerPosted, ['payments', 'reputation-incentives']],
  [CommentPosted, ['payments', 'reputation-incentives']],
  [ArticlePublished, ['payments', 'reputation-incentives']],
  [VoteRecorded, ['reputation-incentives']],
  [AcceptanceRecorded, ['reputation-incentives']],
  [FavouriteRecorded, ['reputation-incentives']],
  [BountyOffered, ['reputation-incentives']],
  [BountyAwarded, ['reputation-incentives']],
  [EditApproved, ['reputation-incentives']],
  [ActivityRecorded, ['reputation-engagement']],
  [BehaviourReported, ['reputation-engagement']],
  [RatingRecorded, ['reputation-engagement']],
  [ViewsCounted, ['content']],
  [AlertChanged, ['identity']],
  ...reputationRoutes,
  ...prizeRoutes,
  [OrderPaid, ['payments', 'reputation-incentives', 'reputation-engagement']],
  [OrderRefunded, ['payments', 'reputation-incentives', 'reputation-engagement']],
  [ReferralRefused, ['reputation-incentives']],
  [DisputeChanged, []],
  [EntitlementChanged, ['content']],
  [ArticleAccessChanged, ['payments', 'reputation-engagement']],
  [SubscriptionChanged, []],
  [SubscriptionNoticeDue, ['identity']],
  [TipReceived, []],
]);

const byName = new Map([...routes.keys()].map((type) => [type.name, type]));

/** The event type of that name, or undefined for a name nobody defined. */
export const eventTypeNamed = (name: string): EventType | undefined => byName.get(name);

/** Where events of this type go. */
export const destinationsOf = (type: EventType): readonly Destination[] => routes.get(type) ?? [];
