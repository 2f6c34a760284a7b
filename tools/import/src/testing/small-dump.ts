import type { RawTables } from '../stackexchange/write-dump';

const at = (day: number, time = '10:00:00.000'): string =>
  `2021-05-${String(day).padStart(2, '0')}T${time}`;
const midnight = (day: number): string => at(day, '00:00:00.000');

const user = (Id: number, DisplayName: string, Reputation: number) => ({
  Id,
  Reputation,
  CreationDate: at(1),
  DisplayName,
  LastAccessDate: at(20),
  AboutMe: '<p>secret life</p>',
  Location: 'Somewhere',
  WebsiteUrl: 'https://me.example',
  EmailHash: 'd41d8cd98f00b204e9800998ecf8427e',
  ProfileImageUrl: 'https://i.example/me.png',
  Age: 33,
  Views: 1,
  UpVotes: 0,
  DownVotes: 0,
  AccountId: 1_000 + Id,
});

const question = (Id: number, OwnerUserId: number | undefined, more: object = {}) => ({
  Id,
  PostTypeId: 1,
  CreationDate: at(2),
  Score: 0,
  ViewCount: 10,
  Body: '<p>How?</p>',
  OwnerUserId,
  LastActivityDate: at(2),
  Title: `Question ${Id}`,
  Tags: '<node.js><c++>',
  AnswerCount: 0,
  CommentCount: 0,
  ...more,
});

const answer = (Id: number, [ParentId, OwnerUserId]: [number, number], more: object = {}) => ({
  Id,
  PostTypeId: 2,
  ParentId,
  CreationDate: at(3),
  Score: 0,
  Body: '<p>Thus.</p>',
  OwnerUserId,
  LastActivityDate: at(3),
  CommentCount: 0,
  ...more,
});

/**
 * A site of four people in which everything odd that official dumps hold happens once. Its stated
 * reputations, scores and counts are what Stack Exchange's rules make of it, worked out by hand.
 */
export const smallDump: RawTables = {
  Users: [
    user(-1, 'Community', 1),
    user(1, 'Ann', 1), // the downvote at the floor costs nothing; +10, +2, and all of it goes for the bounty
    user(2, 'Bob', 1 + 10 + 15 + 50 + 2),
    user(3, 'Ann', 1 + 2), // the same display name as 1
    user(4, '', 1), // no name at all
  ],
  Tags: [
    { Id: 1, TagName: 'node.js', Count: 2, ExcerptPostId: 20, WikiPostId: 21 },
    { Id: 2, TagName: 'c++', Count: 2 },
    { Id: 3, TagName: '中文', Count: 1 },
    { Id: 4, TagName: 'unused', Count: 0 },
  ],
  Posts: [
    question(10, 1, {
      Score: 0,
      AcceptedAnswerId: 11,
      AnswerCount: 2,
      CommentCount: 2,
      FavoriteCount: 1,
    }),
    // Answers may come before their question in the file.
    answer(13, [12, 1]),
    answer(11, [10, 2], { Score: 1, CommentCount: 1 }),
    question(12, undefined, {
      OwnerDisplayName: 'user99',
      Tags: '|c++|中文|',
      AnswerCount: 1,
      Body: '<p>Hi<script>alert(1)</script></p>',
    }),
    answer(14, [10, 99]), // 99 is in no row of Users
    // A question answered by its asker, who accepts that.
    question(15, 2, { AcceptedAnswerId: 16, AnswerCount: 1, Tags: '<node.js>' }),
    answer(16, [15, 2]),
    // Owned by the community from the day on.
    question(17, 3, { Score: 2, Tags: undefined, CommunityOwnedDate: at(5), ClosedDate: at(6) }),
    { ...answer(18, [777, 1]), Score: 0 }, // its question is gone
    { Id: 20, PostTypeId: 4, CreationDate: at(2), Score: 0, Body: 'excerpt', CommentCount: 0 },
    { Id: 21, PostTypeId: 5, CreationDate: at(2), Score: 0, Body: 'wiki', CommentCount: 0 },
    { Id: 22, PostTypeId: 6, CreationDate: at(2), Score: 0, Body: 'nomination', CommentCount: 1 },
  ],
  Comments: [
    {
      Id: 1,
      PostId: 10,
      Score: 0,
      Text: 'a <b> & [link](https://x.example)',
      CreationDate: at(4),
      UserId: 2,
    },
    {
      Id: 2,
      PostId: 10,
      Score: 3,
      Text: 'x\r\ny\u0001z',
      CreationDate: at(4),
      UserDisplayName: 'user7',
    },
    { Id: 3, PostId: 11, Score: 0, Text: 'thanks', CreationDate: at(4), UserId: 1 },
    { Id: 4, PostId: 22, Score: 0, Text: 'on a nomination', CreationDate: at(4), UserId: 1 },
    { Id: 5, PostId: 555, Score: 0, Text: 'on nothing', CreationDate: at(4), UserId: 1 },
  ],
  Votes: [
    { Id: 1, PostId: 10, VoteTypeId: 3, CreationDate: midnight(3) }, // Ann is at the floor: costs nothing
    { Id: 2, PostId: 10, VoteTypeId: 2, CreationDate: midnight(3) },
    { Id: 3, PostId: 11, VoteTypeId: 2, CreationDate: midnight(3) },
    { Id: 4, PostId: 11, VoteTypeId: 1, CreationDate: midnight(4) },
    { Id: 5, PostId: 16, VoteTypeId: 1, CreationDate: midnight(4) },
    { Id: 6, PostId: 10, VoteTypeId: 5, UserId: 3, CreationDate: midnight(4) },
    { Id: 7, PostId: 17, VoteTypeId: 2, CreationDate: midnight(5) },
    { Id: 8, PostId: 17, VoteTypeId: 2, CreationDate: midnight(6) },
    { Id: 9, PostId: 555, VoteTypeId: 2, CreationDate: midnight(6) },
    { Id: 10, PostId: 20, VoteTypeId: 2, CreationDate: midnight(6) },
    { Id: 11, PostId: 10, VoteTypeId: 8, UserId: 1, BountyAmount: 100, CreationDate: midnight(7) },
    { Id: 12, PostId: 11, VoteTypeId: 9, BountyAmount: 50, CreationDate: midnight(14) },
    { Id: 13, PostId: 15, VoteTypeId: 8, BountyAmount: 50, CreationDate: midnight(8) }, // by someone gone
    { Id: 14, PostId: 15, VoteTypeId: 9, CreationDate: midnight(15) }, // nobody got it
    { Id: 15, PostId: 13, VoteTypeId: 16, CreationDate: midnight(8) },
    { Id: 16, PostId: 13, VoteTypeId: 99, CreationDate: midnight(8) },
    { Id: 17, PostId: 18, VoteTypeId: 15, CreationDate: midnight(8) },
    { Id: 18, PostId: 10, VoteTypeId: 5, UserId: 99, CreationDate: midnight(9) }, // by someone in no row
  ],
  PostLinks: [
    { Id: 1, CreationDate: at(5), PostId: 10, RelatedPostId: 12, LinkTypeId: 1 },
    { Id: 2, CreationDate: at(5), PostId: 10, RelatedPostId: 12, LinkTypeId: 3 },
    { Id: 3, CreationDate: at(5), PostId: 10, RelatedPostId: 555, LinkTypeId: 1 },
    { Id: 4, CreationDate: at(5), PostId: 10, RelatedPostId: 15, LinkTypeId: 77 },
  ],
  PostHistory: [
    { Id: 1, PostHistoryTypeId: 2, PostId: 10, CreationDate: at(2), UserId: 1, Text: 'How?' },
    {
      Id: 2,
      PostHistoryTypeId: 24,
      PostId: 13,
      CreationDate: at(8),
      Comment: 'Proposed by 3 approved by 2 edit id of 1',
    },
    {
      Id: 3,
      PostHistoryTypeId: 24,
      PostId: 21,
      CreationDate: at(8),
      Comment: 'Proposed by 2 approved by 1 edit id of 2',
    },
    {
      Id: 4,
      PostHistoryTypeId: 24,
      PostId: 13,
      CreationDate: at(8),
      Comment: 'Proposed by 10.0.0.1|x approved by 2',
    },
    {
      Id: 5,
      PostHistoryTypeId: 24,
      PostId: 555,
      CreationDate: at(8),
      Comment: 'Proposed by 99 approved by 2 edit id of 4',
    },
  ],
  Badges: [{ Id: 1, UserId: 1, Name: 'Informed', Date: at(2), Class: 3, TagBased: 'False' }],
};
