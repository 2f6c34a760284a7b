import { registerEnumType } from 'type-graphql';
import { listByOwner, type Order } from '../lists/list-by-owner';
import { visibleById } from '../posts/rows-by-id';
import { Answer } from './answer.entity';

export enum AnswerOrder {
  SCORE = 'SCORE',
  OLDEST = 'OLDEST',
  NEW = 'NEW',
}
registerEnumType(AnswerOrder, {
  name: 'AnswerOrder',
  valuesConfig: {
    SCORE: { description: 'The highest score first.' },
    OLDEST: { description: 'As the conversation went.' },
    NEW: { description: 'The newest first.' },
  },
});

export const answersById = visibleById(Answer);

const newest: Order<Answer> = {
  column: 'created_at',
  property: 'createdAt',
  type: 'timestamptz',
  direction: 'DESC',
};

export const answersOfQuestion = listByOwner<Answer, AnswerOrder>({
  name: 'answers',
  entity: Answer,
  from: 'answer AS t',
  owner: 't.question_id',
  orders: {
    SCORE: { column: 'score', property: 'score', type: 'int', direction: 'DESC' },
    OLDEST: { ...newest, direction: 'ASC' },
    NEW: newest,
  },
});

export const answersOfMember = listByOwner<Answer, 'NEW'>({
  name: 'answers of',
  entity: Answer,
  from: 'answer AS t',
  owner: 't.author_id',
  orders: { NEW: newest },
});
