import {
  CommentResolver,
  QuestionCommentsResolver,
  AnswerCommentsResolver,
  ArticleCommentsResolver,
} from './comment.resolver';

export const comments = {
  resolvers: [
    CommentResolver,
    QuestionCommentsResolver,
    AnswerCommentsResolver,
    ArticleCommentsResolver,
  ],
};
