import {
  AnswerEditResolver,
  ArticleEditResolver,
  CommunityEditsResolver,
  EditSuggestionResolver,
  QuestionEditResolver,
} from './suggestion.resolver';

export const suggestions = {
  resolvers: [
    EditSuggestionResolver,
    CommunityEditsResolver,
    QuestionEditResolver,
    AnswerEditResolver,
    ArticleEditResolver,
  ],
};
