import type { QuestionId } from '@lyceum/contracts';
import { groupBy, type Ctx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { columnsOf, toEntities } from '../lists/columns';
import { listByOwner } from '../lists/list-by-owner';
import { visibleById } from '../posts/rows-by-id';
import { Tag } from './tag.entity';

export const tagsById = visibleById(Tag);

/** The most used first. */
export const tagsOfCommunity = listByOwner<Tag, 'POPULAR'>({
  name: 'tags',
  entity: Tag,
  from: 'tag AS t',
  owner: 't.community_id',
  orders: {
    POPULAR: {
      column: 'question_count',
      property: 'questionCount',
      type: 'int',
      direction: 'DESC',
    },
  },
});

/** In the authors' order. */
export const tagsOfQuestions = async (
  ctx: Ctx,
  questionIds: readonly QuestionId[],
): Promise<ReadonlyMap<QuestionId, readonly Tag[]>> => {
  const rows = await ctx.db.query<{ questionId: QuestionId }[]>(
    `SELECT qt.question_id AS "questionId", ${columnsOf(ctx.db, Tag, 't')}
     FROM question_tag AS qt JOIN tag AS t ON t.id = qt.tag_id
     WHERE qt.question_id = ANY($1::uuid[]) ORDER BY qt.position, t.name`,
    [questionIds],
  );
  const byQuestion = groupBy(rows, ({ questionId }) => questionId);
  return new Map([...byQuestion].map(([id, own]) => [id, toEntities(Tag, own)]));
};

/** In the author's order. */
export const tagNamesOf = async (db: EntityManager, questionId: QuestionId): Promise<string[]> => {
  const rows = await db.query<{ name: string }[]>(
    `SELECT t.name FROM question_tag AS qt JOIN tag AS t ON t.id = qt.tag_id
     WHERE qt.question_id = $1 ORDER BY qt.position, t.name`,
    [questionId],
  );
  return rows.map(({ name }) => name);
};
