import type { TableName } from './dump-files';
import { InvalidRow } from './dump-error';
import {
  instant,
  integer,
  optionalInstant,
  optionalInteger,
  optionalRowId,
  optionalText,
  rowId,
  text,
} from './fields';
import type { Attributes } from './xml-rows';

/* What is taken of each table. Personal data that nobody needs (AboutMe, Location, Age …) is never read. */

export interface UserRow {
  readonly id: number;
  readonly displayName: string;
  readonly createdAt: string;
  readonly reputation: number;
  readonly downVotes: number;
}

export interface TagRow {
  readonly id: number;
  readonly name: string;
  readonly count: number;
  readonly excerptPostId: number | null;
  readonly wikiPostId: number | null;
}

interface PostCommon {
  readonly id: number;
  readonly createdAt: string;
  /** Null when the author is unknown or gone. */
  readonly ownerId: number | null;
  readonly ownerName: string | null;
  readonly score: number;
  readonly body: string;
  readonly commentCount: number;
  readonly lastEditedAt: string | null;
  readonly communityOwnedAt: string | null;
  readonly licence: string | null;
}

export interface QuestionRow extends PostCommon {
  readonly kind: 'question';
  readonly title: string;
  readonly tags: readonly string[];
  readonly viewCount: number;
  readonly answerCount: number;
  readonly favouriteCount: number | null;
  readonly acceptedAnswerId: number | null;
  readonly lastActivityAt: string;
  readonly closedAt: string | null;
}

export interface AnswerRow extends PostCommon {
  readonly kind: 'answer';
  readonly questionId: number;
}

/** A tag's description, an election nomination …: known to exist, not imported as a post. */
export interface OtherPostRow {
  readonly kind: 'tag-description' | 'other';
  readonly id: number;
  readonly createdAt: string;
}

export type PostRow = QuestionRow | AnswerRow | OtherPostRow;

export interface CommentRow {
  readonly id: number;
  readonly postId: number;
  readonly score: number;
  readonly text: string;
  readonly createdAt: string;
  readonly userId: number | null;
}

export type VoteKind =
  'accept' | 'up' | 'down' | 'favourite' | 'bounty-start' | 'bounty-close' | 'other';

export interface VoteRow {
  readonly id: number;
  readonly postId: number;
  readonly kind: VoteKind;
  readonly createdAt: string;
  /** Only favourites and offered bounties tell who. */
  readonly userId: number | null;
  readonly bountyAmount: number | null;
}

export interface PostLinkRow {
  readonly id: number;
  readonly createdAt: string;
  readonly postId: number;
  readonly relatedPostId: number;
  readonly kind: 'related' | 'duplicate' | 'other';
}

export interface PostHistoryRow {
  readonly id: number;
  readonly createdAt: string;
  readonly postId: number;
  /** Who proposed a suggested edit that was approved; null in every other row. */
  readonly approvedEditBy: number | null;
}

export interface BadgeRow {
  readonly id: number;
  readonly userId: number;
  readonly name: string;
  readonly awardedAt: string;
}

export interface Rows {
  readonly Users: UserRow;
  readonly Tags: TagRow;
  readonly Posts: PostRow;
  readonly Comments: CommentRow;
  readonly Votes: VoteRow;
  readonly PostLinks: PostLinkRow;
  readonly PostHistory: PostHistoryRow;
  readonly Badges: BadgeRow;
}

export type RowOf<Table extends TableName> = Rows[Table];

const user = (row: Attributes): UserRow => ({
  id: integer(row, 'Id'),
  displayName: optionalText(row, 'DisplayName') ?? '',
  createdAt: instant(row, 'CreationDate'),
  reputation: integer(row, 'Reputation'),
  downVotes: optionalInteger(row, 'DownVotes') ?? 0,
});

const tag = (row: Attributes): TagRow => ({
  id: rowId(row, 'Id'),
  name: tagName(nonEmpty(row, 'TagName')),
  count: optionalInteger(row, 'Count') ?? 0,
  excerptPostId: optionalRowId(row, 'ExcerptPostId'),
  wikiPostId: optionalRowId(row, 'WikiPostId'),
});

const post = (row: Attributes): PostRow => {
  const type = integer(row, 'PostTypeId');
  if (type === 1) return question(row);
  if (type === 2) return { ...postCommon(row), kind: 'answer', questionId: rowId(row, 'ParentId') };
  const kind = tagDescriptionTypes.has(type) ? 'tag-description' : 'other';
  return { kind, id: rowId(row, 'Id'), createdAt: instant(row, 'CreationDate') };
};

/** Excerpts and whole descriptions. */
const tagDescriptionTypes: ReadonlySet<number> = new Set([4, 5]);

const question = (row: Attributes): QuestionRow => ({
  ...postCommon(row),
  kind: 'question',
  lastActivityAt: optionalInstant(row, 'LastActivityDate') ?? instant(row, 'CreationDate'),
  title: nonEmpty(row, 'Title'),
  tags: tagNames(optionalText(row, 'Tags') ?? ''),
  viewCount: optionalInteger(row, 'ViewCount') ?? 0,
  answerCount: optionalInteger(row, 'AnswerCount') ?? 0,
  // Later dumps have no favourites at all: then nothing is said about their number.
  favouriteCount: optionalInteger(row, 'FavoriteCount'),
  acceptedAnswerId: optionalRowId(row, 'AcceptedAnswerId'),
  closedAt: optionalInstant(row, 'ClosedDate'),
});

const postCommon = (row: Attributes): PostCommon => ({
  id: rowId(row, 'Id'),
  createdAt: instant(row, 'CreationDate'),
  ownerId: optionalInteger(row, 'OwnerUserId'),
  ownerName: optionalText(row, 'OwnerDisplayName'),
  score: integer(row, 'Score'),
  body: text(row, 'Body'),
  commentCount: optionalInteger(row, 'CommentCount') ?? 0,
  lastEditedAt: optionalInstant(row, 'LastEditDate'),
  communityOwnedAt: optionalInstant(row, 'CommunityOwnedDate'),
  licence: optionalText(row, 'ContentLicense'),
});

/** `<a><b>` until 2023, `|a|b|` since. */
const tagNames = (tags: string): string[] => {
  if (tags === '') return [];
  const names = tags.startsWith('|') ? tags.split('|') : tags.split(/[<>]/);
  const found = [...new Set(names.filter((name) => name !== ''))];
  if (found.length === 0 || !/^(?:\|.*\||<.*>)$/s.test(tags)) {
    throw new InvalidRow(
      `attribute Tags is not a list of tags: ${JSON.stringify(tags.slice(0, 40))}`,
    );
  }
  return found.map(tagName);
};

const longestTag = 35;

const tagName = (name: string): string => {
  if ([...name].length <= longestTag) return name.toLowerCase();
  throw new InvalidRow(
    `a tag is longer than ${longestTag} characters: ${JSON.stringify(name.slice(0, 60))}`,
  );
};

const comment = (row: Attributes): CommentRow => ({
  id: rowId(row, 'Id'),
  postId: rowId(row, 'PostId'),
  score: optionalInteger(row, 'Score') ?? 0,
  text: text(row, 'Text'),
  createdAt: instant(row, 'CreationDate'),
  userId: optionalInteger(row, 'UserId'),
});

const voteKinds: ReadonlyMap<number, VoteKind> = new Map([
  [1, 'accept'],
  [2, 'up'],
  [3, 'down'],
  [5, 'favourite'],
  [8, 'bounty-start'],
  [9, 'bounty-close'],
]);

const vote = (row: Attributes): VoteRow => ({
  id: rowId(row, 'Id'),
  postId: rowId(row, 'PostId'),
  kind: voteKinds.get(integer(row, 'VoteTypeId')) ?? 'other',
  createdAt: instant(row, 'CreationDate'),
  userId: optionalInteger(row, 'UserId'),
  bountyAmount: optionalInteger(row, 'BountyAmount'),
});

const linkKinds: ReadonlyMap<number, PostLinkRow['kind']> = new Map([
  [1, 'related'],
  [3, 'duplicate'],
]);

const postLink = (row: Attributes): PostLinkRow => ({
  id: rowId(row, 'Id'),
  createdAt: instant(row, 'CreationDate'),
  postId: rowId(row, 'PostId'),
  relatedPostId: rowId(row, 'RelatedPostId'),
  kind: linkKinds.get(integer(row, 'LinkTypeId')) ?? 'other',
});

const suggestedEditApplied = 24;

const postHistory = (row: Attributes): PostHistoryRow => {
  const isEdit = integer(row, 'PostHistoryTypeId') === suggestedEditApplied;
  const proposer = isEdit
    ? /^Proposed by (-?\d{1,10}) /.exec(row['Comment'] ?? '')?.[1]
    : undefined;
  return {
    id: rowId(row, 'Id'),
    createdAt: instant(row, 'CreationDate'),
    postId: rowId(row, 'PostId'),
    approvedEditBy: proposer === undefined ? null : Number(proposer),
  };
};

const badge = (row: Attributes): BadgeRow => ({
  id: rowId(row, 'Id'),
  userId: integer(row, 'UserId'),
  name: text(row, 'Name'),
  awardedAt: instant(row, 'Date'),
});

const nonEmpty = (row: Attributes, name: string): string => {
  const value = text(row, name);
  if (value.trim() === '') throw new InvalidRow(`attribute ${name} is empty`);
  return value;
};

export const parsers: { readonly [Table in TableName]: (row: Attributes) => RowOf<Table> } = {
  Users: user,
  Tags: tag,
  Posts: post,
  Comments: comment,
  Votes: vote,
  PostLinks: postLink,
  PostHistory: postHistory,
  Badges: badge,
};
