import type { TableName } from '../stackexchange/dump-files';

/**
 * All that a published copy of a dump may hold. An allow-list, so that an attribute nobody thought of stays out:
 * no AboutMe, Location, WebsiteUrl, ProfileImageUrl, EmailHash, Age, AccountId, last access or revision text.
 */
export const publicAttributes: { readonly [Table in TableName]: readonly string[] } = {
  Users: ['Id', 'Reputation', 'CreationDate', 'DisplayName', 'UpVotes', 'DownVotes'],
  Tags: ['Id', 'TagName', 'Count', 'ExcerptPostId', 'WikiPostId'],
  Posts: [
    ...[
      'Id',
      'PostTypeId',
      'ParentId',
      'AcceptedAnswerId',
      'CreationDate',
      'Score',
      'ViewCount',
      'Body',
    ],
    ...[
      'OwnerUserId',
      'OwnerDisplayName',
      'LastEditDate',
      'LastActivityDate',
      'Title',
      'Tags',
      'AnswerCount',
    ],
    ...['CommentCount', 'FavoriteCount', 'ClosedDate', 'CommunityOwnedDate', 'ContentLicense'],
  ],
  Comments: [
    'Id',
    'PostId',
    'Score',
    'Text',
    'CreationDate',
    'UserDisplayName',
    'UserId',
    'ContentLicense',
  ],
  Votes: ['Id', 'PostId', 'VoteTypeId', 'UserId', 'CreationDate', 'BountyAmount'],
  PostLinks: ['Id', 'CreationDate', 'PostId', 'RelatedPostId', 'LinkTypeId'],
  PostHistory: ['Id', 'PostHistoryTypeId', 'PostId', 'CreationDate', 'Comment'],
  Badges: ['Id', 'UserId', 'Name', 'Date', 'Class', 'TagBased'],
};
