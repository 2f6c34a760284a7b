import type { BatchQuery } from '@lyceum/platform';
import { answersById } from '../answers/answer.queries';
import { articlesById } from '../articles/article.queries';
import { commentsById } from '../comments/comment.queries';
import { questionsById } from '../questions/question.queries';
import type { VotableType } from './post-type';

/** How a post of each kind is found, by those who may see it. */
export const postLoaders: Readonly<Record<VotableType, BatchQuery<string, object>>> = {
  question: questionsById,
  answer: answersById,
  comment: commentsById,
  article: articlesById,
};
