import { importStep, type ImportStep } from '@lyceum/platform';
import type { DataSource } from 'typeorm';
import type { ImportedInto, ImportedLink } from './records';

/** Links between questions that are here; what the source links from or to an answer is about its question. */
export const importLinks = (
  dataSource: DataSource,
  step: ImportStep,
  { communityId, links }: ImportedInto & { readonly links: readonly ImportedLink[] },
): Promise<number> =>
  importStep(dataSource, step, async (db) => {
    const rows = links.map(({ id, postId, relatedPostId, kind, createdAt }) => ({
      id,
      post_id: postId,
      related_post_id: relatedPostId,
      kind,
      created_at: createdAt,
    }));
    const inserted = await db.query<unknown[]>(insertLinks, [JSON.stringify(rows), communityId]);
    await db.query(explainCloses, [links.map(({ postId }) => postId)]);
    return { written: inserted.length, events: [] };
  });

const questionOf = (column: string): string => `coalesce(
      (SELECT id FROM question WHERE id = input.${column}),
      (SELECT question_id FROM answer WHERE id = input.${column}))`;

const insertLinks = `
  INSERT INTO post_link (id, community_id, question_id, related_question_id, kind, created_at)
  SELECT id, $2, question_id, related_question_id, kind, created_at FROM (
    SELECT id, ${questionOf('post_id')} AS question_id, ${questionOf('related_post_id')} AS related_question_id,
      kind, created_at
    FROM json_to_recordset($1::json)
      AS input (id uuid, post_id uuid, related_post_id uuid, kind text, created_at timestamptz)
  ) AS link
  WHERE question_id <> related_question_id
  ON CONFLICT DO NOTHING RETURNING id`;

/** A closed question that repeats another was closed for that. */
const explainCloses = `
  UPDATE question SET close_reason = 'duplicate'
  WHERE id = ANY($1::uuid[]) AND closed_at IS NOT NULL AND close_reason IS NULL
    AND EXISTS (SELECT FROM post_link WHERE question_id = question.id AND kind = 'duplicate')`;
