import { ArticleRatingsResolver, ProductRatingsResolver } from './rating.resolver';
import { Product } from './rating.type';

export const ratings = {
  resolvers: [ArticleRatingsResolver, ProductRatingsResolver],
  types: [Product],
} as const;
