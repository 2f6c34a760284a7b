import type { MemberId } from '@lyceum/contracts';
import type {
  ImportedAnswer,
  ImportedComment,
  ImportedEdit,
  ImportedLink,
  ImportedQuestion,
  ImportedTag,
  ImportedVotes,
} from '@lyceum/content/import';
import type { ImportedPerson } from '@lyceum/identity/import';
import type { Dump } from './dump';
import type { SourceIds } from './source-ids';
import type {
  AnswerRow,
  CommentRow,
  PostHistoryRow,
  PostLinkRow,
  PostRow,
  QuestionRow,
  TagRow,
  UserRow,
  VoteRow,
} from './tables';

/** Turns the rows of a dump into what the apps import. */
export class RowMapper {
  constructor(
    private readonly ids: SourceIds,
    private readonly dump: Omit<Dump, 'folder' | 'files' | 'tables'>,
    private readonly source: string,
  ) {}

  person = (row: UserRow): ImportedPerson => ({
    accountId: this.ids.account(row.id),
    memberId: this.ids.member(row.id),
    importedFrom: `${this.source}:${row.id}`,
    displayName: displayNameOf(row),
    joinedAt: row.createdAt,
    joinedEventId: this.ids.event({ kind: 'user', id: row.id, at: row.createdAt }, 'joined'),
    membershipEventId: this.ids.event(
      { kind: 'user', id: row.id, at: row.createdAt },
      'membership',
    ),
  });

  tags = (rows: readonly Pick<TagRow, 'name' | 'count'>[]): ImportedTag[] =>
    rows.map(({ name, count }) => ({
      id: this.tagId(name),
      name,
      questionCount: count,
      createdAt: this.dump.firstEventAt,
    }));

  /** Tags that questions have and the dump's list lacks. */
  undeclaredTags = (): ImportedTag[] =>
    this.tags([...this.dump.undeclaredTags].map(([name, count]) => ({ name, count })));

  questions = (rows: readonly PostRow[]): ImportedQuestion[] =>
    rows.flatMap((row) => (row.kind === 'question' ? [this.question(row)] : []));

  answers = (rows: readonly PostRow[]): ImportedAnswer[] =>
    rows.flatMap((row) => (row.kind === 'answer' ? [this.answer(row)] : []));

  private question(row: QuestionRow): ImportedQuestion {
    return {
      ...this.post(row),
      id: this.ids.question(row.id),
      title: [...row.title.trim()].slice(0, longestTitle).join(''),
      tags: row.tags,
      viewCount: row.viewCount,
      answerCount: row.answerCount,
      favouriteCount: row.favouriteCount ?? 0,
      lastActivityAt: row.lastActivityAt,
      closedAt: row.closedAt,
    };
  }

  private answer(row: AnswerRow): ImportedAnswer {
    return {
      ...this.post(row),
      id: this.ids.answer(row.id),
      questionId: this.ids.question(row.questionId),
      isAccepted: this.dump.acceptedAnswers.has(row.id),
    };
  }

  private post(row: QuestionRow | AnswerRow) {
    return {
      eventId: this.ids.event({ kind: 'post', id: row.id, at: row.createdAt }),
      sourceId: `${this.source}:post:${row.id}`,
      createdAt: row.createdAt,
      authorId: this.memberOrUnknown(row.ownerId),
      body: row.body,
      score: row.score,
      commentCount: row.commentCount,
      editedAt: row.lastEditedAt,
      communityOwnedAt: row.communityOwnedAt,
    };
  }

  comment = (row: CommentRow): ImportedComment => ({
    id: this.ids.comment(row.id),
    sourceId: `${this.source}:comment:${row.id}`,
    eventId: this.ids.event({ kind: 'comment', id: row.id, at: row.createdAt }),
    createdAt: row.createdAt,
    postId: this.ids.question(row.postId),
    authorId: this.memberOrUnknown(row.userId),
    body: row.text,
    score: row.score,
  });

  votes = (rows: readonly VoteRow[]): ImportedVotes => ({
    votes: rows.flatMap((row) =>
      row.kind === 'up' || row.kind === 'down'
        ? [
            {
              ...this.told(row),
              id: this.ids.vote(row.id),
              postId: this.ids.question(row.postId),
              value: valueOf(row),
            },
          ]
        : [],
    ),
    acceptances: rows.flatMap((row) =>
      row.kind === 'accept' && this.dump.acceptedAnswers.has(row.postId)
        ? [{ ...this.told(row), answerId: this.ids.answer(row.postId) }]
        : [],
    ),
    favourites: rows.flatMap((row) => {
      const memberId = row.kind === 'favourite' ? this.memberOrUnknown(row.userId) : null;
      return memberId === null
        ? []
        : [{ ...this.told(row), questionId: this.ids.question(row.postId), memberId }];
    }),
    bountyOffers: rows.flatMap((row) =>
      row.kind === 'bounty-start' && isAmount(row.bountyAmount)
        ? [
            {
              ...this.told(row),
              id: this.ids.bounty(row.id),
              questionId: this.ids.question(row.postId),
              offererId: this.memberOrUnknown(row.userId),
              amount: row.bountyAmount,
            },
          ]
        : [],
    ),
    bountyCloses: rows.flatMap((row) =>
      row.kind === 'bounty-close'
        ? [
            {
              ...this.told(row),
              id: this.ids.bounty(row.id),
              postId: this.ids.question(row.postId),
              amount: isAmount(row.bountyAmount) ? row.bountyAmount : null,
            },
          ]
        : [],
    ),
  });

  links = (rows: readonly PostLinkRow[]): ImportedLink[] =>
    rows.flatMap((row) =>
      row.kind === 'other'
        ? []
        : [
            {
              id: this.ids.id<'PostLink'>('link', row.id),
              postId: this.ids.question(row.postId),
              relatedPostId: this.ids.question(row.relatedPostId),
              kind: row.kind,
              createdAt: row.createdAt,
            },
          ],
    );

  /** `tagOf` names the tag whose description a post is; the tags of some descriptions are gone. */
  edits = (rows: readonly PostHistoryRow[], tagOf: ReadonlyMap<number, string>): ImportedEdit[] =>
    rows.flatMap((row) => {
      const editorId = this.memberOrUnknown(row.approvedEditBy);
      if (editorId === null) return [];
      const isOfTag = this.dump.tagDescriptions.has(row.postId);
      const tag = tagOf.get(row.postId) ?? `post ${row.postId}`;
      return [
        {
          id: this.ids.id<'Edit'>('edit', row.id),
          eventId: this.ids.event({ kind: 'edit', id: row.id, at: row.createdAt }),
          createdAt: row.createdAt,
          editorId,
          target: isOfTag ? { tagId: this.tagId(tag) } : { postId: this.ids.question(row.postId) },
        },
      ];
    });

  private tagId(name: string) {
    return this.ids.id<'Tag'>('tag', name);
  }

  private told(row: VoteRow) {
    return {
      eventId: this.ids.event({ kind: 'vote', id: row.id, at: row.createdAt }),
      createdAt: row.createdAt,
    };
  }

  /** Null for people who are in no row of Users, because they left. */
  private memberOrUnknown(userId: number | null): MemberId | null {
    return userId !== null && this.dump.people.has(userId) ? this.ids.member(userId) : null;
  }
}

const longestTitle = 300;
const longestName = 80;

const displayNameOf = ({ id, displayName }: UserRow): string => {
  const name = [...displayName.trim()].slice(0, longestName).join('').trim();
  return name === '' ? `user${id}` : name;
};

const valueOf = ({ kind }: VoteRow): 1 | -1 => (kind === 'up' ? 1 : -1);

const isAmount = (amount: number | null): amount is number => amount !== null && amount > 0;
