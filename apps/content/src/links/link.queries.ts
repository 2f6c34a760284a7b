import type { QuestionId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import { columnsOf, toEntities } from '../lists/columns';
import { listByOwner } from '../lists/list-by-owner';
import { Question } from '../questions/question.entity';

/** By question: the one that it is a duplicate of. Both are of one community, so who sees one sees the other. */
export const originals = async (
  ctx: Ctx,
  questionIds: readonly QuestionId[],
): Promise<ReadonlyMap<QuestionId, Question>> => {
  const rows = await ctx.db.query<({ duplicateId: QuestionId } & object)[]>(
    `SELECT DISTINCT ON (l.question_id) l.question_id AS "duplicateId", ${columnsOf(ctx.db, Question, 't')}
     FROM post_link AS l JOIN question AS t ON t.id = l.related_question_id
     WHERE l.question_id = ANY($1::uuid[]) AND l.kind = 'duplicate'
     ORDER BY l.question_id, l.created_at DESC, l.id`,
    [questionIds],
  );
  return new Map(
    rows.flatMap((row) =>
      toEntities(Question, [row]).map((original) => [row.duplicateId, original]),
    ),
  );
};

/** Those that it points to, or that point to it, whatever the kind of link; the newest first. */
export const linkedQuestions = listByOwner<Question, 'NEW'>({
  name: 'linked questions',
  entity: Question,
  from: `(SELECT question_id AS from_id, related_question_id AS to_id FROM post_link
          UNION SELECT related_question_id, question_id FROM post_link) AS link
         JOIN question AS t ON t.id = link.to_id`,
  owner: 'link.from_id',
  orders: {
    NEW: { column: 'created_at', property: 'createdAt', type: 'timestamptz', direction: 'DESC' },
  },
});
