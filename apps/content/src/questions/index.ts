import {
  QuestionResolver,
  CommunityQuestionsResolver,
  MemberQuestionsResolver,
} from './question.resolver';

export const questions = {
  resolvers: [QuestionResolver, CommunityQuestionsResolver, MemberQuestionsResolver],
};
