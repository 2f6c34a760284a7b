import { registerEnumType } from 'type-graphql';
import { listByOwner, type Order } from '../lists/list-by-owner';
import { visibleById } from '../posts/rows-by-id';
import { Article } from './article.entity';

export enum ArticleOrder {
  NEW = 'NEW',
  SCORE = 'SCORE',
}
registerEnumType(ArticleOrder, {
  name: 'ArticleOrder',
  valuesConfig: {
    NEW: { description: 'The newest first.' },
    SCORE: { description: 'The highest score first.' },
  },
});

export const articlesById = visibleById(Article);

const newest: Order<Article> = {
  column: 'created_at',
  property: 'createdAt',
  type: 'timestamptz',
  direction: 'DESC',
};

export const articlesOfCommunity = listByOwner<Article, ArticleOrder>({
  name: 'articles',
  entity: Article,
  from: 'article AS t',
  owner: 't.community_id',
  orders: {
    NEW: newest,
    SCORE: { column: 'score', property: 'score', type: 'int', direction: 'DESC' },
  },
});

export const articlesOfMember = listByOwner<Article, 'NEW'>({
  name: 'articles of',
  entity: Article,
  from: 'article AS t',
  owner: 't.author_id',
  orders: { NEW: newest },
});
