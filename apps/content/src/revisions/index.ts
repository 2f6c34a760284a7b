import {
  AnswerRevisionsResolver,
  ArticleRevisionsResolver,
  QuestionRevisionsResolver,
  RevisionResolver,
} from './revision.resolver';

export const revisions = {
  resolvers: [
    RevisionResolver,
    QuestionRevisionsResolver,
    AnswerRevisionsResolver,
    ArticleRevisionsResolver,
  ],
};
