import { connectionType, PageArgs, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { Article } from '../articles/article.entity';
import { rate, RateInput, RateResult } from './rate';
import { ratingsOf, ratingSummary } from './rating.queries';
import { Product, Rating, RatingSummary } from './rating.type';

export const RatingConnection = connectionType('Rating', () => Rating);

@Resolver(() => Article)
export class ArticleRatingsResolver {
  @FieldResolver(() => RatingSummary, { nullable: true })
  rating(@Root() { id }: Article, @Context() ctx: Ctx) {
    return ratingSummary(ctx, id);
  }

  @FieldResolver(() => RatingConnection, { nullable: true, description: 'Latest first.' })
  ratings(@Root() { id }: Article, @Context() ctx: Ctx, @Args(() => PageArgs) page: PageArgs) {
    return ratingsOf(ctx, id, page);
  }

  @Authorized()
  @Mutation(() => RateResult, {
    nullable: true,
    description: 'Rates an article or an owned product; again, it changes the rating.',
  })
  rate(@Context() ctx: Ctx, @Arg('input', () => RateInput) input: RateInput) {
    return rate(ctx, input);
  }
}

@Resolver(() => Product)
export class ProductRatingsResolver {
  @FieldResolver(() => RatingSummary, {
    nullable: true,
    description: 'By who has bought it, and by nobody else.',
  })
  rating(@Root() { id }: Product, @Context() ctx: Ctx) {
    return ratingSummary(ctx, id);
  }

  @FieldResolver(() => RatingConnection, { nullable: true, description: 'Latest first.' })
  ratings(@Root() { id }: Product, @Context() ctx: Ctx, @Args(() => PageArgs) page: PageArgs) {
    return ratingsOf(ctx, id, page);
  }
}
