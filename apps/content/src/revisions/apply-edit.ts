import { newId, type MemberId, type QuestionId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import type { EditablePlace, LockedContent, PostContent } from '../posts/post-content';
import { setTags } from '../tags/tag.writes';
import { renderPost } from '../text/markdown';

/** What is to be different; what is null stays as it is. */
export interface Change {
  readonly title: string | null;
  readonly body: string | null;
  readonly tags: readonly string[] | null;
}

export interface Edit {
  readonly place: EditablePlace;
  /** As `lockContent` read it. */
  readonly before: LockedContent;
  readonly change: Change;
  readonly editorId: MemberId;
  readonly summary: string;
}

/** Changes the post and keeps what it said before. Changes nothing, and keeps nothing, when nothing is different. */
export const applyEdit = async (tx: Tx, edit: Edit): Promise<void> => {
  const { place, before, change, editorId, summary } = edit;
  const after = contentAfter(before, change);
  if (!isDifferent(before, after)) return;

  const number = await lastRevision(tx, place);
  if (number === 0)
    await keep(tx, place, { ...before, number: 1, editorId: before.authorId, summary: '' });
  const next = { ...after, number: Math.max(number, 1) + 1, editorId, summary, createdAt: tx.now };
  await keep(tx, place, next);
  await write(tx, place, after);
};

/** How many revisions are kept: 0 for a post that was never edited. */
export const lastRevision = async (tx: Tx, { id }: { readonly id: string }): Promise<number> => {
  const [row] = await tx.db.query<{ number: number }[]>(
    'SELECT coalesce(max(number), 0)::int AS number FROM revision WHERE target_id = $1',
    [id],
  );
  return row?.number ?? 0;
};

/** What the post will say. */
export const contentAfter = (before: LockedContent, { title, body, tags }: Change): PostContent => {
  const isNewBody = body !== null && body !== before.bodyMarkdown;
  return {
    title: before.title === null ? null : (title ?? before.title), // an answer never has one
    bodyMarkdown: isNewBody ? body : before.bodyMarkdown,
    bodyHtml: isNewBody ? renderPost(body) : before.bodyHtml,
    tags: before.tags === null ? null : (tags ?? before.tags), // nor has an article
  };
};

const isDifferent = (before: PostContent, after: PostContent): boolean =>
  before.title !== after.title ||
  before.bodyMarkdown !== after.bodyMarkdown ||
  before.tags?.join() !== after.tags?.join();

type NewRevision = PostContent & {
  readonly number: number;
  readonly editorId: MemberId | null;
  readonly summary: string;
  readonly createdAt: Date;
};

const keep = (tx: Tx, { id, type, communityId }: EditablePlace, revision: NewRevision) =>
  tx.db.query(
    `INSERT INTO revision (id, community_id, target_type, target_id, number, editor_id, title, body_source, body_html,
       tags, summary, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      newId<'Revision'>(),
      communityId,
      type,
      id,
      revision.number,
      revision.editorId,
      revision.title,
      revision.bodyMarkdown,
      revision.bodyHtml,
      revision.tags,
      revision.summary,
      revision.createdAt,
    ],
  );

const write = async (
  tx: Tx,
  { id, type, communityId }: EditablePlace,
  { title, bodyMarkdown, bodyHtml, tags }: PostContent,
): Promise<void> => {
  const columns = ['body_source = $2', 'body_html = $3', 'edited_at = $4'];
  const values = [id, bodyMarkdown, bodyHtml, tx.now];
  if (type !== 'answer') columns.push(`title = $${values.push(title)}`);
  if (type === 'question') columns.push('last_activity_at = greatest(last_activity_at, $4)');
  await tx.db.query(`UPDATE ${type} SET ${columns.join(', ')} WHERE id = $1`, values);
  if (tags !== null) await setTags(tx, { id: id as QuestionId, communityId }, tags);
};
