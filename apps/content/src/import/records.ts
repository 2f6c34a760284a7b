import type {
  AnswerId,
  BountyId,
  CommentId,
  CommunityId,
  EventId,
  Id,
  MemberId,
  QuestionId,
  VoteId,
} from '@lyceum/contracts';

/*
 * What an import of another system's community hands over. Ids are repeatable, so a row that is there already is
 * left alone. A `post` is a question or an answer: which of them, the database knows. Authors are null when the
 * source does not tell them. `eventId` is the id of the event that tells of the row.
 */

/** The community that the rows belong to. */
export interface ImportedInto {
  readonly communityId: CommunityId;
}

type PostId = QuestionId | AnswerId;

interface Told {
  readonly eventId: EventId;
  readonly createdAt: string;
}

export interface ImportedTag {
  readonly id: Id<'Tag'>;
  readonly name: string;
  readonly questionCount: number;
  readonly createdAt: string;
}

interface ImportedPost extends Told {
  /** What the source calls it: `stackexchange:ai:42`. */
  readonly sourceId: string;
  readonly authorId: MemberId | null;
  /** HTML as the source has it: written by strangers. It is sanitised here. */
  readonly body: string;
  readonly score: number;
  readonly commentCount: number;
  readonly editedAt: string | null;
  /** From this UTC day on, votes on the post earn its author nothing. */
  readonly communityOwnedAt: string | null;
}

export interface ImportedQuestion extends ImportedPost {
  readonly id: QuestionId;
  readonly title: string;
  readonly tags: readonly string[];
  readonly viewCount: number;
  readonly answerCount: number;
  readonly favouriteCount: number;
  readonly lastActivityAt: string;
  readonly closedAt: string | null;
}

export interface ImportedAnswer extends ImportedPost {
  readonly id: AnswerId;
  readonly questionId: QuestionId;
  readonly isAccepted: boolean;
}

export interface ImportedComment extends Told {
  readonly id: CommentId;
  readonly postId: PostId;
  readonly sourceId: string;
  readonly authorId: MemberId | null;
  /** Light Markdown, as comments here are written. */
  readonly body: string;
  readonly score: number;
}

export interface ImportedVote extends Told {
  readonly id: VoteId;
  readonly postId: PostId;
  readonly value: 1 | -1;
}

/** When the accepted answer of a question was accepted. */
export interface ImportedAcceptance extends Told {
  readonly answerId: AnswerId;
}

export interface ImportedFavourite extends Told {
  readonly questionId: QuestionId;
  readonly memberId: MemberId;
}

export interface ImportedBountyOffer extends Told {
  readonly id: BountyId;
  readonly questionId: QuestionId;
  readonly offererId: MemberId | null;
  readonly amount: number;
}

export interface ImportedBountyClose extends Told {
  /** Of the bounty when its offer is not known. */
  readonly id: BountyId;
  /** The answer that got it, or the question when none did. */
  readonly postId: PostId;
  /** What the answer's author received, or null when nobody did. */
  readonly amount: number | null;
}

/** All that one stretch of votes holds, in the source's order within each list. */
export interface ImportedVotes {
  readonly votes: readonly ImportedVote[];
  readonly acceptances: readonly ImportedAcceptance[];
  readonly favourites: readonly ImportedFavourite[];
  readonly bountyOffers: readonly ImportedBountyOffer[];
  readonly bountyCloses: readonly ImportedBountyClose[];
}

export interface ImportedLink {
  readonly id: Id<'PostLink'>;
  readonly postId: PostId;
  readonly relatedPostId: PostId;
  readonly kind: 'duplicate' | 'related';
  readonly createdAt: string;
}

export interface ImportedEdit extends Told {
  readonly id: string;
  readonly editorId: MemberId;
  /** The post that was edited, or the tag whose description was. */
  readonly target: { readonly postId: PostId } | { readonly tagId: Id<'Tag'> };
}
