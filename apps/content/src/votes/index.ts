import {
  VoteResolver,
  QuestionVoteResolver,
  AnswerVoteResolver,
  CommentVoteResolver,
  ArticleVoteResolver,
} from './vote.resolver';

export const votes = {
  resolvers: [
    VoteResolver,
    QuestionVoteResolver,
    AnswerVoteResolver,
    CommentVoteResolver,
    ArticleVoteResolver,
  ],
};
