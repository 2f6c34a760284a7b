import { CommentPosted, type CommentId, type MemberId } from '@lyceum/contracts';
import { importStep, type ImportStep } from '@lyceum/platform';
import type { DataSource } from 'typeorm';
import { renderComment } from '../text/markdown';
import type { ImportedComment, ImportedInto } from './records';
import { told, type ToldRow } from './told';

interface CommentedRow extends ToldRow {
  readonly id: CommentId;
  readonly target_type: 'question' | 'answer';
  readonly post_id: string;
  readonly author_id: MemberId | null;
}

/** Comments on posts that are here. */
export const importComments = (
  dataSource: DataSource,
  step: ImportStep,
  { communityId, comments }: ImportedInto & { readonly comments: readonly ImportedComment[] },
): Promise<number> =>
  importStep(dataSource, step, async (db) => {
    const rows = comments.map((comment) => ({
      id: comment.id,
      event_id: comment.eventId,
      post_id: comment.postId,
      author_id: comment.authorId,
      source_id: comment.sourceId,
      body_source: comment.body,
      body_html: renderComment(comment.body),
      created_at: comment.createdAt,
      score: comment.score,
    }));
    const posted = await db.query<CommentedRow[]>(insertComments, [
      JSON.stringify(rows),
      communityId,
    ]);
    const events = posted.map((row) =>
      told(
        CommentPosted,
        { row, requestId: step.source },
        {
          communityId,
          commentId: row.id,
          targetType: row.target_type,
          targetId: row.post_id,
          authorId: row.author_id,
        },
      ),
    );
    return { written: posted.length, events };
  });

const insertComments = `
  WITH input AS (
    SELECT * FROM json_to_recordset($1::json) AS input (id uuid, event_id uuid, post_id uuid, author_id uuid,
      source_id text, body_source text, body_html text, created_at timestamptz, score int)
  ), target AS (
    SELECT input.*, 'question' AS target_type FROM input JOIN question ON question.id = input.post_id
    UNION ALL
    SELECT input.*, 'answer' FROM input JOIN answer ON answer.id = input.post_id
  ), posted AS (
    INSERT INTO comment (id, community_id, target_type, target_id, author_id, source_id, body_source, body_html,
      created_at, score)
    SELECT id, $2, target_type, post_id, author_id, source_id, body_source, body_html, created_at, score FROM target
    ON CONFLICT DO NOTHING RETURNING id
  )
  SELECT id, target_type, post_id, author_id, event_id, created_at FROM target JOIN posted USING (id)`;
