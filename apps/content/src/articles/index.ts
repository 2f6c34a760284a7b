import {
  ArticleResolver,
  CommunityArticlesResolver,
  MemberArticlesResolver,
} from './article.resolver';

export const articles = {
  resolvers: [ArticleResolver, CommunityArticlesResolver, MemberArticlesResolver],
};
