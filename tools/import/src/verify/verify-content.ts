import type { DataSource } from 'typeorm';
import type { Dump } from '../stackexchange/dump';
import { readTable } from '../stackexchange/dump';
import { IdSet } from '../stackexchange/id-set';
import type { SourceIds } from '../stackexchange/source-ids';
import type { AnswerRow, QuestionRow } from '../stackexchange/tables';
import { Tally, type Check } from './check';

/** The posts of a dump that an import brings: an answer without its question is none. */
export interface ImportedPosts {
  readonly questions: IdSet;
  readonly answers: IdSet;
  readonly has: (postId: number) => boolean;
}

export const importedPosts = async (dump: Dump): Promise<ImportedPosts> => {
  const questions = new IdSet();
  const answers = new IdSet();
  for await (const { rows } of readTable(dump.files, 'Posts')) {
    for (const row of rows) if (row.kind === 'question') questions.add(row.id);
  }
  for await (const { rows } of readTable(dump.files, 'Posts')) {
    for (const row of rows)
      if (row.kind === 'answer' && questions.has(row.questionId)) answers.add(row.id);
  }
  return { questions, answers, has: (postId) => questions.has(postId) || answers.has(postId) };
};

interface Stored {
  readonly id: string;
  readonly score: number;
  readonly comments: number;
  readonly answers: number;
  readonly favourites: number;
  readonly accepted: string | null;
}

interface Sources {
  readonly dump: Dump;
  readonly posts: ImportedPosts;
  readonly ids: SourceIds;
}

/** What the posts of the dump say about themselves, against what the database says, row by row. */
export const verifyPosts = async (
  content: DataSource,
  { dump, posts, ids }: Sources,
): Promise<Check[]> => {
  const score = new Tally('score');
  const answerCount = new Tally('answer count');
  const commentCount = new Tally('comment count');
  const favouriteCount = new Tally('favourite count');
  const accepted = new Tally('accepted answer');
  for await (const { rows } of readTable(dump.files, 'Posts')) {
    const brought = rows.filter(isPost).filter(({ id }) => posts.has(id));
    const stored = await storedPosts(
      content,
      brought.map(({ id }) => ids.question(id)),
    );
    for (const row of brought) {
      const found = stored.get(ids.question(row.id));
      const name = `${row.kind} ${row.id}`;
      score.compare(name, { stated: row.score, found: found?.score });
      commentCount.compare(name, { stated: row.commentCount, found: found?.comments });
      if (row.kind === 'answer') continue;
      const isAcceptedHere =
        row.acceptedAnswerId !== null && posts.answers.has(row.acceptedAnswerId);
      answerCount.compare(name, { stated: row.answerCount, found: found?.answers });
      favouriteCount.compare(name, { stated: row.favouriteCount ?? 0, found: found?.favourites });
      accepted.compare(name, {
        stated: isAcceptedHere ? ids.answer(row.acceptedAnswerId) : null,
        found: found?.accepted,
      });
    }
  }
  return [score, answerCount, commentCount, favouriteCount, accepted].map((tally) => tally.check());
};

const isPost = (row: { readonly kind: string }): row is QuestionRow | AnswerRow =>
  row.kind === 'question' || row.kind === 'answer';

const storedPosts = async (
  content: DataSource,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Stored>> => {
  const rows = await content.query<Stored[]>(
    `SELECT id, score, comment_count AS comments, answer_count AS answers, favourite_count AS favourites,
       accepted_answer_id AS accepted FROM question WHERE id = ANY($1::uuid[])
     UNION ALL
     SELECT id, score, comment_count, 0, 0, NULL FROM answer WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
};

export const verifyTags = async (content: DataSource, { dump, ids }: Sources): Promise<Check> => {
  const tally = new Tally('tag count');
  const rows = await content.query<{ name: string; n: number }[]>(
    'SELECT name, question_count AS n FROM tag WHERE community_id = $1',
    [ids.community],
  );
  const stored = new Map(rows.map(({ name, n }) => [name, n]));
  for await (const batch of readTable(dump.files, 'Tags')) {
    for (const { name, count } of batch.rows)
      tally.compare(`tag ${name}`, { stated: count, found: stored.get(name) });
  }
  return tally.check();
};

/** How many there are of what cannot be compared one by one. */
export const verifyTotals = async (
  content: DataSource,
  { dump, posts, ids }: Sources,
): Promise<Check> => {
  const tally = new Tally('rows');
  const stated = await totalsOfDump(dump, posts);
  const [found] = await content.query<Record<string, number>[]>(
    `SELECT
       (SELECT count(*)::int FROM question WHERE community_id = $1 AND source_id IS NOT NULL) AS questions,
       (SELECT count(*)::int FROM answer WHERE community_id = $1 AND source_id IS NOT NULL) AS answers,
       (SELECT count(*)::int FROM comment WHERE community_id = $1 AND source_id IS NOT NULL) AS comments,
       (SELECT count(*)::int FROM vote WHERE community_id = $1 AND voter_id IS NULL) AS votes,
       (SELECT count(*)::int FROM favourite WHERE community_id = $1) AS favourites`,
    [ids.community],
  );
  for (const [name, count] of Object.entries(stated))
    tally.compare(name, { stated: count, found: found?.[name] });
  return tally.check();
};

const totalsOfDump = async (dump: Dump, posts: ImportedPosts): Promise<Record<string, number>> => {
  const totals = { questions: 0, answers: 0, comments: 0, votes: 0, favourites: 0 };
  for await (const { rows } of readTable(dump.files, 'Posts')) {
    for (const { id } of rows) {
      if (posts.questions.has(id)) totals.questions += 1;
      if (posts.answers.has(id)) totals.answers += 1;
    }
  }
  for await (const { rows } of readTable(dump.files, 'Comments')) {
    for (const { postId } of rows) if (posts.has(postId)) totals.comments += 1;
  }
  for await (const { rows } of readTable(dump.files, 'Votes')) {
    for (const { kind, postId, userId } of rows) {
      if ((kind === 'up' || kind === 'down') && posts.has(postId)) totals.votes += 1;
      const isOfMember = userId !== null && dump.people.has(userId);
      if (kind === 'favourite' && isOfMember && posts.questions.has(postId)) totals.favourites += 1;
    }
  }
  return totals;
};

/**
 * Whether the rows that were imported add up to the figures that posts and tags carry. A dump whose own rows don't
 * add up is imported as it is, so this is a remark about the dump, not a failure.
 */
export const contradictions = async (
  content: DataSource,
  { ids }: Pick<Sources, 'ids'>,
): Promise<string[]> => {
  const remarks: string[] = [];
  for (const { figure, sql } of recounts) {
    const rows = await content.query<{ name: string }[]>(sql, [ids.community]);
    if (rows.length === 0) continue;
    const examples = rows.slice(0, 3).map(({ name }) => name);
    remarks.push(
      `The dump contradicts itself: the ${figure} of ${rows.length} ${rows.length === 1 ? 'row' : 'rows'} ` +
        'is not what its own rows add up to, ' +
        `for example of ${examples.join(', ')}.`,
    );
  }
  return remarks;
};

const recounts: readonly { readonly figure: string; readonly sql: string }[] = [
  {
    figure: 'score',
    sql: `SELECT source_id AS name FROM (
            SELECT id, source_id, score FROM question WHERE community_id = $1
            UNION ALL SELECT id, source_id, score FROM answer WHERE community_id = $1
          ) AS post LEFT JOIN (SELECT target_id, sum(value) AS votes FROM vote WHERE community_id = $1 GROUP BY 1) AS cast_votes
            ON target_id = post.id
          WHERE score <> coalesce(votes, 0)`,
  },
  {
    figure: 'comment count',
    sql: `SELECT source_id AS name FROM (
            SELECT id, source_id, comment_count FROM question WHERE community_id = $1
            UNION ALL SELECT id, source_id, comment_count FROM answer WHERE community_id = $1
          ) AS post LEFT JOIN (SELECT target_id, count(*) AS n FROM comment WHERE community_id = $1 GROUP BY 1) AS made
            ON target_id = post.id
          WHERE comment_count <> coalesce(n, 0)`,
  },
  {
    figure: 'answer count',
    sql: `SELECT source_id AS name FROM question
            LEFT JOIN (SELECT question_id, count(*) AS n FROM answer WHERE community_id = $1 GROUP BY 1) AS given
            ON question_id = question.id
          WHERE community_id = $1 AND answer_count <> coalesce(n, 0)`,
  },
  {
    figure: 'favourite count',
    sql: `SELECT source_id AS name FROM question
            LEFT JOIN (SELECT question_id, count(*) FILTER (WHERE is_favourite) AS n FROM favourite
              WHERE community_id = $1 GROUP BY 1) AS followed
            ON question_id = question.id
          WHERE community_id = $1 AND favourite_count <> coalesce(n, 0)`,
  },
  {
    figure: 'tag count',
    sql: `SELECT name FROM tag LEFT JOIN (SELECT tag_id, count(*) AS n FROM question_tag GROUP BY 1) AS used
            ON tag_id = tag.id
          WHERE community_id = $1 AND question_count <> coalesce(n, 0)`,
  },
];
