import { newId, type CommunityId, type QuestionId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import type { TagId } from './tag.entity';

interface Tagged {
  readonly id: QuestionId;
  readonly communityId: CommunityId;
}

/**
 * Gives the question exactly these tags, and counts them. The caller has locked the question, or just made it.
 * Tags are always locked in the order of their names, new ones first, so that no two transactions wait for each other.
 */
export const setTags = async (
  tx: Tx,
  question: Tagged,
  names: readonly string[],
): Promise<void> => {
  await addMissingTags(tx, question.communityId, names);
  const before = await tx.db.query<{ tagId: TagId }[]>(
    'SELECT tag_id AS "tagId" FROM question_tag WHERE question_id = $1',
    [question.id],
  );
  const touched = await lockTags(tx, question, names);
  const wanted = names.flatMap((name) => touched.find((tag) => tag.name === name)?.id ?? []);
  const had = before.map(({ tagId }) => tagId);

  await tx.db.query('DELETE FROM question_tag WHERE question_id = $1', [question.id]);
  await tx.db.query(
    `INSERT INTO question_tag (question_id, tag_id, position)
     SELECT $1, id, position - 1 FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (id, position)`,
    [question.id, wanted],
  );
  await count(tx, { ids: wanted.filter((id) => !had.includes(id)), by: 1 });
  await count(tx, { ids: had.filter((id) => !wanted.includes(id)), by: -1 });
};

const addMissingTags = (
  tx: Tx,
  communityId: CommunityId,
  names: readonly string[],
): Promise<unknown> => {
  const rows = names.toSorted().map((name) => ({ id: newId<'Tag'>(), name }));
  return tx.db.query(
    `INSERT INTO tag (id, community_id, name, created_at)
     SELECT id, $1, name, $2 FROM json_to_recordset($3::json) AS wanted (id uuid, name text)
     ON CONFLICT (community_id, name) DO NOTHING`,
    [communityId, tx.now, JSON.stringify(rows)],
  );
};

/** Those the question has and those it is to have. */
const lockTags = (
  tx: Tx,
  { id, communityId }: Tagged,
  names: readonly string[],
): Promise<{ id: TagId; name: string }[]> =>
  tx.db.query(
    `SELECT id, name FROM tag
     WHERE community_id = $1 AND name = ANY($2)
        OR id IN (SELECT tag_id FROM question_tag WHERE question_id = $3)
     ORDER BY name COLLATE "C" FOR NO KEY UPDATE`,
    [communityId, names, id],
  );

const count = async (tx: Tx, { ids, by }: { ids: readonly TagId[]; by: 1 | -1 }): Promise<void> => {
  if (ids.length === 0) return;
  await tx.db.query('UPDATE tag SET question_count = question_count + $2 WHERE id = ANY($1)', [
    ids,
    by,
  ]);
};
