import { newId, type CommunityId, type MemberId, type QuestionId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import type { LinkKind } from './post-link.entity';

interface Link {
  readonly questionId: QuestionId;
  readonly relatedQuestionId: QuestionId;
  readonly kind: LinkKind;
}

/** A link that is there already stays. */
export const addLink = (
  tx: Tx,
  link: Link & { readonly communityId: CommunityId; readonly by: MemberId },
): Promise<unknown> =>
  tx.db.query(
    `INSERT INTO post_link (id, community_id, question_id, related_question_id, kind, created_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (question_id, related_question_id, kind) DO NOTHING`,
    [
      newId<'PostLink'>(),
      link.communityId,
      link.questionId,
      link.relatedQuestionId,
      link.kind,
      link.by,
      tx.now,
    ],
  );

export const removeLink = (
  tx: Tx,
  { questionId, relatedQuestionId, kind }: Link,
): Promise<unknown> =>
  tx.db.query(
    'DELETE FROM post_link WHERE question_id = $1 AND related_question_id = $2 AND kind = $3',
    [questionId, relatedQuestionId, kind],
  );
