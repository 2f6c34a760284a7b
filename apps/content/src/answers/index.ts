import { AnswerResolver, QuestionAnswersResolver, MemberAnswersResolver } from './answer.resolver';

export const answers = {
  resolvers: [AnswerResolver, QuestionAnswersResolver, MemberAnswersResolver],
};
