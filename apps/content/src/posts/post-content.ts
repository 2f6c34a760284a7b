import type { MemberId, QuestionId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { tagNamesOf } from '../tags/tag.queries';
import type { PostPlace } from './post.queries';
import type { PostType } from './post-type';

export type EditablePlace = PostPlace & { readonly type: PostType };

/** What a post says. An answer has no title; only a question has tags. */
export interface PostContent {
  readonly title: string | null;
  readonly bodyMarkdown: string | null;
  readonly bodyHtml: string;
  readonly tags: readonly string[] | null;
}

export interface LockedContent extends PostContent {
  readonly authorId: MemberId | null;
  readonly createdAt: Date;
}

/** Locks the post until the transaction ends, and reads what it says. */
export const lockContent = async (tx: Tx, { id, type }: EditablePlace): Promise<LockedContent> => {
  const title = type === 'answer' ? 'NULL::text' : 'title';
  const [row] = await tx.db.query<Omit<LockedContent, 'tags'>[]>(
    `SELECT ${title} AS title, body_source AS "bodyMarkdown", body_html AS "bodyHtml", author_id AS "authorId",
       created_at AS "createdAt"
     FROM ${type} WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  );
  if (row === undefined) throw new Error(`${type} ${id} is gone: posts are never deleted`);
  return { ...row, tags: type === 'question' ? await tagNamesOf(tx.db, id as QuestionId) : null };
};
