import { importStep, type ImportStep } from '@lyceum/platform';
import type { DataSource } from 'typeorm';
import type { ImportedInto, ImportedTag } from './records';

/** Tags with the number of questions that the source gives them. */
export const importTags = (
  dataSource: DataSource,
  step: ImportStep,
  { communityId, tags }: ImportedInto & { readonly tags: readonly ImportedTag[] },
): Promise<number> =>
  importStep(dataSource, step, async (db) => {
    const rows = tags.map(({ id, name, questionCount, createdAt }) => ({
      id,
      name,
      question_count: questionCount,
      created_at: createdAt,
    }));
    const inserted = await db.query<unknown[]>(insertTags, [JSON.stringify(rows), communityId]);
    return { written: inserted.length, events: [] };
  });

const insertTags = `
  INSERT INTO tag (id, community_id, name, question_count, created_at)
  SELECT id, $2, name, question_count, created_at
  FROM json_to_recordset($1::json) AS input (id uuid, name text, question_count int, created_at timestamptz)
  ON CONFLICT DO NOTHING RETURNING id`;
