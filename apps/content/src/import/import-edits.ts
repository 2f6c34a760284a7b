import { EditApproved, type Id, type MemberId } from '@lyceum/contracts';
import { importStep, type ImportStep } from '@lyceum/platform';
import type { DataSource } from 'typeorm';
import type { ImportedEdit, ImportedInto } from './records';
import { told, type ToldRow } from './told';

interface EditedRow extends ToldRow {
  readonly id: string;
  readonly editor_id: MemberId;
  readonly target_type: 'question' | 'answer' | 'tag';
  readonly target_id: Id<'Post'>;
}

/**
 * Suggested edits that were approved. The posts are as the edits left them, so there is nothing to write: the
 * activity is told, and its repeatable ids keep it from counting twice.
 */
export const importEdits = (
  dataSource: DataSource,
  step: ImportStep,
  { communityId, edits }: ImportedInto & { readonly edits: readonly ImportedEdit[] },
): Promise<number> =>
  importStep(dataSource, step, async (db) => {
    const rows = edits.map(({ id, eventId, editorId, target, createdAt }) => ({
      id,
      event_id: eventId,
      editor_id: editorId,
      post_id: 'postId' in target ? target.postId : null,
      tag_id: 'tagId' in target ? target.tagId : null,
      created_at: createdAt,
    }));
    const edited =
      rows.length === 0 ? [] : await db.query<EditedRow[]>(findTargets, [JSON.stringify(rows)]);
    const events = edited.map((row) =>
      told(
        EditApproved,
        { row, requestId: step.source },
        {
          communityId,
          editId: row.id,
          targetType: row.target_type,
          targetId: row.target_id,
          editorId: row.editor_id,
          earnsPoints: true,
        },
      ),
    );
    return { written: edited.length, events };
  });

const findTargets = `
  WITH input AS (
    SELECT * FROM json_to_recordset($1::json)
      AS input (id uuid, event_id uuid, editor_id uuid, post_id uuid, tag_id uuid, created_at timestamptz)
  )
  SELECT input.id, event_id, editor_id, 'question' AS target_type, post_id AS target_id, input.created_at
    FROM input JOIN question ON question.id = post_id
  UNION ALL
  SELECT input.id, event_id, editor_id, 'answer', post_id, input.created_at FROM input JOIN answer ON answer.id = post_id
  UNION ALL
  SELECT id, event_id, editor_id, 'tag', tag_id, created_at FROM input WHERE tag_id IS NOT NULL`;
