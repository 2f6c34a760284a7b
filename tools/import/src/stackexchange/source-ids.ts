import {
  importedEventId,
  importedId,
  type AccountId,
  type AnswerId,
  type BountyId,
  type CommentId,
  type CommunityId,
  type EventId,
  type MemberId,
  type QuestionId,
  type VoteId,
} from '@lyceum/contracts';

/** What the rows of a site become here: the same row of the same site always has the same id. */
export class SourceIds {
  readonly community: CommunityId;

  constructor(private readonly slug: string) {
    this.community = this.id<'Community'>('community');
  }

  account(userId: number): AccountId {
    return this.id<'Account'>('account', userId);
  }

  member(userId: number): MemberId {
    return this.id<'Member'>('member', userId);
  }

  question(postId: number): QuestionId {
    return this.id<'Question'>('post', postId);
  }

  answer(postId: number): AnswerId {
    return this.id<'Answer'>('post', postId);
  }

  comment(commentId: number): CommentId {
    return this.id<'Comment'>('comment', commentId);
  }

  vote(voteId: number): VoteId {
    return this.id<'Vote'>('vote', voteId);
  }

  bounty(voteId: number): BountyId {
    return this.id<'Bounty'>('vote', voteId);
  }

  /** Of the one event that a row gives rise to, or of one of several, told apart by `aspect`. */
  event(
    row: { readonly kind: string; readonly id: number; readonly at: string },
    aspect = '',
  ): EventId {
    const when = { at: new Date(row.at), ordinal: row.id };
    return importedEventId(when, 'stackexchange', this.slug, row.kind, row.id, aspect);
  }

  id<Kind extends string>(
    kind: string,
    id: number | string = '',
  ): ReturnType<typeof importedId<Kind>> {
    return importedId<Kind>('stackexchange', this.slug, kind, id);
  }
}
