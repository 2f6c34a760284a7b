import {
  AnswerPosted,
  QuestionAsked,
  type AnswerId,
  type MemberId,
  type QuestionId,
} from '@lyceum/contracts';
import { importStep, type ImportStep } from '@lyceum/platform';
import type { DataSource } from 'typeorm';
import { sanitiseHtml } from '../text/sanitise';
import type { ImportedAnswer, ImportedInto, ImportedQuestion } from './records';
import { told, type ToldRow } from './told';

interface AskedRow extends ToldRow {
  readonly id: QuestionId;
  readonly author_id: MemberId | null;
}

interface AnsweredRow extends ToldRow {
  readonly id: AnswerId;
  readonly question_id: QuestionId;
  readonly author_id: MemberId | null;
}

/** Questions and their tags, which must be there before. Scores and counts are the source's. */
export const importQuestions = (
  dataSource: DataSource,
  step: ImportStep,
  { communityId, questions }: ImportedInto & { readonly questions: readonly ImportedQuestion[] },
): Promise<number> =>
  importStep(dataSource, step, async (db) => {
    const rows = questions.map((question) => ({
      ...postColumns(question),
      title: question.title,
      tags: question.tags,
      view_count: question.viewCount,
      answer_count: question.answerCount,
      favourite_count: question.favouriteCount,
      last_activity_at: question.lastActivityAt,
      closed_at: question.closedAt,
    }));
    const asked = await db.query<AskedRow[]>(insertQuestions, [JSON.stringify(rows), communityId]);
    const tagsOf = new Map(questions.map(({ id, tags }) => [id, tags]));
    const events = asked.map((row) =>
      told(
        QuestionAsked,
        { row, requestId: step.source },
        {
          communityId,
          questionId: row.id,
          authorId: row.author_id,
          tags: [...(tagsOf.get(row.id) ?? [])],
        },
      ),
    );
    return { written: asked.length, events };
  });

/** Answers of questions that are here. An accepted one is known as such; when and by whom, its acceptance tells. */
export const importAnswers = (
  dataSource: DataSource,
  step: ImportStep,
  { communityId, answers }: ImportedInto & { readonly answers: readonly ImportedAnswer[] },
): Promise<number> =>
  importStep(dataSource, step, async (db) => {
    const rows = answers.map((answer) => ({
      ...postColumns(answer),
      question_id: answer.questionId,
    }));
    const answered = await db.query<AnsweredRow[]>(insertAnswers, [
      JSON.stringify(rows),
      communityId,
    ]);
    const accepted = answers.filter(({ isAccepted }) => isAccepted).map(({ id }) => id);
    await db.query(markAccepted, [accepted]);
    const events = answered.map((row) =>
      told(
        AnswerPosted,
        { row, requestId: step.source },
        { communityId, questionId: row.question_id, answerId: row.id, authorId: row.author_id },
      ),
    );
    return { written: answered.length, events };
  });

const postColumns = (post: ImportedQuestion | ImportedAnswer) => ({
  id: post.id,
  event_id: post.eventId,
  author_id: post.authorId,
  source_id: post.sourceId,
  body_html: sanitiseHtml(post.body),
  created_at: post.createdAt,
  edited_at: post.editedAt,
  score: post.score,
  comment_count: post.commentCount,
  community_owned_at: post.communityOwnedAt,
});

const insertQuestions = `
  WITH input AS (
    SELECT * FROM json_to_recordset($1::json) AS input (id uuid, event_id uuid, author_id uuid, source_id text,
      title text, body_html text, created_at timestamptz, edited_at timestamptz, last_activity_at timestamptz,
      score int, view_count int, answer_count int, comment_count int, favourite_count int,
      community_owned_at timestamptz, closed_at timestamptz, tags json)
  ), asked AS (
    INSERT INTO question (id, community_id, author_id, source_id, title, body_html, created_at, edited_at,
      last_activity_at, score, view_count, answer_count, comment_count, favourite_count, community_owned_at, closed_at)
    SELECT id, $2, author_id, source_id, title, body_html, created_at, edited_at,
      last_activity_at, score, view_count, answer_count, comment_count, favourite_count, community_owned_at, closed_at
    FROM input
    ON CONFLICT DO NOTHING RETURNING id
  ), tagged AS (
    INSERT INTO question_tag (question_id, tag_id, position)
    SELECT input.id, tag.id, position - 1
    FROM input JOIN asked USING (id), json_array_elements_text(tags) WITH ORDINALITY AS own (name, position)
      JOIN tag ON tag.community_id = $2 AND tag.name = own.name
    ON CONFLICT DO NOTHING
  )
  SELECT id, author_id, event_id, created_at FROM input JOIN asked USING (id)`;

const insertAnswers = `
  WITH input AS (
    SELECT input.* FROM json_to_recordset($1::json) AS input (id uuid, event_id uuid, question_id uuid,
      author_id uuid, source_id text, body_html text, created_at timestamptz, edited_at timestamptz, score int,
      comment_count int, community_owned_at timestamptz)
    JOIN question ON question.id = input.question_id
  ), answered AS (
    INSERT INTO answer (id, community_id, question_id, author_id, source_id, body_html, created_at, edited_at,
      score, comment_count, community_owned_at)
    SELECT id, $2, question_id, author_id, source_id, body_html, created_at, edited_at, score, comment_count,
      community_owned_at
    FROM input
    ON CONFLICT DO NOTHING RETURNING id
  )
  SELECT id, question_id, author_id, event_id, created_at FROM input JOIN answered USING (id)`;

const markAccepted = `
  UPDATE question SET accepted_answer_id = answer.id FROM answer
  WHERE answer.id = ANY($1::uuid[]) AND question.id = answer.question_id AND accepted_answer_id IS NULL`;
