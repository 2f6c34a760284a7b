import type { QuestionId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { registerEnumType } from 'type-graphql';
import { listByOwner, type Order } from '../lists/list-by-owner';
import { columnsOf, toEntities } from '../lists/columns';
import { visibleById } from '../posts/rows-by-id';
import { Question } from './question.entity';

export enum QuestionOrder {
  HOT = 'HOT',
  NEW = 'NEW',
  SCORE = 'SCORE',
  UNANSWERED = 'UNANSWERED',
  ACTIVE = 'ACTIVE',
}
registerEnumType(QuestionOrder, {
  name: 'QuestionOrder',
  valuesConfig: {
    HOT: {
      description: 'Ten times the score, or a hundred times the answers, is worth half a day.',
    },
    NEW: { description: 'The newest first.' },
    SCORE: { description: 'The highest score first.' },
    UNANSWERED: { description: 'Those without an answer, the newest first.' },
    ACTIVE: { description: 'The last asked, answered or edited first.' },
  },
});

export const questionsById = visibleById(Question);

const newest: Order<Question> = {
  column: 'created_at',
  property: 'createdAt',
  type: 'timestamptz',
  direction: 'DESC',
};

/** Of a community. Filters: the name of a tag, and words of the title as patterns. */
export const questionsOfCommunity = listByOwner<Question, QuestionOrder>({
  name: 'questions',
  entity: Question,
  from: 'question AS t',
  owner: 't.community_id',
  orders: {
    HOT: { column: 'heat', property: 'heat', type: 'float8', direction: 'DESC' },
    NEW: newest,
    SCORE: { column: 'score', property: 'score', type: 'int', direction: 'DESC' },
    UNANSWERED: { ...newest, where: 't.answer_count = 0' },
    ACTIVE: { ...newest, column: 'last_activity_at', property: 'lastActivityAt' },
  },
  filters: {
    tag: `EXISTS (SELECT FROM question_tag AS tagged JOIN tag ON tag.id = tagged.tag_id
    WHERE tagged.question_id = t.id AND tag.community_id = t.community_id AND tag.name = $)`,
    word: 't.title ILIKE $',
  },
});

export const questionsOfMember = listByOwner<Question, 'NEW'>({
  name: 'questions of',
  entity: Question,
  from: 'question AS t',
  owner: 't.author_id',
  orders: { NEW: newest },
});

/** The question, locked until the transaction ends. The caller has found out that it is there. */
export const lockQuestion = async (tx: Tx, id: QuestionId): Promise<Question> => {
  const rows = await tx.db.query<object[]>(
    `SELECT ${columnsOf(tx.db, Question, 't')} FROM question AS t WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  );
  const [question] = toEntities(Question, rows);
  if (question === undefined) throw new Error(`question ${id} is gone: posts are never deleted`);
  return question;
};
